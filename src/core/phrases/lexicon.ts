/**
 * English for what operations do and what they are asked about: `word|two words|…` by concept. What a project has names of
 * its own for (categories, families, tags, kinds, …) stands in no list here.
 */
const verbs = {
  import: 'import|bring in|take in|ingest|upload|register|load|pull in|bring',
  add: 'add|attach|append',
  put: 'put|take|place|move',
  give: 'give',
  look: 'filter|give me|give us|get me|fetch me|show me|show|list|display|print|see|view|enumerate|look at|open|tell|browse|describe|explain',
  search: 'search|find|look for|look up|seek|hunt for|locate',
  tag: 'tag|label',
  mark: 'mark|flag',
  untag: 'untag|strip',
  organize: 'organize|organise|reorganize|reorganise|tidy|tidy up|sort out|sort|rearrange|arrange',
  compress: 'compress|shrink|squeeze|make smaller',
  resize: 'resize|scale|scale down|downscale|rescale',
  convert: 'convert|transcode|turn|re-encode',
  refine: 'refine',
  export: 'export|back up|backup|hand over|deliver|send',
  copy: 'copy',
  save: 'save|store|download',
  validate: 'validation|validate|check|verify|audit|lint|inspect',
  delete: 'delete|erase|remove|get rid of|throw away|throw out|destroy|trash|discard|drop|nuke|bin|scrap|purge|kill',
  duplicate: 'duplicate|clone',
  rollback: 'rollback|roll back|revert|restore|go back|roll|bring back|undo',
  compare: 'compare|diff|contrast',
  merge: 'merge',
  generate: 'generate|generation|regenerate|render|re-render|produce|remake',
  make: 'make|build|redo',
  create: 'create|scaffold|start|begin|draft up|set up',
  package: 'package|pack|pack up|bundle|zip up|zip',
  install: 'install|unpack',
  run: 'run|execute|launch',
  use: 'use|insert|embed',
  test: 'test|try|try out',
  optimize: 'optimize|optimise|tighten',
  apply: 'apply',
  sync: 'sync|synchronize|synchronise|resync',
  analyze: 'analyze|analyse|examine|study',
  clean: 'clean up|cleanup|clean|free space|free up space|free some space|free up some space|make room',
  prune: 'prune',
  clear: 'clear|empty|flush|wipe|reset',
  update: 'update|set|change|edit|modify|alter|rename',
  replace: 'replace|swap|exchange',
  pick: 'pick|choose|select',
  record: 'record|commit|snapshot',
  rebuild: 'rebuild|reindex|refresh|recreate',
  write: 'write|emit',
  deploy: 'deploy|publish|ship',
  depend: 'depend|rely|hang',
  need: 'need|require',
  fix: 'fix|repair|mend|correct',
  force: 'force|forcibly',
  preview: 'plan|preview|simulate|rehearse|dry run|dry-run|estimate|quote',
  change: 'change|changed|differ',
  draw: 'draw|plot|graph',
  get: 'get|fetch',
  precompile: 'precompile|warm up|prebuild',
  invalidate: 'invalidate',
} as const

const topics = {
  tags: 'tag|tags|keyword|keywords',
  categories: 'category|categories',
  versions: 'version|versions|history|revision|revisions|changelog|over time',
  label: 'label|labels',
  branch: 'branch|branches',
  deps: 'dependency|dependencies|deps',
  dependents: 'dependents|dependent',
  usage: 'used|usage|usages|in use|referenced|imported|where-used',
  unused: 'unused|not used|not used anywhere|nobody uses|orphaned|unneeded|not needed|no longer needed|no longer used|orphan',
  tested: 'tested',
  untested: 'untested|not tested',
  cost: 'cost|costs|spend|spent|spending|spendings|expenses|money|bill|paid|pay|budget|expensive',
  price: 'expensive|price|cost|quote|costs',
  health: 'health|healthy|status',
  stats: 'stats|statistics|statistic|numbers|figures|overview|summary|totals|how many',
  cache: 'cache|caches|cached files',
  catalog: 'catalog|catalogs|catalogue|catalogues',
  types: 'types|typings|type definitions|constants',
  index: 'index|search index',
  outdated: 'outdated|out of date|updates|newer version|newer versions|updates available',
  stale: 'stale|out-of-date|missing|not made',
  problems: 'problem|problems|error|errors|issue|issues|ok|okay|valid|broken|wrong|invalid|fine|in order',
  difference: 'difference|differences',
  graph: 'graph|tree|diagram',
  layout: 'standard layout|layout|structure|order',
  meaning: 'by meaning|semantically|semantic|meaning',
  copyNoun: 'copy|duplicate',
  pack: 'pack|package|bundle|zip|archive',
  svg: 'svg',
  size: 'big|large|heavy|size|dimensions|long',
  about: 'about|details|detail|info|information|more|look like|looks like|metadata|like',
  again: 'again|anew|afresh|once more|from scratch',
  overwrite: 'overwrite|overwriting|write over',
  strict: 'strict|strictly',
  paid: 'paid|including paid|raw',
  sites: 'sites|site',
  everything: 'everything|all|anything',
  assets: 'asset|assets|item|items|file|files',
  smaller: 'smaller than|under|below|less than|at most|up to|no larger than|no bigger than|max|maximum|lighter than',
  larger: 'larger than|bigger than|over|above|more than|at least|heavier than|min|minimum|greater than',
  since: 'since|after|newer than|changed since|modified since|from',
  until: 'until|before|older than',
  lowLevel: 'lightly|slightly|gently|a little|a bit|softly',
  highLevel: 'hard|heavily|strongly|aggressively|as hard as possible|as much as possible|as small as possible|maximally|max|maximum',
  reference: 'described as|with description|with the description|description|with a description',
  minor: 'minor',
  major: 'major',
  fix: 'fix|fixes|repair',
  ask: 'how|why|whether|who|when',
} as const

