import * as z from 'zod'
import { rowPathRefusal } from '../../core/catalog/row-path.ts'
import type { CatalogOrigin } from '../../core/catalog/source.ts'
import { politeGet, type GetRequest } from './polite-get.ts'
import { catalogRequestFailed, type CatalogTransport, type ReadAnswer } from './transport.ts'

const commitAnswer = z.looseObject({ sha: z.string().regex(/^[0-9a-f]{40}$/) })
const treeAnswer = z.looseObject({
  tree: z.array(z.looseObject({ path: z.string(), type: z.string(), sha: z.string(), size: z.number().int().min(0).optional() })),
})

/** A listing of a hundred thousand files has this size. */
const maxListingBytes = 40 * 1024 * 1024
const maxCommitBytes = 5 * 1024 * 1024

/**
 * A repository on GitHub: the ref becomes a commit first, and every file is read at it.
 * @param input.token - sent to the two hosts with paths of this repository, and nowhere else
 */
export function createGithubTransport(input: {
  name: string
  origin: Extract<CatalogOrigin, { type: 'github' }>
  apiURL?: string | undefined
  rawURL?: string | undefined
  token?: string | undefined
}): CatalogTransport {
  const { name, origin, token } = input
  const { owner, repo, ref } = origin
  const apiBase = folderURL(input.apiURL ?? 'https://api.github.com')
  const rawBase = folderURL(input.rawURL ?? 'https://raw.githubusercontent.com')
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }

  const get = (base: string, under: string, rest: string, more: Pick<GetRequest, 'what' | 'maxBytes' | 'signal'> & { etag?: string | undefined; accept?: string }) => {
    const { accept, ...request } = more
    const url = `${base}${under}${rest}`
    return politeGet({
      ...request,
      catalog: name,
      url,
      under: new URL(`${base}${under}`).pathname,
      headers: { ...headers, ...(accept !== undefined && { accept }) },
    })
  }
  const askAPI = (rest: string, what: string, limit: { maxBytes: number; etag?: string | undefined; signal: AbortSignal }) =>
    get(apiBase, `repos/${owner}/${repo}/`, rest, { ...limit, what, accept: 'application/vnd.github+json' })

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
    page: `https://github.com/${owner}/${repo}${ref === 'HEAD' ? '' : `/tree/${encodedPath(ref)}`}`,
    placeOf: (revision, path) => `github.com/${owner}/${repo}/blob/${revision}/${path}`,
    async pin(known, signal) {
      if (/^[0-9a-f]{40}$/.test(ref)) return { revision: ref }
      const what = ref === 'HEAD' ? 'its newest commit' : `the commit of ${ref}`
      const answer = await askAPI(`commits/${encodedPath(ref)}`, what, { maxBytes: maxCommitBytes, etag: known?.etag, signal })
      if (answer === 'unchanged') return known!
      return { revision: jsonOf(answer, commitAnswer, what).sha, etag: answer.etag }
    },
    read: (revision, path, limit) => get(rawBase, `${owner}/${repo}/${revision}/`, encodedPath(path), { ...limit, what: path }),
    async list(revision, signal) {
      const what = 'the listing of its files'
      const answer = await askAPI(`git/trees/${revision}?recursive=1`, what, { maxBytes: maxListingBytes, signal })
      return jsonOf(answer, treeAnswer, what).tree.flatMap(({ path, type, sha, size }) =>
        type === 'blob' && path.startsWith('assets/') && !rowPathRefusal(path) ? [{ path, sha, sizeBytes: size ?? 0 }] : [],
      )
    },
  }
}

/** A base with its closing slash. */
function folderURL(base: string): string {
  return base.endsWith('/') ? base : `${base}/`
}

export function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
