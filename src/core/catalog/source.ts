import { unsafeReason } from '../safe-url.ts'
import { rowPathRefusal } from './row-path.ts'

/** Where a catalog is read. */
export type CatalogOrigin =
  /** @param ref - branch, tag or commit; `HEAD` is the default branch */
  | { type: 'github'; owner: string; repo: string; ref: string }
  /** @param url - ends with a slash */
  | { type: 'static'; url: string }
  /** @param folder - as the options name it, relative to the project or absolute */
  | { type: 'folder'; folder: string }

const forms = 'github:owner/repo, github:owner/repo#ref, https://host/path/ or file:../folder'

/**
 * Read the `from` of a catalog.
 * @returns the origin, or what is wrong in words
 */
export function readOrigin(from: string): CatalogOrigin | string {
  if (from.startsWith('github:')) {
    const [, owner, repo, ref = 'HEAD'] = /^github:([^/#]+)\/([^/#]+)(?:#(.+))?$/.exec(from) ?? []
    if (owner === undefined || repo === undefined) return `must be ${forms}`
    if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,98})$/.test(owner)) return `names ${JSON.stringify(owner)}, which is no owner on GitHub`
    if (!/^[A-Za-z0-9._-]{1,100}$/.test(repo) || repo === '.' || repo === '..') return `names ${JSON.stringify(repo)}, which is no repository on GitHub`
    if (rowPathRefusal(ref) || /[\s~^:?*[\\]|@\{|\.lock$/.test(ref)) return `names ${JSON.stringify(ref)}, which is no branch, tag or commit`
    return { type: 'github', owner, repo, ref }
  }
  if (/^https?:/i.test(from)) {
    const unsafe = unsafeReason(from)
    if (unsafe) return `must be https:, or http: on this machine: ${unsafe}`
    const url = new URL(from)
    if (url.search !== '' || url.hash !== '') return 'must be an address without ? and #'
    return { type: 'static', url: url.href.endsWith('/') ? url.href : `${url.href}/` }
  }
  if (from.startsWith('file:')) {
    const folder = from.slice('file:'.length).replace(/^\/\/(?=\/)/, '')
    return folder === '' || folder.includes('\0') ? 'names no folder' : { type: 'folder', folder }
  }
  return `must be ${forms}`
}

/** The `from` of a catalog on GitHub after its repository was renamed. @param to - `owner/repo` */
export function movedFrom(from: string, to: string): string {
  return from.replace(/^github:[^#]*/, `github:${to}`)
}

/**
 * What makes a catalog the same one, whatever the options call it and wherever among others they name it.
 * @param input.folder - of a catalog on this machine, absolute
 */
export function identityOf(input: { origin: CatalogOrigin; apiURL?: string | undefined; rawURL?: string | undefined; folder?: string }): string {
  const { origin, apiURL, rawURL } = input
  if (origin.type === 'folder') return input.folder ?? origin.folder
  if (origin.type === 'static') return origin.url
  // GitHub takes no notice of capital letters in names; in a ref it does.
  const repository = `${origin.owner}/${origin.repo}`.toLowerCase()
  return [`github:${repository}#${origin.ref}`, apiURL, rawURL].filter((one) => one !== undefined).join(' ')
}

/** What a catalog is called when the options give it no name. */
export function usualName(origin: CatalogOrigin): string {
  if (origin.type === 'github') return `${origin.owner}/${origin.repo}`
  const parts = (origin.type === 'static' ? new URL(origin.url).host + new URL(origin.url).pathname : origin.folder).split(/[\\/]/)
  return parts.filter((one) => one !== '' && one !== '.' && one !== '..').slice(-2).join('/') || 'catalog'
}