export type Concept = keyof typeof verbs | keyof typeof topics

export const isVerb = (concept: Concept) => Object.hasOwn(verbs, concept)

/** Verbs of which no form may be guessed or passed over: what they do cannot be taken back. */
export const grave: ReadonlySet<Concept> = new Set(['delete', 'clean', 'prune', 'clear', 'rollback'])

/** Verbs that only look; a misspelt one is understood all the same. */
const harmless: readonly Concept[] = ['look', 'search', 'compare', 'analyze', 'validate', 'draw']
const harmlessTopics: readonly Concept[] = ['tags', 'categories', 'versions', 'deps', 'dependents', 'cost', 'health', 'stats', 'about', 'difference']

export interface Meaning {
  concept: Concept
  /** As a command is given: `delete`, not `deleted`. */
  isBase: boolean
}

export interface Lexicon {
  meanings(word: string): readonly Meaning[]
  /** Words that stand for one thing together, by their first word, longest first. */
  phrases: ReadonlyMap<string, readonly (readonly string[])[]>
  /** What a misspelt word may have been meant as, and whether it may be taken for it. */
  commands: ReadonlyMap<string, { isHarmless: boolean }>
  topics: ReadonlySet<string>
}

/** @param names - names of several words that the project has */
export function createLexicon(names: readonly string[]): Lexicon {
  const byWord = new Map<string, Meaning[]>()
  const phrases = new Map<string, string[][]>()
  const commands = new Map<string, { isHarmless: boolean }>()
  const know = (text: string, meaning?: Meaning) => {
    const words = text.split(' ')
    if (words.length > 1) phrases.set(words[0]!, [...(phrases.get(words[0]!) ?? []), words])
    if (meaning) byWord.set(text, [...(byWord.get(text) ?? []), meaning])
  }
  for (const [concept, texts] of Object.entries(verbs) as [Concept, string][])
    for (const text of texts.split('|')) {
      know(text, { concept, isBase: true })
      for (const form of inflected(text)) know(form, { concept, isBase: false })
      if (!text.includes(' ')) commands.set(text, { isHarmless: harmless.includes(concept) && (commands.get(text)?.isHarmless ?? true) })
    }
  for (const [concept, texts] of Object.entries(topics) as [Concept, string][])
    for (const text of texts.split('|')) know(text, { concept, isBase: true })
  for (const name of [...names, 'but not']) know(name)
  for (const list of phrases.values()) list.sort((a, b) => b.length - a.length)
  const topicWords = harmlessTopics.flatMap((concept) => topics[concept as keyof typeof topics].split('|')).filter((text) => !text.includes(' '))
  return { meanings: (word) => byWord.get(word) ?? [], phrases, commands, topics: new Set(topicWords) }
}

/** `tag` → tags, tagged, tagging; `copy` → copies, copied, copying; of two words the first changes. */
function inflected(text: string): string[] {
  const [first, ...rest] = text.split(' ') as [string, ...string[]]
  const stem = /e$/.test(first) ? first.slice(0, -1) : first
  const doubled = /^[^aeiou]*[aeiou][bdgmnpt]$/.test(first) ? first + first.at(-1)! : stem
  const forms = /[^aeiou]y$/.test(first)
    ? [`${first.slice(0, -1)}ies`, `${first.slice(0, -1)}ied`, `${first}ing`]
    : [/(?:s|x|z|ch|sh)$/.test(first) ? `${first}es` : `${first}s`, `${doubled}ed`, `${doubled}ing`]
  return forms.map((form) => [form, ...rest].join(' '))
}

/** Words that hold a sentence together and say nothing of their own. */
export const glue: ReadonlySet<string> = new Set(
  `a an the my our your their his her of in on at to into onto from for with by as and me us please kindly now just then also here there is are be
  am do does did can could will would should you i we i'd i'll we'd let's ok okay so hey hi hello thanks thank asset assets item items library project manifest one
  right away that which 's called named want like go ahead name family kind`.match(/\S+/g)!,
)

/** Of those, what may stand in an order that takes something away: `the name of X` is not X. */
export const graveGlue: ReadonlySet<string> = new Set(
  'the a an my our please kindly now also and me us for from of in at you thanks thank ok okay asset assets item items library project family named called'.split(' '),
)

/** Beside those, what questions are made of. */
export const questionWords: ReadonlySet<string> = new Set(
  `what what's which who whose where where's when how have has had exist exists any some existing anywhere somewhere there there's was were been thing things
  stuff all every each everything anything something someone got get need look if see tell give currently about does file files this that
  those these it its them they really today available know use uses using over out up contain contains`.match(/\S+/g)!,
)

export const pronouns: ReadonlySet<string> = new Set(['it', 'its', 'this', 'that', 'them', 'those', 'these', 'they', 'their', "it's"])

export const negators: ReadonlySet<string> = new Set(
  `not don't dont never no nothing none neither nor without cannot can't cant won't wont shouldn't mustn't doesn't isn't aren't avoid stop refrain nobody
  didn't wouldn't couldn't nowhere hardly`.match(/\S+/g)!,
)

/** What makes an order no order. */
export const doubts: ReadonlySet<string> = new Set('or unless except if but only maybe perhaps later other until when'.split(' '))
