import { flag, nameCues, some, takeSite } from './frame-input.ts'
import type { Draft, Turn } from './turn.ts'

export function packAssets(turn: Turn): Draft | undefined {
  if (!turn.orders('package') && !(turn.means('pack') && turn.begins('make', 'create', 'write'))) return undefined
  turn.drop('pack')
  const out = turn.value('path')?.text
  const version = turn.value('version')?.text.replace(/^v/, '')
  turn.dropWords('version')
  const name = turn.told(...nameCues)
  turn.drop('pack')
  turn.dropWords('called', 'named', 'new', 'up')
  const selection = turn.select({ prefersKind: true })
  const input = { ...some('name', name), ...some('version', version), ...some('out', out) }
  return { operation: 'package', input, selection, member: 'refs', many: 'list', needs: ['refs', 'name', 'version'] }
}

export function installPack(turn: Turn): Draft | undefined {
  if (!turn.orders('install')) return undefined
  turn.drop('pack')
  const ref = turn.value('ref')?.name
  const source = ref ?? turn.value('path')?.text
  const site = takeSite(turn)
  const conflict = turn.take('overwrite') ? 'replace' : undefined
  return { operation: 'install', input: { ...some('source', source), ...some('site', site), ...some('onConflict', conflict), ...flag('dryRun', turn.isPreview) }, needs: ['source'] }
}

export function addFromCatalog(turn: Turn): Draft | undefined {
  if (!turn.means('catalog') || !turn.orders('add', 'get', 'save', 'copy')) return undefined
  turn.drop('catalog')
  const local = turn.takeWord('project', 'here')
  const refs = turn.values('ref').map(({ name }) => name)
  const words = turn.left().filter(({ sort, lower }) => sort !== 'mark' && !/^(?:the|a|an|from|out|of|to|this|into|my|our|please|and|asset|for|me)$/.test(lower))
  words.forEach((part) => (part.isTaken = true))
  turn.dropWords('this')
  const query = [...refs, ...words.map(({ text }) => text)]
  return { operation: 'add', input: { ...(query.length > 0 && { query }), ...flag('local', local) }, needs: ['query'] }
}

export function updateFromCatalog(turn: Turn): Draft | undefined {
  if (!turn.means('catalog') || !turn.orders('update', 'rebuild', 'sync')) return undefined
  turn.drop('catalog', 'assets', 'everything')
  const query = turn.values('ref').map(({ name }) => name)
  return { operation: 'catalog update', input: { ...(query.length > 0 && { query }), ...flag('apply', !turn.isPreview) } }
}

export function sync(turn: Turn): Draft | undefined {
  if (!turn.orders('sync')) return undefined
  turn.dropWords('disk', 'folder', 'changes')
  turn.drop('assets', 'everything')
  return { operation: 'sync', input: flag('dryRun', turn.isPreview) }
}

export function reindex(turn: Turn): Draft | undefined {
  if (turn.head?.lower === 'reindex') turn.head.isTaken = true
  else if (!turn.means('index') || !turn.orders('rebuild', 'make', 'update')) return undefined
  turn.drop('index', 'search', 'assets', 'everything')
  return { operation: 'reindex', input: {} }
}

export function types(turn: Turn): Draft | undefined {
  if (!turn.means('types')) return undefined
  if (turn.means('stale', 'problems', 'validate')) {
    turn.drop('stale', 'problems', 'validate', 'types')
    turn.dropWords('up', 'to', 'date')
    return { operation: 'types', input: { check: true } }
  }
  if (!turn.orders('write', 'generate', 'rebuild', 'update', 'make')) return undefined
  turn.drop('types', 'assets')
  return { operation: 'types', input: {} }
}

export function precompile(turn: Turn): Draft | undefined {
  if (!turn.orders('precompile')) return undefined
  turn.drop('cache')
  return { operation: 'cache precompile', input: {}, selection: turn.select({ prefersKind: true }), member: 'refs', many: 'list', needs: ['refs'] }
}

export function invalidate(turn: Turn): Draft | undefined {
  if (!turn.begins('invalidate')) return undefined
  turn.drop('cache')
  return { operation: 'cache invalidate', input: {}, selection: turn.select(), member: 'ref', many: 'calls', needs: ['ref'] }
}
