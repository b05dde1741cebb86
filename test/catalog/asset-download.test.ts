import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { complete } from '../../src/cli/complete.ts'
import { startCli } from '../operations/project.ts'
import { createShelf, type Shelf } from './shelf.ts'

const forest = 'design-tokens/colors/forest'
const prompt = 'ai-prompts/code/commit-message'
const shout = 'tools/generators/shout'

async function shelfWith(download?: boolean | 'auto'): Promise<Shelf> {
  const shelf = await createShelf()
  const catalog = { sources: [shelf.catalog.source], ...(download !== undefined && { download }) }
  shelf.write('assetloom.config.ts', `export default ${JSON.stringify({ catalog })}\n`)
  return shelf
}

async function cli(shelf: Shelf, ...args: string[]) {
  const { code, stdout } = await startCli(shelf, [...args, '--json'], shelf.env).done
  const answer = JSON.parse(stdout) as { error?: { code: string; message: string }; data?: Record<string, unknown> }
  return { code, ...answer }
}
const mayAdd = { confirm: async () => true }

describe('--asset-download', () => {
  it.each(['which', 'info'])('=false lets %s look on this machine only', async (name) => {
    const shelf = await shelfWith()
    expect(await cli(shelf, name, forest, '--asset-download=false')).toMatchObject({ code: 1, error: { code: 'ASSET_NOWHERE', message: expect.stringContaining('no catalog: downloads are off (--asset-download asks)') as string } })
    expect(shelf.catalog.requests).toEqual([])
    expect(await cli(shelf, name, forest, '--asset-download')).toMatchObject({ code: 0, data: { layer: 'catalog' } })
    await shelf.ask('add', { query: forest })
    shelf.catalog.requests.length = 0
    expect(await cli(shelf, name, forest, '--asset-download=false')).toMatchObject({ code: 0, data: { layer: 'global' } })
    expect(shelf.catalog.requests).toEqual([])
  })

  it('=false lets add take what this machine has, and dependencies, and nothing else', async () => {
    const shelf = await shelfWith('auto')
    expect(await cli(shelf, 'add', forest, '--local', '--asset-download=false')).toMatchObject({ code: 1, error: { code: 'CATALOG_DOWNLOAD_OFF' } })
    await shelf.ask('add', { query: forest })
    shelf.catalog.requests.length = 0
    expect(await cli(shelf, 'add', forest, '--local', '--asset-download=false')).toMatchObject({ code: 0, data: { assets: [{ ref: forest, layer: 'project', state: 'added' }] } })
    expect(shelf.catalog.requests).toEqual([])
    expect(shelf.manifest().assets[forest]).toMatchObject({ source: { type: 'catalog', catalog: 'acme' } })
  })

  it('is no need for add to take from the library where no catalog is named, or another is', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: forest })
    await shelf.ask('add', { query: shout }, mayAdd)
    shelf.catalog.requests.length = 0
    await shelf.ask('add', { query: shout, local: true }, {}, { catalog: undefined })
    shelf.write('shared/assets/index.csv', 'type,category,name,description,tags,bin,sha,size,created,updated\n')
    await shelf.ask('add', { query: forest, local: true }, {}, { catalog: ['file:shared'] })
    expect(Object.keys(shelf.manifest().assets)).toEqual([forest, shout])
    expect(shelf.catalog.requests).toEqual([])
    await expect(shelf.ask('add', { query: prompt, local: true }, {}, { catalog: undefined })).rejects.toMatchObject({ code: 'CATALOG_NONE' })
  })

  it('on run is in place of catalog.download', async () => {
    const shelf = await shelfWith('auto')
    const run = (...args: string[]) => cli(shelf, 'run', shout, '--text', 'Ab', ...args)
    expect(await run('--asset-download=false')).toMatchObject({ code: 1, error: { code: 'ASSET_NOWHERE' } })
    expect(shelf.catalog.requests).toEqual([])
    const off = await shelfWith(false)
    // The code is asked for all the same.
    expect(await cli(off, 'run', shout, '--text', 'Ab', '--asset-download')).toMatchObject({ code: 1, error: { code: 'CONSENT_MISSING' } })
    expect(await cli(off, 'run', '--asset-download', shout, '--text', 'Ab', '--yes')).toMatchObject({ code: 0, data: { output: { text: 'AB' } } })
    expect(existsSync(off.cached(`${shout}.ts`))).toBe(true)
    expect(await cli(off, 'run', shout, '--text', 'Ab', '--asset-download=false')).toMatchObject({ code: 0, data: { output: { text: 'AB' } } })
  })

  it('stands in place of catalog.download: false, with which no command asks a catalog', async () => {
    const shelf = await shelfWith(false)
    expect(await cli(shelf, 'add', forest)).toMatchObject({ code: 1, error: { code: 'CATALOG_DOWNLOAD_OFF', message: expect.stringContaining('catalog.download: false'), hint: expect.stringContaining('--asset-download allows it') } })
    expect(await cli(shelf, 'which', forest)).toMatchObject({ code: 1, error: { code: 'ASSET_NOWHERE', message: expect.stringContaining('downloads are off') } })
    expect(await cli(shelf, 'info', forest)).toMatchObject({ code: 1, error: { code: 'ASSET_NOWHERE' } })
    expect(shelf.catalog.requests).toEqual([])
    expect(await cli(shelf, 'which', forest, '--asset-download')).toMatchObject({ code: 0, data: { layer: 'catalog' } })
    expect(await cli(shelf, 'add', forest, '--asset-download')).toMatchObject({ code: 0, data: { assets: [{ state: 'added' }] } })
    shelf.catalog.requests.length = 0
    expect(await cli(shelf, 'add', forest, '--local')).toMatchObject({ code: 0, data: { assets: [{ state: 'added' }] } })
    expect(shelf.catalog.requests).toEqual([])
  })

  it('asks on a terminal', async () => {
    const shelf = await createShelf()
    const asked: string[] = []
    const confirm = async (question: string) => asked.push(question) < 0
    await expect(shelf.ask('run', { ref: shout, param: { text: 'a' }, assetDownload: true }, { isInteractive: true, confirm }, { catalog: { download: false, sources: [shelf.catalog.source] } })).rejects.toMatchObject({ code: 'CATALOG_NOT_DOWNLOADED' })
    expect(asked).toHaveLength(1)
  })

  it.each(['--asset-download=maybe', '--asset-download=', '--asset-download=1', '--asset-downloads'])('%s is refused', async (flag) => {
    const shelf = await shelfWith()
    expect(await cli(shelf, 'which', forest, flag)).toMatchObject({ code: 2, error: { code: 'USAGE' } })
    expect(shelf.catalog.requests).toEqual([])
  })

  it('stands in the help, and where a shell completes', async () => {
    const shelf = await shelfWith()
    expect((await startCli(shelf, ['add', '--help'], shelf.env).done).stdout).toContain('--asset-download[=bool]')
    expect(await complete(['--', 'run', '--asset'])).toContain('--asset-download\t')
  })
})
