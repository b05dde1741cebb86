import { describesAssets, isEmpty, needsFilter, type Selection } from './selection.ts'
import { isOfQuestion } from './sentence.ts'
import type { Draft, Turn } from './turn.ts'

/** What only looks, the more special first. */
export const questionFrames: readonly ((turn: Turn) => Draft | undefined)[] = [
  diff, dependencies, usage, versions, catalogSearch, outdated, cacheStats, cacheVerify, costs, health, validate, tags, categories, stats, sites, info, list, search,
]

const asks = (turn: Turn) => turn.asks || turn.isLook || turn.head === undefined

function look(turn: Turn): void {
  turn.drop('look', 'get', 'give')
}

function diff(turn: Turn): Draft | undefined {
  const isAsked = turn.means('compare', 'difference', 'change')
  if (!isAsked) return undefined
  const refs = turn.values('ref').map(({ name, version }) => (version === undefined ? name : `${name}@${version}`))
  const versions = turn.values('version').map(({ text }) => text.replace(/^v/, ''))
  turn.drop('compare', 'difference', 'change')
  look(turn)
  turn.dropWords('between', 'versions', 'version', 'against', 'differ')
  const operation = 'diff'
  const pronoun = turn.pronoun()
  if (refs.length === 2) return { operation, input: { before: refs[0], after: refs[1] } }
  if (versions.length === 0) return undefined
  if (pronoun) pronoun.isTaken = true
  if (refs.length > 1 || (refs.length === 0 && !pronoun)) return undefined
  const [before, after] = versions
  const selection: Selection = { ...turn.select({ describedOnly: true }), refs, pronoun: refs.length === 0 }
  return { operation, input: { before, ...(after !== undefined && { after }) }, selection, member: 'states', many: 'one' }
}

function dependencies(turn: Turn): Draft | undefined {
  if (!turn.means('deps', 'dependents', 'depend', 'need') || turn.means('unused')) return undefined
  const verb = turn.parts.findIndex((part) => part.meanings.some(({ concept }) => concept === 'depend' || concept === 'need'))
  const ref = turn.parts.findIndex((part, i) => part.value?.type === 'ref' || (i > 0 && /^(?:it|this|that)$/.test(part.lower)))
  // `what needs X` asks for dependents, `what does X need` for dependencies.
  const dependents = turn.means('dependents') || (verb >= 0 && ref > verb)
  const graph = ['mermaid', 'dot', 'json'].find((one) => turn.takeWord(one)) ?? (turn.means('graph') && turn.means('draw') ? 'mermaid' : undefined)
  turn.drop('deps', 'dependents', 'depend', 'need', 'draw', 'graph')
  look(turn)
  return { operation: 'deps', input: { ...(dependents && { dependents: true }), ...(graph && { graph }) }, selection: turn.select(), member: 'ref', many: 'one', needs: ['ref'] }
}

function usage(turn: Turn): Draft | undefined {
  const isAnalyzed = turn.begins('analyze')
  const isUsed = asks(turn) && turn.means('usage', 'use', 'import') && !turn.means('unused') && (turn.peek('ref') || turn.pronoun() !== undefined)
  if (!isAnalyzed && !isUsed) return undefined
  turn.drop('usage', 'use', 'import')
  look(turn)
  turn.dropWords('where', 'who', 'code', 'pages')
  const selection = turn.select()
  if (selection.refs.length === 0 && !selection.pronoun && !describesAssets(selection) && !isAnalyzed) return undefined
  return { operation: 'analyze', input: {}, selection, member: 'ref', many: 'calls', needs: ['ref'] }
}

function versions(turn: Turn): Draft | undefined {
  const isChange = turn.means('change') && (turn.isLook || turn.asks)
  if (!isChange && !turn.means('versions')) return undefined
  if (!asks(turn) && turn.head?.meanings.every(({ concept }) => concept !== 'versions')) return undefined
  turn.drop('versions', 'change', 'update', 'stats')
  look(turn)
  return { operation: 'versions', input: {}, selection: turn.select(), member: 'ref', many: 'calls', needs: ['ref'] }
}

