/** What one tsconfig takes in. Patterns are relative to its folder. */
export interface TsconfigScope {
  /** Folder of the config relative to the project, '' for the root. */
  folder: string
  /** Absent and no `files`: everything. */
  include?: readonly string[]
  exclude?: readonly string[]
  files?: readonly string[]
}

/** Where an ambient declaration may stand, in order of preference. */
const candidateFolders = ['', 'src', 'app', 'lib', 'source']
/** A file that a page's own code would be. */
const probes = ['index.ts', 'main.ts', 'main.tsx', 'App.vue', 'pages/index.astro']

/**
 * The place of `assetloom-env.d.ts`: one that the tsconfig of the site's code takes in.
 * @param scopes - the project's tsconfig and those it references
 * @returns a path relative to the project; the root when no config says anything else
 */
export function envFilePlace(scopes: readonly TsconfigScope[], name = 'assetloom-env.d.ts'): string {
  if (scopes.length === 0) return name
  // The config of the build tool's own files sees no page.
  const ofCode = scopes.filter((scope) =>
    probes.some((probe) => takesIn(scope, `src/${probe}`) || takesIn(scope, probe)),
  )
  const others = [
    ...new Set(
      (ofCode.length > 0 ? ofCode : scopes).flatMap((scope) =>
        (scope.include ?? []).map((pattern) => joined(scope.folder, baseOf(pattern))),
      ),
    ),
  ]
  for (const folder of [...candidateFolders, ...others]) {
    const path = joined(folder, name)
    if ((ofCode.length > 0 ? ofCode : scopes).some((scope) => takesIn(scope, path))) return path
  }
  return name
}

/** True when a config takes a file in. */
function takesIn(scope: TsconfigScope, path: string): boolean {
  const prefix = scope.folder === '' ? '' : `${scope.folder}/`
  if (!path.startsWith(prefix)) return false
  const own = path.slice(prefix.length)
  if (scope.files?.some((file) => plain(file) === own)) return true
  const include = scope.include ?? (scope.files ? [] : ['**/*'])
  const exclude = scope.exclude ?? ['node_modules', 'dist']
  return include.some((pattern) => matches(pattern, own)) && !exclude.some((pattern) => matches(pattern, own))
}

const plain = (path: string) => path.replace(/^\.\//, '').replace(/\/$/, '')
const joined = (folder: string, name: string) =>
  [plain(folder), name].filter((part) => part !== '' && part !== '.').join('/')

/** The folder before the first wildcard. */
function baseOf(pattern: string): string {
  const parts = plain(pattern).split('/')
  const star = parts.findIndex((part) => /[*?]/.test(part))
  if (star >= 0) return parts.slice(0, star).join('/')
  return /\.[a-z]+$/i.test(parts.at(-1)!) ? parts.slice(0, -1).join('/') : parts.join('/')
}

/** As TypeScript reads patterns: a folder stands for all in it, `**` for folders, `*` and `?` within one name. */
function matches(pattern: string, path: string): boolean {
  const text = plain(pattern)
  if (text === '' || text === '.') return true
  const last = text.split('/').at(-1)!
  const full =
    last !== '**' && !/[*?]/.test(last) && !/\.[a-z]+$/i.test(last) ? `${text}/**/*` : text.replace(/\*\*$/, '**/*')
  const source = full
    .split('/')
    .map((part) =>
      part === '**'
        ? '\0'
        : part
            .replace(/[.+^${}()|[\]\\]/g, '\\$&')
            .replace(/\*/g, '[^/]*')
            .replace(/\?/g, '[^/]'),
    )
    .join('/')
    .replace(/\0\//g, '(?:[^/]+/)*')
  return new RegExp(`^${source}$`).test(path)
}
