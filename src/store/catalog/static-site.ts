import { encodedPath } from './github.ts'
import { politeGet } from './polite-get.ts'
import type { CatalogTransport } from './transport.ts'

/**
 * A catalog on any web server: files under one address. It has no commits; what keeps an operation whole are the digests
 * of the index.
 * @param input.url - ends with a slash
 * @param input.token - sent to paths under the address, and nowhere else
 */
export function createStaticTransport(input: { name: string; url: string; token?: string | undefined }): CatalogTransport {
  const { name, url, token } = input
  return {
    page: url,
    placeOf: (_revision, path) => `${url}${path}`,
    pin: async () => ({ revision: '' }),
    read: (_revision, path, limit) =>
      politeGet({
        ...limit,
        catalog: name,
        what: path,
        url: `${url}${encodedPath(path)}`,
        under: new URL(url).pathname,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      }),
  }
}
