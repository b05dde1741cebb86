import type { Operation } from './operation.ts'

export interface OperationRow {
  /**
   * As typed in a terminal, in one word or two (`version create`); in REST `/api/<name>` with `-`, in MCP with `_` for
   * what stands between words.
   */
  name: string
  /** Heading in --help. */
  group: 'Set up' | 'Assets' | 'Make' | 'Look after'
  summary: string
  load(): Promise<Operation>
}

const loaded = (module: Promise<{ default: unknown }>) => module.then((m) => m.default as Operation)

/** Every operation, in the order of --help. One line adds one. */
export const operations: readonly OperationRow[] = [
  {
    name: 'init',
    group: 'Set up',
    summary: 'Set a project up: options, folders, types, .gitignore, the plugin.',
    load: () => loaded(import('./init.ts')),
  },
  {
    name: 'import',
    group: 'Assets',
    summary: 'Bring media files or a colour into the library under a token.',
    load: () => loaded(import('./import.ts')),
  },
  {
    name: 'create',
    group: 'Assets',
    summary: 'Write a new library item to begin with: tokens, a prompt, a component, ….',
    load: () => loaded(import('./create.ts')),
  },
  { name: 'list', group: 'Assets', summary: 'List the assets.', load: () => loaded(import('./list.ts')) },
  {
    name: 'search',
    group: 'Assets',
    summary: 'Find assets by words, typos forgiven, or by meaning.',
    load: () => loaded(import('./search.ts')),
  },
  {
    name: 'filter',
    group: 'Assets',
    summary: 'List the assets that have certain tags, kinds, licences, sizes or dates.',
    load: () => loaded(import('./filter.ts')),
  },
  {
    name: 'browse',
    group: 'Assets',
    summary: 'Look through the assets group by group; on a terminal, pick one.',
    load: () => loaded(import('./browse.ts')),
  },
  {
    name: 'info',
    group: 'Assets',
    summary: 'Show one asset: what it is, what it holds, who needs it.',
    load: () => loaded(import('./info.ts')),
  },
  {
    name: 'which',
    group: 'Assets',
    summary: 'Say where a name is found first: project, own library, cache or catalog.',
    load: () => loaded(import('./which.ts')),
  },
  { name: 'add-tags', group: 'Assets', summary: 'Add tags to assets.', load: () => loaded(import('./add-tags.ts')) },
  {
    name: 'remove-tags',
    group: 'Assets',
    summary: 'Take tags away from assets.',
    load: () => loaded(import('./remove-tags.ts')),
  },
  {
    name: 'tags',
    group: 'Assets',
    summary: 'List the tags with how many assets have them.',
    load: () => loaded(import('./tags.ts')),
  },
  {
    name: 'categories',
    group: 'Assets',
    summary: 'List the categories with their prefixes.',
    load: () => loaded(import('./categories.ts')),
  },
  {
    name: 'stats',
    group: 'Assets',
    summary: 'Count assets, bytes, kinds and families.',
    load: () => loaded(import('./stats.ts')),
  },
  {
    name: 'update',
    group: 'Assets',
    summary: 'Change what an asset says of itself, or replace its file; the token stays.',
    load: () => loaded(import('./update.ts')),
  },
  {
    name: 'duplicate',
    group: 'Assets',
    summary: 'Copy an asset under a token or an id of its own.',
    load: () => loaded(import('./duplicate.ts')),
  },
  {
    name: 'diff',
    group: 'Assets',
    summary: 'Compare two states of an asset: metadata, text, pixels, sound, tokens.',
    load: () => loaded(import('./diff.ts')),
  },
  {
    name: 'merge',
    group: 'Assets',
    summary: 'Merge a branch of an asset into it: metadata and text three-way.',
    load: () => loaded(import('./merge.ts')),
  },
  {
    name: 'refine',
    group: 'Assets',
    summary: 'Compress, resize or convert the file of an asset as a new version.',
    load: () => loaded(import('./refine.ts')),
  },
  {
    name: 'versions',
    group: 'Assets',
    summary: 'List the versions of an asset, its branches and labels.',
    load: () => loaded(import('./versions.ts')),
  },
  {
    name: 'version create',
    group: 'Assets',
    summary: 'Record an asset as it stands on the disk as a new version.',
    load: () => loaded(import('./version-create.ts')),
  },
  {
    name: 'version label',
    group: 'Assets',
    summary: 'Let a label such as production stand at a version, or take it away.',
    load: () => loaded(import('./version-label.ts')),
  },
  {
    name: 'branch',
    group: 'Assets',
    summary: 'Begin a branch of an asset at its present version.',
    load: () => loaded(import('./branch.ts')),
  },
  {
    name: 'rollback',
    group: 'Assets',
    summary: 'Bring the content of an earlier version back, as a new version.',
    load: () => loaded(import('./rollback.ts')),
  },
  {
    name: 'apply',
    group: 'Assets',
    summary: 'Write what tokens, styles and configs say: a style sheet, a spec, settings, a site.',
    load: () => loaded(import('./apply.ts')),
  },
  {
    name: 'customize',
    group: 'Assets',
    summary: 'Make a new item from another, with changes.',
    load: () => loaded(import('./customize.ts')),
  },
  {
    name: 'configure',
    group: 'Assets',
    summary: 'Set what a module may be told, checked by its schema.',
    load: () => loaded(import('./configure.ts')),
  },
  {
    name: 'override',
    group: 'Assets',
    summary: 'Give shared settings other values in the project or in one site.',
    load: () => loaded(import('./override.ts')),
  },
  {
    name: 'sites',
    group: 'Assets',
    summary: 'List the sites with what they use, and what is wrong with it.',
    load: () => loaded(import('./sites.ts')),
  },
  {
    name: 'export',
    group: 'Assets',
    summary: 'Copy assets with their metadata into a folder.',
    load: () => loaded(import('./export.ts')),
  },
  {
    name: 'package',
    group: 'Assets',
    summary: 'Put assets with all that they need into one zip.',
    load: () => loaded(import('./package.ts')),
  },
  {
    name: 'install',
    group: 'Assets',
    summary: 'Bring the assets of a pack into the project; what was changed here stays.',
    load: () => loaded(import('./install.ts')),
  },
  {
    name: 'catalog search',
    group: 'Assets',
    summary: 'Find assets in the catalogs by name, description and tags.',
    load: () => loaded(import('./catalog-search.ts')),
  },
  {
    name: 'catalog browse',
    group: 'Assets',
    summary: 'Open the page of a catalog; without a browser, print its address.',
    load: () => loaded(import('./catalog-browse.ts')),
  },
  {
    name: 'outdated',
    group: 'Assets',
    summary: 'Say which assets of catalogs have changed, here or in their catalog.',
    load: () => loaded(import('./outdated.ts')),
  },
  {
    name: 'catalog update',
    group: 'Assets',
    summary: 'Bring assets of catalogs up to date; without --apply, say what it would do.',
    load: () => loaded(import('./catalog-update.ts')),
  },
  {
    name: 'add',
    group: 'Assets',
    summary: 'Add an asset of a catalog to your own library, or to the project.',
    load: () => loaded(import('./add.ts')),
  },
  {
    name: 'delete',
    group: 'Assets',
    summary: 'Delete an asset; its number is never issued again.',
    load: () => loaded(import('./delete.ts')),
  },
  {
    name: 'generate',
    group: 'Make',
    summary: 'Make what specs describe: plan, price, make, process, record.',
    load: () => loaded(import('./generate.ts')),
  },
  {
    name: 'use',
    group: 'Make',
    summary: 'Put a template, component or module into a site; fill in a prompt, style, agent or skill.',
    load: () => loaded(import('./use.ts')),
  },
  {
    name: 'run',
    group: 'Make',
    summary: 'Run a tool or skill in a process of its own, within limits of time and memory.',
    load: () => loaded(import('./run.ts')),
  },
  {
    name: 'test',
    group: 'Make',
    summary: 'Try the examples that a prompt, style, tool or skill states.',
    load: () => loaded(import('./test.ts')),
  },
  {
    name: 'optimize',
    group: 'Make',
    summary: 'Make a prompt shorter or a media file smaller without changing what it says or shows.',
    load: () => loaded(import('./optimize.ts')),
  },
  {
    name: 'pick',
    group: 'Make',
    summary: 'Choose another variation of a made asset; nothing is called.',
    load: () => loaded(import('./pick.ts')),
  },
  {
    name: 'deploy',
    group: 'Make',
    summary: 'Write the file of a platform, build, and say what uploads.',
    load: () => loaded(import('./deploy.ts')),
  },
  {
    name: 'costs',
    group: 'Look after',
    summary: 'Show what was spent in a month.',
    load: () => loaded(import('./costs.ts')),
  },
  {
    name: 'health',
    group: 'Look after',
    summary: 'Show how generating is doing: budget, providers, cache and a score with its reasons.',
    load: () => loaded(import('./health.ts')),
  },
  {
    name: 'validate',
    group: 'Look after',
    summary: 'Check tokens, files, metadata and compliance.',
    load: () => loaded(import('./validate.ts')),
  },
  {
    name: 'analyze',
    group: 'Look after',
    summary: 'Show where an asset is used, who depends on it, and what it weighs.',
    load: () => loaded(import('./analyze.ts')),
  },
  {
    name: 'deps',
    group: 'Look after',
    summary: 'Show what an asset needs, or what needs it, as a tree or a graph.',
    load: () => loaded(import('./deps.ts')),
  },
  {
    name: 'deps add',
    group: 'Look after',
    summary: 'Make an asset depend on another.',
    load: () => loaded(import('./deps-add.ts')),
  },
  {
    name: 'deps remove',
    group: 'Look after',
    summary: 'Take a dependency away.',
    load: () => loaded(import('./deps-remove.ts')),
  },
  {
    name: 'sync',
    group: 'Look after',
    summary: 'Bring the manifest in step with the files on the disk.',
    load: () => loaded(import('./sync.ts')),
  },
  {
    name: 'types',
    group: 'Look after',
    summary: 'Write the types and constants of the assets; --check says whether they are stale.',
    load: () => loaded(import('./types.ts')),
  },
  {
    name: 'organize',
    group: 'Look after',
    summary: 'Move files to the standard layout.',
    load: () => loaded(import('./organize.ts')),
  },
  {
    name: 'prune',
    group: 'Look after',
    summary: 'Drop processed files over the limit, and strays.',
    load: () => loaded(import('./prune.ts')),
  },
  {
    name: 'cleanup',
    group: 'Look after',
    summary: 'Tell what nothing needs any more: assets, files, blobs; --yes takes it away.',
    load: () => loaded(import('./cleanup.ts')),
  },
  {
    name: 'cache stats',
    group: 'Look after',
    summary: 'Count what is in the cache.',
    load: () => loaded(import('./cache-stats.ts')),
  },
  {
    name: 'cache verify',
    group: 'Look after',
    summary: 'Read every blob of the cache again.',
    load: () => loaded(import('./cache-verify.ts')),
  },
  {
    name: 'cache precompile',
    group: 'Look after',
    summary: 'Make what code asks of pictures, before a build does.',
    load: () => loaded(import('./cache-precompile.ts')),
  },
  {
    name: 'cache invalidate',
    group: 'Look after',
    summary: 'Drop what was made of an asset; it is made anew when it is asked for.',
    load: () => loaded(import('./cache-invalidate.ts')),
  },
  {
    name: 'cache optimize',
    group: 'Look after',
    summary: 'Drop processed files that nothing names, and pack the state database.',
    load: () => loaded(import('./cache-optimize.ts')),
  },
  {
    name: 'cache clear',
    group: 'Look after',
    summary: 'Empty the cache; raw answers stay unless told.',
    load: () => loaded(import('./cache-clear.ts')),
  },
  {
    name: 'index',
    group: 'Look after',
    summary: 'Make the index of a repository of assets, so that it can be a catalog.',
    load: () => loaded(import('./make-index.ts')),
  },
  {
    name: 'catalog index',
    group: 'Look after',
    summary: 'The same as index.',
    load: () => loaded(import('./catalog-index.ts')),
  },
  {
    name: 'reindex',
    group: 'Look after',
    summary: 'Make the search index anew.',
    load: () => loaded(import('./reindex.ts')),
  },
]
