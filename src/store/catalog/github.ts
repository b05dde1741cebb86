import * as z from 'zod'
import { rowPathRefusal } from '../../core/catalog/row-path.ts'
import type { CatalogOrigin } from '../../core/catalog/source.ts'
import { politeGet, type GetRequest } from './polite-get.ts'
import { catalogRequestFailed, type CatalogTransport, type ReadAnswer, type RemoteInput } from './transport.ts'

const commitAnswer = z.looseObject({ sha: z.string().regex(/^[0-9a-f]{40}$/), url: z.string().optional() })
const treeAnswer = z.looseObject({
  truncated: z.boolean().default(false),
  tree: z.array(z.looseObject({ path: z.string(), type: z.string(), sha: z.string(), size: z.number().int().min(0).optional() })),
})

/** A listing of a hundred thousand files has this size. */
const maxListingBytes = 40 * 1024 * 1024
const maxCommitBytes = 5 * 1024 * 1024

/**
 * A repository on GitHub: the ref becomes a commit first, and every file is read at it.
 * @param input.token - sent to the two hosts with paths of this repository, and nowhere else
 */
export function createGithubTransport(
  input: RemoteInput & { origin: Extract<CatalogOrigin, { type: 'github' }>; apiURL?: string | undefined; rawURL?: string | undefined },
): CatalogTransport {
  const { name, origin, token, patienceMs } = input
  const { owner, repo, ref } = origin
  const { apiBase, rawBase, webBase } = githubBases(input)
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }

  const get = (base: string, under: string, rest: string, more: Pick<GetRequest, 'what' | 'maxBytes' | 'signal' | 'isSameElsewhere'> & { etag?: string | undefined; accept?: string }) => {
    const { accept, ...request } = more
    const url = `${base}${under}${rest}`
    return politeGet({
      ...request,
      catalog: name,
      patienceMs,
      url,
      under: new URL(`${base}${under}`).pathname,
      headers: { ...headers, ...(accept !== undefined && { accept }) },
    })
  }
  const askAPI = (rest: string, what: string, limit: { maxBytes: number; etag?: string | undefined; signal: AbortSignal }) =>
    get(apiBase, `repos/${owner}/${repo}/`, rest, {
      ...limit,
      what,
      accept: 'application/vnd.github+json',
      isSameElsewhere: (target) => isByNumber(target, `${new URL(apiBase).pathname}repositories/`, rest),
    })

  const jsonOf = <T>(answer: ReadAnswer, schema: z.ZodType<T>, what: string): T => {
    try {
      return schema.parse(JSON.parse(new TextDecoder().decode((answer as { bytes: Uint8Array }).bytes)))
    } catch (cause) {
      throw catalogRequestFailed(
        { catalog: name, what, why: 'the answer is none of the GitHub API', fault: 'refused' },
        { cause, details: { fault: 'refused', catalog: name } },
      )
    }
  }

  return {
    page: `${webBase}${owner}/${repo}${ref === 'HEAD' ? '' : `/tree/${encodedPath(ref)}`}`,
    placeOf: (revision, path) => `${webBase.replace(/^https?:\/\//, '')}${owner}/${repo}/blob/${revision}/${path}`,
    async pin(known, signal) {
      if (/^[0-9a-f]{40}$/.test(ref)) return { revision: ref }
      const what = ref === 'HEAD' ? 'its newest commit' : `the commit of ${ref}`
      const answer = await askAPI(`commits/${encodedPath(ref)}`, what, { maxBytes: maxCommitBytes, etag: known?.etag, signal })
      if (answer === 'unchanged') return known!
      const { sha, url } = jsonOf(answer, commitAnswer, what)
      return { revision: sha, etag: answer.etag, movedTo: otherName(url, `${owner}/${repo}`) }
    },
    read: (revision, path, limit) => get(rawBase, `${owner}/${repo}/${revision}/`, encodedPath(path), { ...limit, what: path }),
    async list(revision, signal) {
      const what = 'the listing of its files'
      const answer = await askAPI(`git/trees/${revision}?recursive=1`, what, { maxBytes: maxListingBytes, signal })
      const { tree, truncated: isPartial } = jsonOf(answer, treeAnswer, what)
      const files = tree.flatMap(({ path, type, sha, size }) =>
        type === 'blob' && path.startsWith('assets/') && !rowPathRefusal(path) ? [{ path, sha, sizeBytes: size ?? 0 }] : [],
      )
      return { files, isPartial }
    },
  }
}

/**
 * Where GitHub is asked and shown, each with its closing slash. An Enterprise Server has its API at `HOST/api/v3`, raw
 * files at `HOST/raw`, and its pages at `HOST`.
 */
function githubBases({ apiURL = 'https://api.github.com', rawURL }: { apiURL?: string | undefined; rawURL?: string | undefined }) {
  const apiBase = folderURL(apiURL)
  const [, server] = /^(https?:\/\/[^/]+)\/api\/v3\/$/.exec(apiBase) ?? []
  return {
    apiBase,
    rawBase: folderURL(rawURL ?? (server === undefined ? 'https://raw.githubusercontent.com' : `${server}/raw`)),
    webBase: folderURL(server ?? 'https://github.com'),
  }
}

/**
 * Whether a path is what was asked for by the number of the repository: where the API leads to after the repository was
 * renamed or moved.
 * @param base - path of all repositories by number
 * @param rest - of the request, after the repository
 */
function isByNumber(target: string, base: string, rest: string): boolean {
  return target.startsWith(base) && target.endsWith(`/${rest}`) && /^\d{1,19}$/.test(target.slice(base.length, -rest.length - 1))
}

/** The repository that the address of a commit names, when it is another one than was asked for. */
function otherName(url: string | undefined, asked: string): string | undefined {
  const [, named] = /\/repos\/([A-Za-z0-9-]{1,100}\/[A-Za-z0-9._-]{1,100})\/commits\/[0-9a-f]{40}$/.exec(url ?? '') ?? []
  return named === undefined || named.toLowerCase() === asked.toLowerCase() ? undefined : named
}

/** A base with its closing slash. */
function folderURL(base: string): string {
  return base.endsWith('/') ? base : `${base}/`
}

export function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
