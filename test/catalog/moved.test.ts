import { describe, expect, it } from 'vitest'
import { redirectTarget } from '../../src/core/catalog/redirect.ts'
import { movedFrom } from '../../src/core/catalog/source.ts'
import type { LogEvent } from '../../src/core/ports.ts'
import { openWorkspace } from '../../src/workspace.ts'
import { createShelf, palette, usualFiles, type Shelf } from './shelf.ts'

/* A repository that has another name on GitHub than the options give it. */

const forest = 'design-tokens/colors/forest'
const newName = 'other-owner/new-assets'

/** Search once, as a command does. @returns what was found, and what was told */
async function searched(shelf: Shelf) {
  const told: LogEvent[] = []
  const options = { ...shelf.options, logLevel: 'warn' as const }
  const workspace = await openWorkspace({ root: shelf.root, options, env: shelf.env, show: (event) => told.push(event) })
  try {
    const { open, total } = await (await workspace.catalogs()).search('forest', 20, new AbortController().signal)
    return { state: open[0]?.state, total, told }
  } finally {
    await workspace.close()
  }
}

describe('a repository that was moved', () => {
  it('is read where the API leads, and its new name is told once', async () => {
    const shelf = await createShelf()
    expect(await searched(shelf)).toEqual({ state: 'new', total: 1, told: [] })
    shelf.catalog.moveTo(newName)
    shelf.catalog.repository.commit({ ...(await usualFiles()), 'README.md': 'moved' })
    expect(await searched(shelf)).toEqual({
      state: 'unchanged',
      total: 1,
      told: [expect.objectContaining({
        event: 'CATALOG_MOVED',
        message: `The catalog acme is called ${newName} on GitHub now.`,
        hint: expect.stringContaining(`github:${newName}#main in place of github:acme/assets#main`) as string,
      })],
    })
    expect(await searched(shelf)).toEqual({ state: 'unchanged', total: 1, told: [] })
    expect((await shelf.ask('add', { query: forest, local: true })).assets[0].state).toBe('added')
    expect(shelf.read(`assets/library/${forest}.asset.yaml`).toString()).toBe(palette)
  })

  it('is asked with its token under the number that the API names, and nowhere else', async () => {
    const token = 'canary-catalog-token-4711'
    const shelf = await createShelf({ token })
    shelf.catalog.moveTo(newName)
    expect((await searched(shelf)).state).toBe('new')
    const asked = shelf.catalog.requests.map(({ target, status, headers }) => `${status} ${target.replace(/[0-9a-f]{40}/, 'SHA')} ${headers.authorization ?? ''}`)
    const bearer = `Bearer ${token}`
    expect(asked).toEqual([`301 /repos/acme/assets/commits/main ${bearer}`, `200 /repositories/4711/commits/main ${bearer}`, `200 /acme/assets/SHA/assets/index.csv ${bearer}`])
  })

  it('is listed, too, when its index is gone', async () => {
    const { 'assets/index.csv': _index, ...files } = await usualFiles()
    const shelf = await createShelf({ files })
    shelf.catalog.moveTo(newName)
    expect(await searched(shelf)).toMatchObject({ state: 'listing', total: 1 })
  })

  it.each([
    '/repositories/4711/commits/other', '/repositories/4711/commits/main?token=1', '/repositories/4711/contents/commits/main', '/repositories//commits/main',
    '/repositories/x/commits/main', '/repositories/4711', '/user/4711/commits/main', '/repos/other-owner/new-assets/commits/main',
    'http://127.0.0.1:9/repositories/4711/commits/main', 'http://localhost/repositories/4711/commits/main', '/repositories/4711/../4711/commits/main',
  ])('is not looked for at %s', async (redirect) => {
    const shelf = await createShelf()
    await searched(shelf)
    shelf.catalog.moveTo(newName)
    shelf.catalog.faults.push({ on: /commits/, fault: { redirect, status: 301 } })
    expect(await searched(shelf)).toMatchObject({ state: 'last-good', total: 1 })
    expect(shelf.catalog.requests.filter(({ target }) => target.startsWith('/repositories'))).toEqual([])
  })

  it('gives raw files under its commit only', () => {
    const from = 'https://raw.githubusercontent.com/acme/assets/abc/assets/x'
    expect(redirectTarget({ from, location: '/repositories/4711/abc/assets/x', under: '/acme/assets/abc/' })).toHaveProperty('why')
  })

  it.each([
    ['github:acme/assets', 'github:new/name'],
    ['github:acme/assets#v1/x', 'github:new/name#v1/x'],
  ])('%s is written %s', (from, to) => {
    expect(movedFrom(from, 'new/name')).toBe(to)
  })
})