/** Words to look for: what is left when all that is known was taken. */
function wordsLeft(turn: Turn): string[] {
  const left = turn.left()
  left.forEach((part) => (part.isTaken = true))
  const pointing = /^(?:about|among|amongst|within|inside|over|related|regarding|called|named|similar|something|containing|like|entries)$/
  const words = left.filter((part) => part.sort === 'quoted' || !(isOfQuestion(part) || pointing.test(part.lower)))
  return words.map(({ text }) => text)
}

function catalogSearch(turn: Turn): Draft | undefined {
  if (!turn.means('catalog') || turn.means('outdated') || !(turn.isLook || turn.asks)) return undefined
  turn.drop('catalog', 'search', 'look')
  turn.dropWords('through')
  const query = wordsLeft(turn)
  return { operation: 'catalog search', input: query.length > 0 ? { query } : {}, needs: ['query'] }
}

function outdated(turn: Turn): Draft | undefined {
  if (!turn.take('outdated')) return undefined
  turn.drop('catalog', 'look', 'validate')
  return { operation: 'outdated', input: {} }
}

function cacheStats(turn: Turn): Draft | undefined {
  if (!turn.means('cache') || !(asks(turn) || turn.means('stats'))) return undefined
  turn.drop('cache', 'size', 'stats', 'look')
  turn.dropWords('much')
  return { operation: 'cache stats', input: {} }
}

function cacheVerify(turn: Turn): Draft | undefined {
  if (!turn.means('cache') || !turn.orders('validate')) return undefined
  turn.drop('cache')
  return { operation: 'cache verify', input: {} }
}

function costs(turn: Turn): Draft | undefined {
  if (!turn.means('cost') || turn.isPreview) return undefined
  turn.drop('cost')
  look(turn)
  const month = turn.value('month')?.text
  const named = turn.left().find((part) => part.named.provider !== undefined)
  if (named) named.isTaken = true
  const by = named ? 'provider' : ['provider', 'spec'].find((one) => turn.takeWord(one, `${one}s`))
  const csv = turn.takeWord('csv')
  turn.drop('generate')
  turn.dropWords('month', 'much', 'far', 'per', 'total', 'left', 'remaining')
  return { operation: 'costs', input: { ...(month && { month }), ...(by && { by }), ...(csv && { csv: true }) } }
}

function health(turn: Turn): Draft | undefined {
  if (!turn.take('health')) return undefined
  look(turn)
  turn.drop('generate')
  turn.drop('validate')
  turn.dropWords('run', 'system', 'status', 'score')
  return { operation: 'health', input: {} }
}

function validate(turn: Turn): Draft | undefined {
  const isAsked = turn.asks && turn.means('problems') && !turn.isPreview
  const isRun = turn.head?.lower === 'run' && turn.means('validate')
  if (isRun) turn.takeWord('run')
  const isMending = turn.begins('fix')
  if (!isAsked && !isMending && !(isRun ? turn.take('validate') : turn.orders('validate'))) return undefined
  const strict = turn.take('strict')
  const fix = turn.take('fix') || isMending
  turn.drop('problems', 'validate')
  turn.dropWords('integrity')
  const selection = turn.select({ prefersKind: true })
  if (fix) turn.dropWords('what', 'mended')
  return { operation: 'validate', input: { ...(fix && { fix: true }), ...(strict && { strict: true }) }, selection, member: 'refs', many: 'list', allIsNone: true }
}

function tags(turn: Turn): Draft | undefined {
  if (!turn.means('tags') || !(asks(turn) || turn.parts.length <= 2)) return undefined
  turn.drop('tags')
  look(turn)
  return { operation: 'tags', input: {} }
}

function categories(turn: Turn): Draft | undefined {
  if (!turn.take('categories')) return undefined
  const isUsed = turn.take('usage')
  look(turn)
  return { operation: 'categories', input: isUsed ? { used: true } : {} }
}

function stats(turn: Turn): Draft | undefined {
  if (!turn.take('stats')) return undefined
  look(turn)
  turn.drop('assets', 'stats')
  return { operation: 'stats', input: {} }
}

