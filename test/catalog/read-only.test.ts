import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startCli } from '../operations/project.ts'
import { createShelf, type Shelf } from './shelf.ts'

/* A user's folder that cannot be written: root may write everywhere, so a file stands where a folder should. */

const forest = 'design-tokens/colors/forest'

async function shelfWithConfig(): Promise<Shelf & { cli(...args: string[]): ReturnType<typeof startCli>['done'] }> {
  const shelf = await createShelf()
  shelf.write('assetloom.config.mjs', `export default ${JSON.stringify({ ...shelf.options, logLevel: 'warn', constants: false })}\n`)
  return { ...shelf, cli: (...args) => startCli(shelf, args, shelf.env).done }
}
const warnings = (stderr: string) => stderr.split('\n').filter((line) => line.includes('was not kept'))

describe('where nothing can be kept', () => {
  it('search goes on with one warning, and add --local adds to the project', async () => {
    const { cli, config, manifest } = await shelfWithConfig()
    writeFileSync(join(config, 'assetloom'), 'a file')
    const search = await cli('catalog', 'search', 'forest')
    expect(search).toMatchObject({ code: 0, stdout: expect.stringContaining(forest) })
    expect(warnings(search.stderr)).toHaveLength(1)
    const added = await cli('add', forest, '--local')
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining(`Added ${forest}`) })
    expect(warnings(added.stderr)).toHaveLength(1)
    expect(Object.keys(manifest().assets)).toEqual([forest])
  })

  it('add to the own library says which folder it is, and what to do', async () => {
    const { cli, config } = await shelfWithConfig()
    writeFileSync(join(config, 'assetloom'), 'a file')
    const { code, stderr } = await cli('add', forest)
    expect(code).toBe(1)
    expect(stderr).toContain(`Nothing can be kept in ${join(config, 'assetloom/library')}`)
    expect(stderr).toContain('--local')
    expect(stderr).not.toContain('UNEXPECTED')
  })

  it('an index that is gone or locked when the catalog confirms it is used all the same', async () => {
    const shelf = await createShelf()
    await shelf.ask('catalog search', { query: 'forest' })
    const folder = join(shelf.config, 'assetloom/catalogs')
    shelf.catalog.onRequest = (target) => {
      if (!target.endsWith('index.csv')) return
      for (const name of readdirSync(folder)) rmSync(join(folder, name))
    }
    const { catalogs, results } = await shelf.ask('catalog search', { query: 'forest' })
    expect(catalogs[0]).toMatchObject({ state: 'unchanged', assets: 4 })
    expect(results[0].ref).toBe(forest)
  })

  it('what is in the cache is brought up to date there, or the command fails', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: forest, local: true })
    const cached = shelf.cached(`${forest}.asset.yaml`)
    expect(existsSync(cached)).toBe(true)
    writeFileSync(cached, 'changed')
    rmSync(join(shelf.config, 'assetloom/tmp'), { recursive: true, force: true })
    writeFileSync(join(shelf.config, 'assetloom/tmp'), 'a file')
    await expect(shelf.ask('catalog update', { apply: true })).rejects.toMatchObject({ code: 'USER_FOLDER_NOT_WRITABLE' })
    rmSync(join(shelf.config, 'assetloom/tmp'))
    mkdirSync(join(shelf.config, 'assetloom/tmp'))
    expect((await shelf.ask('catalog update', { apply: true })).items[0]).toMatchObject({ ref: forest })
  })
})
