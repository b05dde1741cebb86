import { some, steps, takePlain } from './frame-input.ts'
import type { Draft, Turn } from './turn.ts'

export function versionLabel(turn: Turn): Draft | undefined {
  const isLabelled = turn.has('label') || turn.head?.lower === 'label'
  if (!isLabelled || !turn.peek('version') || !turn.begins('tag', 'put', 'add', 'update', 'give', 'create')) return undefined
  turn.dropWords('label', 'version')
  const version = turn.value('version')!.text.replace(/^v/, '')
  const selection = turn.select()
  const [name] = turn.left().filter(({ sort, lower }) => sort !== 'mark' && !/^(?:of|as|to|on|the|with|at|stand|let|a)$/.test(lower))
  if (name) name.isTaken = true
  return { operation: 'version label', input: { ...some('name', name?.text), version }, selection, member: 'ref', many: 'one', needs: ['ref', 'name'] }
}

export function versionCreate(turn: Turn): Draft | undefined {
  if (!turn.has('version') && !turn.has('snapshot')) return undefined
  if (turn.peek('version') || !turn.orders('create', 'record', 'make', 'save', 'add')) return undefined
  turn.dropWords('version', 'new', 'another', 'patch', 'snapshot')
  const input = steps(turn)
  return { operation: 'version create', input, selection: turn.select(), member: 'ref', many: 'one', needs: ['ref'] }
}

export function branch(turn: Turn): Draft | undefined {
  if (!turn.has('branch') && turn.head?.lower !== 'branch') return undefined
  if (turn.head?.lower === 'branch') turn.head.isTaken = true
  else if (!turn.orders('create', 'make', 'add')) return undefined
  turn.dropWords('branch', 'new', 'off')
  const told = turn.told('called', 'named', 'as')
  const selection = turn.select()
  const name = told ?? takePlain(turn)
  return { operation: 'branch', input: { ...some('name', name) }, selection, member: 'ref', many: 'one', needs: ['ref', 'name'] }
}

export function merge(turn: Turn): Draft | undefined {
  if (!turn.begins('merge')) return undefined
  turn.dropWords('branch')
  const input = steps(turn)
  const selection = turn.select()
  const [ref, ...others] = selection.refs
  const name = ref !== undefined && !ref.includes('@') ? takePlain(turn) : undefined
  if (ref === undefined || others.length > 0) return undefined
  return { operation: 'merge', input: { ref: name === undefined ? ref : `${ref}@${name}`, ...input } }
}
