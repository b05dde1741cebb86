import { describesAssets, needsFilter, type Selection } from './selection.ts'
import type { Draft, Turn } from './turn.ts'

/**
 * What takes something away. Each is understood only when the sentence begins with it, in the form of an order, and when
 * nothing is left over that was not understood.
 */
export const graveFrames: readonly ((turn: Turn) => Draft | undefined)[] = [removeTags, removeDependency, removeLabel, clearCache, cleanUp, prune, rollback, remove]

function removeTags(turn: Turn): Draft | undefined {
  if (!turn.begins('untag', 'delete') && !(turn.head?.lower === 'take' && turn.begins('put'))) return undefined
  const noun = turn.parts.findIndex(({ lower, sort }) => sort === 'word' && /^tags?$/.test(lower))
  const source = turn.parts.findIndex(({ lower, sort }) => sort === 'word' && /^(?:from|off|of)$/.test(lower))
  const isUntag = /^untag/.test(turn.head!.lower)
  let names: string[] = []
  if (noun >= 0) {
    turn.parts[noun]!.isTaken = true
    names = turn.names(noun + 1).names
    if (names.length === 0) names = turn.names(skipArticles(turn, 1)).names
  } else if (source > 0 && turn.parts.slice(1, source).every(({ named, lower, sort }) => named.tag !== undefined || sort === 'mark' || /^(?:and|the)$/.test(lower)))
    names = turn.names(skipArticles(turn, 1)).names
  turn.dropWords('off', 'from', 'with', 'tag', 'tags')
  const selection = turn.select()
  if (isUntag && names.length === 0) {
    const left = turn.left().filter(({ sort, lower }) => sort !== 'mark' && lower !== 'and')
    left.forEach((part) => (part.isTaken = true))
    names = left.map(({ text }) => text)
  }
  if (names.length === 0 || (noun < 0 && !isUntag && source < 0)) return undefined
  return { operation: 'remove-tags', input: { tags: names }, selection, member: 'ref', many: 'calls', needs: ['ref'] }
}

const skipArticles = ({ parts }: Turn, from: number) => {
  let at = from
  while (/^(?:the|a|an|my|our)$/.test(parts[at]?.lower ?? '')) at++
  return at
}

function removeDependency(turn: Turn): Draft | undefined {
  if (!turn.begins('delete') || !turn.take('deps')) return undefined
  const [ref, other, ...more] = turn.values('ref')
  turn.dropWords('on', 'to', 'between')
  if (more.length > 0) return undefined
  return { operation: 'deps remove', input: { ...(ref && { ref: ref.name }), ...(other && { other: other.name }) }, needs: ['ref', 'other'] }
}

function removeLabel(turn: Turn): Draft | undefined {
  if (!turn.begins('delete') || !turn.has('label')) return undefined
  const at = turn.parts.findIndex(({ lower }) => lower === 'label')
  turn.parts[at]!.isTaken = true
  const { names } = turn.names(at + 1)
  const selection = turn.select()
  if (names.length !== 1) return undefined
  return { operation: 'version label', input: { name: names[0], remove: true }, selection, member: 'ref', many: 'one', needs: ['ref'] }
}

function clearCache(turn: Turn): Draft | undefined {
  if (!turn.begins('clear', 'delete') || !turn.take('cache')) return undefined
  turn.dropWords('derived', 'processed')
  return { operation: 'cache clear', input: { ...(turn.take('paid') && { includePaid: true }) } }
}

function cleanUp(turn: Turn): Draft | undefined {
  if (turn.begins('clean')) turn.takeWord('up')
  else if (!turn.begins('delete') || !turn.means('unused')) return undefined
  if (turn.means('cache')) return undefined
  turn.drop('unused', 'assets', 'everything', 'clean')
  turn.dropWords('by', 'some', 'space', 'disk')
  return { operation: 'cleanup', input: {} }
}

function prune(turn: Turn): Draft | undefined {
  if (!turn.begins('prune')) return undefined
  turn.dropWords('old', 'stale', 'processed', 'derived', 'stray', 'strays')
  turn.drop('cache', 'assets')
  return { operation: 'prune', input: { ...(turn.isPreview && { dryRun: true }) } }
}

function rollback(turn: Turn): Draft | undefined {
  const isBare = /^(?:roll|go|bring|put)$/.test(turn.head?.lower ?? '')
  if (isBare && !turn.has('back')) return undefined
  if (!turn.begins('rollback') && !(turn.has('back') && turn.peek('version') && turn.begins('update', 'put'))) return undefined
  turn.dropWords('back', 'version')
  const version = turn.value('version')?.text.replace(/^v/, '') ?? turn.place('to')
  turn.dropWords('to')
  const selection = turn.select()
  return { operation: 'rollback', input: { ...(version !== undefined && { version }) }, selection, member: 'ref', many: 'one', needs: ['ref', 'version'] }
}

function remove(turn: Turn): Draft | undefined {
  const isForced = turn.begins('force')
  if (!(isForced ? turn.take('delete') : turn.begins('delete'))) return undefined
  turn.dropWords('permanently', 'completely', 'entirely', 'forever')
  // `remove X from Y` takes a part of Y away, `drop it here` puts it there.
  const ofAnother = turn.parts.some(({ lower, sort }, i) => sort === 'word' && /^(?:from|of|off|in|on|into|onto|to)$/.test(lower) && namesAsset(turn, i + 1))
  if (ofAnother || (turn.head?.lower === 'drop' && turn.parts.some(({ lower }) => /^(?:in|into|on|onto|to|here|there)$/.test(lower)))) return undefined
  const selection = turn.select()
  if (!isPrecise(selection)) return undefined
  const force = isForced || turn.take('force')
  return { operation: 'delete', input: { ...(force && { force: true }) }, selection, member: 'ref', many: 'calls', needs: ['ref'] }
}

function namesAsset(turn: Turn, from: number): boolean {
  const part = turn.parts[skipArticles(turn, from)]
  return part?.value?.type === 'ref' || part?.value?.type === 'path'
}

/** Named assets, or described ones of which all is known here: not everything there is. */
function isPrecise(selection: Selection): boolean {
  if (needsFilter(selection)) return false
  if (selection.refs.some((ref) => ref.includes('@'))) return false
  if (selection.except && needsFilter(selection.except)) return false
  return !selection.isAll || describesAssets(selection) || selection.refs.length > 0 || selection.pronoun === true
}
