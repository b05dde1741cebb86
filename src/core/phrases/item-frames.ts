import { mediaKinds } from '../media.ts'
import { descriptionCues, flag, pairsOf, some, steps, takePlain, takeSite } from './frame-input.ts'
import type { Draft, Turn } from './turn.ts'

export function create(turn: Turn): Draft | undefined {
  if (turn.head?.lower !== 'new' && !turn.begins('create') && !(turn.has('new') && turn.begins('make', 'add'))) return undefined
  turn.dropWords('new', 'set', 'collection')
  const description = turn.told(...descriptionCues)
  const framework = turn.left().find(({ named }) => named.framework !== undefined)
  if (framework) framework.isTaken = true
  const path = turn.value('path')?.text
  const { kind, tags, refs } = turn.select({ prefersKind: true, describedOnly: true })
  const name = path ?? turn.told('called', 'named', 'as') ?? takePlain(turn)
  turn.dropWords('called', 'named')
  const isMedia = kind.some((one) => one === 'color' || (mediaKinds as readonly string[]).includes(one))
  if (refs.length > 0 || kind.length === 0 || isMedia) return undefined
  return {
    operation: 'create',
    input: {
      ...(kind.length === 1 && { kind: kind[0] }),
      ...some('name', name),
      ...some('framework', framework?.named.framework),
      ...some('description', description),
      ...(tags.length > 0 && { tags }),
    },
    needs: ['kind', 'name'],
  }
}

const fields: Readonly<Record<string, readonly string[]>> = {
  description: ['description'],
  alt: ['alt', 'alt-text'],
  license: ['license', 'licence'],
  author: ['author'],
  usageRights: ['rights'],
  name: ['name', 'title'],
}

export function update(turn: Turn): Draft | undefined {
  const isReplaced = turn.means('replace')
  const isRenamed = turn.head?.lower === 'rename'
  if (isRenamed && (turn.has('tag') || turn.has('tags'))) return undefined
  const isAdded = turn.parts.some(({ lower }) => Object.values(fields).flat().includes(lower)) && turn.begins('add', 'give')
  if (!isAdded && !turn.orders('update', 'replace')) return undefined
  const renamed = isRenamed ? turn.told('to', 'as') : undefined
  const input: Record<string, unknown> = renamed === undefined ? {} : { name: renamed }
  for (const [member, cues] of Object.entries(fields)) {
    const at = turn.parts.findIndex(({ lower, sort, isTaken }) => sort === 'word' && !isTaken && cues.includes(lower))
    if (at < 0) continue
    turn.parts[at]!.isTaken = true
    const text = turn.parts.find(({ sort, isTaken }, i) => i > at && sort === 'quoted' && !isTaken)
    const to = turn.parts.findIndex(({ lower, isTaken }, i) => i > at && !isTaken && (lower === 'to' || lower === 'as'))
    const words = text ? [text] : to < 0 ? turn.parts.slice(at + 1, at + 2) : turn.parts.slice(to + 1)
    words.forEach((part) => (part.isTaken = true))
    if (words.length > 0) input[member] = words.map((part) => part.text).join(' ')
  }
  const noun = turn.parts.findIndex(({ lower, isTaken }) => !isTaken && lower === 'tags')
  const to = turn.parts.findIndex(({ lower, isTaken }, i) => i > noun && !isTaken && lower === 'to')
  if (noun > 0 && to > 0) {
    turn.parts[noun]!.isTaken = true
    input.tags = turn.names(to + 1).names
  }
  const file = turn.value('path')?.text
  turn.dropWords('file', 'text', 'usage', 'picture', 'image')
  const more = steps(turn)
  if (Object.keys(input).length === 0 && file === undefined && !isReplaced) return undefined
  const needs = ['ref', ...(isReplaced ? ['file'] : [])]
  return { operation: 'update', input: { ...input, ...some('file', file), ...more }, selection: turn.select(), member: 'ref', many: 'one', needs }
}

export function duplicate(turn: Turn): Draft | undefined {
  if (turn.peek('path') && !turn.means('duplicate')) return undefined
  if (turn.means('copyNoun') && turn.begins('make', 'create')) turn.drop('copyNoun')
  else if (!turn.orders('duplicate', 'copy')) return undefined
  const name = turn.told('as', 'called', 'named', 'under', 'to')
  return { operation: 'duplicate', input: { ...some('name', name) }, selection: turn.select(), member: 'ref', many: 'one', needs: ['ref', 'name'] }
}

export function dependencyAdd(turn: Turn): Draft | undefined {
  const isDepending = turn.means('depend', 'need') && turn.begins('make', 'add', 'update')
  if (!isDepending && !(turn.means('deps') && turn.begins('add', 'create'))) return undefined
  turn.drop('depend', 'need', 'deps')
  const [ref, other, ...more] = turn.values('ref')
  const range = turn.value('range')?.text ?? turn.value('version')?.text ?? (turn.takeWord('any') && turn.takeWord('version') ? '*' : undefined)
  turn.dropWords('version', 'range')
  if (more.length > 0) return undefined
  return { operation: 'deps add', input: { ...some('ref', ref?.name), ...some('other', other?.name), ...some('range', range) }, needs: ['ref', 'other', 'range'] }
}

export function apply(turn: Turn): Draft | undefined {
  if (!turn.orders('apply')) return undefined
  const ref = turn.value('ref')?.name
  const target = turn.value('path')?.text ?? takeSite(turn)
  return { operation: 'apply', input: { ...some('ref', ref), ...some('target', target), ...flag('dryRun', turn.isPreview) }, needs: ['ref', 'target'] }
}

export function use(turn: Turn): Draft | undefined {
  if (!turn.orders('use', 'put')) return undefined
  const param = pairsOf(turn)
  const site = takeSite(turn)
  const selection = turn.select({ prefersKind: true })
  if (selection.refs.length === 0 && !selection.pronoun) return undefined
  return { operation: 'use', input: { ...some('site', site), ...param, ...flag('dryRun', turn.isPreview) }, selection, member: 'ref', many: 'one', needs: ['ref'] }
}

export function run(turn: Turn): Draft | undefined {
  if (!turn.begins('run')) return undefined
  const param = pairsOf(turn)
  turn.dropWords('tool', 'skill')
  const selection = turn.select()
  if (selection.refs.length === 0 && !selection.pronoun) return undefined
  return { operation: 'run', input: param, selection, member: 'ref', many: 'one', needs: ['ref'] }
}

export function test(turn: Turn): Draft | undefined {
  if (!turn.begins('test')) return undefined
  turn.dropWords('examples', 'tool', 'skill', 'prompt')
  return { operation: 'test', input: {}, selection: turn.select(), member: 'ref', many: 'one', needs: ['ref'] }
}

export function optimize(turn: Turn): Draft | undefined {
  if (!turn.orders('optimize')) return undefined
  if (turn.take('cache')) return { operation: 'cache optimize', input: {} }
  turn.dropWords('prompt')
  const write = turn.take('write') || turn.take('save')
  return { operation: 'optimize', input: flag('write', write), selection: turn.select(), member: 'ref', many: 'calls', needs: ['ref'] }
}

export function deploy(turn: Turn): Draft | undefined {
  if (!turn.begins('deploy')) return undefined
  const site = takeSite(turn)
  return { operation: 'deploy', input: { ...some('site', site), ...flag('dryRun', turn.isPreview) }, selection: turn.select(), member: 'ref', many: 'one', needs: ['ref'] }
}
