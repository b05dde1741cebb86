import type { Operation } from './operation.ts'

export interface OperationRow {
  /**
   * As typed in a terminal, in one word or two (`version create`); in REST `/api/<name>` with `-`, in MCP with `_` for
   * what stands between words.
   */
  name: string
  /** Heading in --help. */
  group: 'Set up' | 'Assets' | 'Make' | 'Look after' | 'Serve' | 'Terminal'
  summary: string
  load(): Promise<Operation>
}

const row = (
  group: OperationRow['group'],
  name: string,
  summary: string,
  load: () => Promise<{ default: unknown }>,
): OperationRow => ({ group, name, summary, load: () => load().then((module) => module.default as Operation) })

/** Every operation, in the order of --help. One line adds one. */
export const operations: readonly OperationRow[] = [
  row('Set up', 'init', 'Set a project up: options, folders, types, .gitignore, the plugin.', () => import('./init.ts')),
  row('Assets', 'import', 'Bring media files or a colour into the library under a token.', () => import('./import.ts')),
  row('Assets', 'create', 'Write a new library item to begin with: tokens, a prompt, a component, ….', () => import('./create.ts')),
  row('Assets', 'list', 'List the assets.', () => import('./list.ts')),
  row('Assets', 'search', 'Find assets by words, typos forgiven, or by meaning.', () => import('./search.ts')),
  row('Assets', 'filter', 'List the assets that have certain tags, kinds, licences, sizes or dates.', () => import('./filter.ts')),
  row('Assets', 'browse', 'Look through the assets group by group; on a terminal, pick one.', () => import('./browse.ts')),
  row('Assets', 'info', 'Show one asset: what it is, what it holds, who needs it.', () => import('./info.ts')),
  row('Assets', 'summary', 'Say in a few words what an asset holds, read anew from its files.', () => import('./summary.ts')),
  row('Assets', 'content', 'Give the content of an asset, whole or a part: text as text, else base64.', () => import('./content.ts')),
  row('Assets', 'which', 'Say where a name is found first: project, own library, cache or catalog.', () => import('./which.ts')),
  row('Assets', 'add-tags', 'Add tags to assets.', () => import('./add-tags.ts')),
  row('Assets', 'remove-tags', 'Take tags away from assets.', () => import('./remove-tags.ts')),
  row('Assets', 'tags', 'List the tags with how many assets have them.', () => import('./tags.ts')),
  row('Assets', 'categories', 'List the categories with their prefixes.', () => import('./categories.ts')),
  row('Assets', 'stats', 'Count assets, bytes, kinds and families.', () => import('./stats.ts')),
  row('Assets', 'update', 'Change what an asset says of itself, or replace its file; the token stays.', () => import('./update.ts')),
  row('Assets', 'duplicate', 'Copy an asset under a token or an id of its own.', () => import('./duplicate.ts')),
  row('Assets', 'diff', 'Compare two states of an asset: metadata, text, pixels, sound, tokens.', () => import('./diff.ts')),
  row('Assets', 'merge', 'Merge a branch of an asset into it: metadata and text three-way.', () => import('./merge.ts')),
  row('Assets', 'refine', 'Compress, resize or convert the file of an asset as a new version.', () => import('./refine.ts')),
  row('Assets', 'versions', 'List the versions of an asset, its branches and labels.', () => import('./versions.ts')),
  row('Assets', 'version create', 'Record an asset as it stands on the disk as a new version.', () => import('./version-create.ts')),
  row('Assets', 'version label', 'Let a label such as production stand at a version, or take it away.', () => import('./version-label.ts')),
  row('Assets', 'branch', 'Begin a branch of an asset at its present version.', () => import('./branch.ts')),
  row('Assets', 'rollback', 'Bring the content of an earlier version back, as a new version.', () => import('./rollback.ts')),
  row('Assets', 'apply', 'Write what tokens, styles and configs say: a style sheet, a spec, settings, a site.', () => import('./apply.ts')),
  row('Assets', 'customize', 'Make a new item from another, with changes.', () => import('./customize.ts')),
  row('Assets', 'configure', 'Set what a module may be told, checked by its schema.', () => import('./configure.ts')),
  row('Assets', 'override', 'Give shared settings other values in the project or in one site.', () => import('./override.ts')),
  row('Assets', 'sites', 'List the sites with what they use, and what is wrong with it.', () => import('./sites.ts')),
  row('Assets', 'export', 'Copy assets with their metadata into a folder.', () => import('./export.ts')),
  row('Assets', 'package', 'Put assets with all that they need into one zip.', () => import('./package.ts')),
  row('Assets', 'install', 'Bring the assets of a pack into the project; what was changed here stays.', () => import('./install.ts')),
  row('Assets', 'catalog search', 'Find assets in the catalogs by name, description and tags.', () => import('./catalog-search.ts')),
  row('Assets', 'catalog browse', 'Open the page of a catalog; without a browser, print its address.', () => import('./catalog-browse.ts')),
  row('Assets', 'outdated', 'Say which assets of catalogs have changed, here or in their catalog.', () => import('./outdated.ts')),
  row('Assets', 'catalog update', 'Bring assets of catalogs up to date; without --apply, say what it would do.', () => import('./catalog-update.ts')),
  row('Assets', 'add', 'Add an asset of a catalog to your own library, or to the project.', () => import('./add.ts')),
  row('Assets', 'delete', 'Delete an asset; the number of a token is never issued again.', () => import('./delete.ts')),
  row('Make', 'generate', 'Make what specs describe: plan, price, make, process, record.', () => import('./generate.ts')),
  row('Make', 'use', 'Put a template, component or module into a site; fill in a prompt, style, agent or skill.', () => import('./use.ts')),
  row('Make', 'run', 'Run a tool or skill in a process of its own, or a workflow step by step.', () => import('./run.ts')),
  row('Make', 'test', 'Try the examples that a prompt, style, tool or skill states.', () => import('./test.ts')),
  row('Make', 'optimize', 'Make a prompt shorter or a media file smaller without changing what it says or shows.', () => import('./optimize.ts')),
  row('Make', 'pick', 'Choose another variation of a made asset; nothing is called.', () => import('./pick.ts')),
  row('Make', 'deploy', 'Write the file of a platform, build, and say what uploads.', () => import('./deploy.ts')),
  row('Look after', 'costs', 'Show what was spent in a month.', () => import('./costs.ts')),
  row('Look after', 'health', 'Show how generating is doing: budget, providers, cache and a score with its reasons.', () => import('./health.ts')),
  row('Look after', 'validate', 'Check tokens, files, metadata and compliance.', () => import('./validate.ts')),
  row('Look after', 'analyze', 'Show where an asset is used, who depends on it, and what it weighs.', () => import('./analyze.ts')),
  row('Look after', 'deps', 'Show what an asset needs, or what needs it, as a tree or a graph.', () => import('./deps.ts')),
  row('Look after', 'deps add', 'Make an asset depend on another.', () => import('./deps-add.ts')),
  row('Look after', 'deps remove', 'Take a dependency away.', () => import('./deps-remove.ts')),
  row('Look after', 'sync', 'Bring the manifest in step with the files on the disk.', () => import('./sync.ts')),
  row('Look after', 'types', 'Write the types and constants of the assets; --check says whether they are stale.', () => import('./types.ts')),
  row('Look after', 'organize', 'Move files to the standard layout.', () => import('./organize.ts')),
  row('Look after', 'prune', 'Drop processed files over the limit, and strays.', () => import('./prune.ts')),
  row('Look after', 'cleanup', 'Tell what nothing needs any more: assets, files, blobs; --yes takes it away.', () => import('./cleanup.ts')),
  row('Look after', 'cache stats', 'Count what is in the cache.', () => import('./cache-stats.ts')),
  row('Look after', 'cache verify', 'Read every blob of the cache again.', () => import('./cache-verify.ts')),
  row('Look after', 'cache precompile', 'Make what code asks of pictures, before a build does.', () => import('./cache-precompile.ts')),
  row('Look after', 'cache invalidate', 'Drop what was made of an asset; it is made anew when it is asked for.', () => import('./cache-invalidate.ts')),
  row('Look after', 'cache optimize', 'Drop processed files that nothing names, and pack the state database.', () => import('./cache-optimize.ts')),
  row('Look after', 'cache clear', 'Empty the cache; raw answers stay unless told.', () => import('./cache-clear.ts')),
  row('Look after', 'index', 'Make the index of a repository of assets, so that it can be a catalog.', () => import('./make-index.ts')),
  row('Look after', 'catalog index', 'The same as index.', () => import('./catalog-index.ts')),
  row('Look after', 'reindex', 'Make the search index anew.', () => import('./reindex.ts')),
]

/** Commands that carry out operations and are none themselves: no other face has them. src/cli/commands.ts loads them. */
export const faces = [
  { group: 'Serve', name: 'serve', summary: 'Offer the operations over HTTP: REST with its description, and MCP.' },
  { group: 'Serve', name: 'mcp', summary: 'Offer the operations to a model over standard input and output (MCP).' },
  { group: 'Terminal', name: 'agent', summary: 'Say in words what you want; what deletes or costs is shown first.' },
] as const satisfies readonly Pick<OperationRow, 'group' | 'name' | 'summary'>[]
