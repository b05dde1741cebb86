import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { defineError } from '../core/errors.ts'

const pathOutside = defineError('PATH_OUTSIDE', {
  summary: 'A path leaves the folder it must stay in, by its spelling or through a link.',
  message: (d: { path: string; folder: string }) => `${d.path} lies outside ${d.folder}.`,
  hint: () => 'Name a path inside the project; links that lead out of it are refused.',
  exit: 2,
})

/** Where everything of a project stands. Absolute paths. */
export interface ProjectPaths {
  root: string
  assets: string
  manifest: string
  history: string
  specs: string
  /** `.assetloom`, not committed. */
  home: string
  temp: string
  blobs: string
  files: string
  /** Library items of other versions and of the user's own folder, laid out as they would stand in the project. */
  pinned: string
  state: string
  types: string
  logs: string
  reports: string
}

export function projectPaths(root: string, folders: { assetsDir: string; specsDir: string }): ProjectPaths {
  const home = join(root, '.assetloom')
  const assets = join(root, folders.assetsDir)
  return {
    root,
    assets,
    manifest: join(assets, 'manifest.json'),
    history: join(assets, 'history'),
    specs: join(root, folders.specsDir),
    home,
    temp: join(home, 'tmp'),
    blobs: join(home, 'blobs'),
    files: join(home, 'files'),
    pinned: join(home, 'pinned'),
    state: join(home, 'state.db'),
    types: join(home, 'types'),
    logs: join(home, 'logs'),
    reports: join(home, 'reports'),
  }
}

/** Make `.assetloom` with the ignore file it holds; nothing when it cannot be made. */
export function ensureHome(home: string): void {
  const ignore = join(home, '.gitignore')
  if (existsSync(ignore)) return
  try {
    mkdirSync(home, { recursive: true })
    writeFileSync(ignore, '# Caches and state of Assetloom: nothing here is committed.\n*\n', { flag: 'wx' })
  } catch {
    // A read-only project still builds; whoever needs to write says so.
  }
}

/** POSIX spelling of a path relative to the root. */
export function projectRelative(root: string, path: string): string {
  return relative(root, path).split(sep).join('/')
}

/**
 * Confine a path: by its spelling and, where it exists, by where its links lead.
 * @returns absolute path
 * @throws PATH_OUTSIDE
 */
export function confine(folder: string, path: string): string {
  const absolute = isAbsolute(path) ? path : join(folder, path)
  if (leaves(folder, absolute)) throw pathOutside({ path, folder })
  const existing = nearestExisting(absolute)
  if (leaves(realpathSync(folder), realpathSync(existing))) throw pathOutside({ path, folder })
  return absolute
}

/** By spelling only; see {@link confine} for links. */
export function isInside(folder: string, path: string): boolean {
  return !leaves(folder, path)
}

function leaves(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
}

function nearestExisting(path: string): string {
  let at = path
  while (!existsSync(at)) {
    const parent = join(at, '..')
    if (parent === at) break
    at = parent
  }
  return at
}