function sites(turn: Turn): Draft | undefined {
  if (!turn.means('sites')) return undefined
  const site = turn.left().find(({ named }) => named.site !== undefined)
  if (site) site.isTaken = true
  turn.drop('sites')
  look(turn)
  return { operation: 'sites', input: site ? { site: site.named.site } : {} }
}

function info(turn: Turn): Draft | undefined {
  if (!asks(turn) && !turn.means('about') && !(turn.head?.value?.type === 'ref')) return undefined
  // `search hero` looks for a word, whatever is called so.
  if (turn.head?.meanings.some(({ concept }) => concept === 'search') && !turn.peek('ref')) return undefined
  turn.drop('about', 'size', 'search', ...(turn.asks ? (['tags'] as const) : []))
  look(turn)
  const selection = turn.select()
  if (isEmpty(selection) || (selection.refs.length === 0 && !selection.pronoun)) return undefined
  if (selection.pronoun && describesAssets(selection)) return undefined
  return { operation: 'info', input: {}, selection, member: 'ref', many: 'calls' }
}

function list(turn: Turn): Draft | undefined {
  const isNamed = turn.head?.named !== undefined && Object.keys(turn.head.named).length > 0
  if (!asks(turn) && !isNamed && !/^(?:every|everything|any|anything|all)$/.test(turn.head?.lower ?? '')) return undefined
  turn.drop('search')
  turn.dropWords('filter', 'filtered', 'down', 'by')
  look(turn)
  const s = turn.select({ prefersKind: true, describedOnly: true })
  turn.drop('assets')
  if (describesAssets(s)) turn.drop('categories', 'stats')
  const isOpen = turn.asks && turn.parts.every((part) => part.isTaken || isOfQuestion(part))
  if (s.refs.length > 0 || s.except || s.pronoun || !(describesAssets(s) || s.isAll || isOpen || turn.head === undefined || turn.isLook)) return undefined
  if (!describesAssets(s) && !s.isAll && !isOpen && turn.parts.every((part) => part.lower !== 'assets' && part.lower !== 'asset')) return undefined
  const limit = turn.takeWord('first', 'top') ? turn.value('number')?.amount : undefined
  const isPlain = limit === undefined && !needsFilter(s) && s.anyTags.length === 0 && [s.category, s.family, s.kind].every((values) => values.length <= 1)
  if (isPlain)
    return {
      operation: 'list',
      input: { ...first('kind', s.kind), ...first('category', s.category), ...first('family', s.family), ...filled('tag', s.tags) },
    }
  return {
    operation: 'filter',
    input: {
      ...filled('kind', s.kind), ...filled('category', s.category), ...filled('family', s.family), ...filled('tags', s.tags), ...filled('anyTags', s.anyTags),
      ...filled('license', s.license), ...bounds(s), ...(limit !== undefined && { limit }),
    },
  }
}

const first = (name: string, values: readonly string[]) => (values.length > 0 ? { [name]: values[0] } : {})
const filled = (name: string, values: readonly string[]) => (values.length > 0 ? { [name]: values } : {})
const bounds = ({ minSize, maxSize, since, until, unused, tested }: Selection) =>
  Object.fromEntries(Object.entries({ minSize, maxSize, since, until, unused, tested }).filter(([, value]) => value !== undefined))

function search(turn: Turn): Draft | undefined {
  const isSearch = (turn.head?.meanings.some(({ concept }) => concept === 'search') ?? false) || (turn.asks && turn.means('search'))
  const isWondering = turn.has('about') || turn.has('anything') || turn.has('something') || turn.has('where')
  if (!isSearch && !turn.isLook && !(turn.asks && isWondering)) return undefined
  const semantic = turn.take('meaning')
  turn.drop('search')
  look(turn)
  const s = turn.select({ prefersKind: true, describedOnly: true })
  const query = wordsLeft(turn)
  if (query.length === 0 || s.refs.length > 0 || (s.pronoun && !s.isPointing)) return undefined
  return {
    operation: 'search',
    input: {
      query, ...filled('kind', s.kind), ...filled('category', s.category), ...filled('family', s.family), ...filled('tags', s.tags), ...filled('anyTags', s.anyTags),
      ...filled('license', s.license), ...bounds(s), ...(semantic && { semantic: true }),
    },
  }
}
