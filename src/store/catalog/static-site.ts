import { encodedPath } from './github.ts'
import { politeGet } from './polite-get.ts'
import type { CatalogTransport, RemoteInput } from './transport.ts'

/**
 * A catalog on any web server: files under one address. It has no commits; what keeps an operation whole are the digests
 * of the index.
 * @param input.url - ends with a slash
 * @param input.token - sent to paths under the address, and nowhere else
 */
export function createStaticTransport(input: RemoteInput & { url: string }): CatalogTransport {
  const { name, url, token, patienceMs } = input
  return {
    page: url,
    placeOf: (_revision, path) => `${url}${path}`,
    pin: async () => ({ revision: '' }),
    read: (_revision, path, limit) =>
      politeGet({
        ...limit,
        catalog: name,
        patienceMs,
        what: path,
        url: `${url}${encodedPath(path)}`,
        under: new URL(url).pathname,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      }),
  }
}
