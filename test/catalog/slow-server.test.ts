import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readOrigin, type CatalogOrigin } from '../../src/core/catalog/source.ts'
import { createCatalog, namedRows } from '../../src/store/catalog/catalog.ts'
import { userPaths } from '../../src/store/catalog/user-folder.ts'
import { startCatalog, type CatalogFault } from '../fakes/catalog/index.ts'
import { usualFiles } from './shelf.ts'

/* A server that takes a request and does not come to an end with it. */

const closing: (() => Promise<void> | void)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

/** @param input.isSite - read the catalog as a plain site */
async function slowCatalog({ isSite = false } = {}) {
  const server = await startCatalog()
  server.repository.commit(await usualFiles())
  const folder = mkdtempSync(join(tmpdir(), 'assetloom-slow-'))
  closing.push(server.close, () => rmSync(folder, { recursive: true, force: true }))
  const paths = userPaths(folder)
  const from = isSite ? server.staticURL : server.source.from
  /** As each operation opens it. */
  const open = (patienceMs?: number) =>
    createCatalog({
      ...server.source,
      from,
      origin: readOrigin(from) as CatalogOrigin,
      paths,
      resolveFolder: (one) => one,
      cached: () => 0,
      limited: (work) => work(),
      namedIn: async () => [],
      onFault(error) {
        throw error
      },
      onMoved() {},
      ...(patienceMs !== undefined && { patienceMs }),
    })
  return { server, paths, open }
}
const { signal } = new AbortController()
const slow: [string, CatalogFault][] = [['never begins to answer', 'hang'], ['stops in the middle of a file', 'stall']]

describe.each(slow)('a server that %s', (_what, fault) => {
  it.each([['the commit', false, /commits/, 'its newest commit|the commit of main'], ['the index', false, /index\.csv/, 'assets/index\\.csv'], ['the index of a site', true, /index\.csv/, 'assets/index\\.csv']] as const)(
    'when asked for %s: a clear error the first time, the last good index later',
    async (_part, isSite, on, named) => {
      const { server, paths, open } = await slowCatalog({ isSite })
      server.faults.push({ on, fault })
      if (on.source !== 'commits') server.faults.push({ on: /git\/trees/, fault: { status: 404 } })
      await expect(open(250).index(signal)).rejects.toMatchObject({
        code: 'CATALOG_UNREACHABLE',
        message: expect.stringMatching(new RegExp(`acme did not give (?:${named}): no whole answer came in 0\\.25 s`)) as string,
      })
      expect(existsSync(paths.indexes)).toBe(false)
      expect((await open().index(signal)).state).toBe('new')
      const files = await usualFiles()
      server.repository.commit({ ...files, 'assets/index.csv': `${files['assets/index.csv'] as string}\n` })
      server.faults.push({ on, fault })
      const late = await open(250).index(signal)
      expect(late).toMatchObject({ state: 'last-good', rows: 4, why: expect.stringContaining('no whole answer came in 0.25 s') as string })
      expect((await open().index(signal)).state).toBe('new')
    },
  )

  it('when asked for a file of an asset: nothing is kept of it', async () => {
    const { server, paths, open } = await slowCatalog()
    const catalog = open(250)
    const row = namedRows(await catalog.index(signal), 'star')[0]!
    server.faults.push({ on: /star\.png/, fault })
    await expect(catalog.download(row, signal)).rejects.toMatchObject({ code: 'CATALOG_REQUEST_FAILED', details: { fault: 'unreachable' } })
    expect(readdirSync(paths.folder)).toEqual(['catalogs', 'tmp'])
    expect((await catalog.download(row, signal)).files).toHaveLength(1)
  })
})

it('a request that the user ends is no fault of the server', async () => {
  const { server, open } = await slowCatalog()
  server.faults.push({ on: /commits/, fault: 'hang' })
  const controller = new AbortController()
  const opening = open().index(controller.signal)
  await expect.poll(() => server.requests.length).toBe(1)
  controller.abort(new Error('enough'))
  await expect(opening).rejects.toThrow('enough')
})
