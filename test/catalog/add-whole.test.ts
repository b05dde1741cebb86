import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import { startCli } from '../operations/project.ts'
import { createShelf, palette, rowOf, told, toolCode, toolItem, usualFiles, type Shelf } from './shelf.ts'

/* An asset comes with what it depends on, or nothing comes. */

const forest = 'design-tokens/colors/forest'
const shout = 'tools/generators/shout'
const top = 'ai-prompts/code/top'
const topText = `name: Top\nversion: "1.0.0"\ndependencies: ${JSON.stringify({ [forest]: '*', [shout]: '*' })}\nprompt: hello\n`

async function shelfWithDependencies(): Promise<Shelf> {
  const rows = [
    rowOf(forest, palette), rowOf(shout, toolItem, { others: { [`assets/${shout}.ts`]: toolCode } }),
    rowOf(top, topText, { dependencies: { [forest]: '*', [shout]: '*' } }),
  ]
  return createShelf({ files: { ...(await usualFiles()), 'assets/index.csv': formatIndex(rows), [`assets/${top}.asset.yaml`]: topText } })
}
const yes = { confirm: async () => true }
const below = (folder: string) => (existsSync(folder) ? readdirSync(folder) : [])

describe('add with dependencies', () => {
  it('writes all of them in one change', async () => {
    const shelf = await shelfWithDependencies()
    const { assets } = await shelf.ask('add', { query: top, local: true }, yes)
    expect(assets.map(({ ref, state }: { ref: string; state: string }) => [ref, state])).toEqual([[forest, 'added'], [shout, 'added'], [top, 'added']])
    expect(Object.keys(shelf.manifest().assets).sort()).toEqual([top, forest, shout].sort())
    expect((await shelf.ask('versions', { ref: forest })).versions).toHaveLength(1)
    expect(await shelf.ask('sync', {})).toMatchObject({ added: [], changed: [], missing: [], failed: [] })
  })

  it.each([true, false])('without consent for one of them changes nothing (local: %s)', async (local) => {
    const shelf = await shelfWithDependencies()
    await expect(shelf.ask('add', { query: top, local })).rejects.toMatchObject({ code: 'CONSENT_MISSING', hint: expect.stringContaining(`assetloom add ${shout} --diff`) })
    expect(existsSync(shelf.path('assets'))).toBe(false)
    expect(below(join(shelf.config, 'assetloom/library'))).toEqual([])
    expect(below(join(shelf.config, 'assetloom/assets'))).toEqual([])
  })

  it('whose own place is taken changes nothing, and asks nothing', async () => {
    const shelf = await shelfWithDependencies()
    const file = `assets/library/${top}.asset.yaml`
    shelf.write(file, 'mine\n')
    const asked: string[] = []
    const confirm = async (question: string) => asked.push(question) > 0
    await expect(shelf.ask('add', { query: top, local: true }, { confirm })).rejects.toMatchObject({ code: 'CATALOG_PROJECT_TAKEN' })
    expect(asked).toEqual([])
    expect(shelf.files('assets')).toEqual([file])
  })
})

describe('a preview', () => {
  it.each([{ dryRun: true }, { diff: true }])('with %j says what add would refuse, with exit code 5', async (how) => {
    const shelf = await createShelf()
    shelf.write('assetloom.config.mjs', `export default ${JSON.stringify({ ...shelf.options, constants: false })}\n`)
    shelf.write(`assets/library/${forest}.asset.yaml`, 'mine\n')
    const flag = 'diff' in how ? '--diff' : '--dry-run'
    const { code, stdout } = await startCli(shelf, ['add', forest, '--local', flag, '--json'], shelf.env).done
    expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({
      code: 5, ok: false, error: { code: 'CATALOG_PROJECT_TAKEN' }, data: { assets: [{ ref: forest, state: 'conflict', why: expect.stringContaining('exists already') }] },
    })
    expect(await told(shelf, 'add', { query: forest, local: true, ...how })).toContain(`! ${forest} cannot be added: assets/library/${forest}.asset.yaml exists already`)
  })

  it('with --diff writes nothing, and knows what is there already', async () => {
    const shelf = await createShelf()
    expect((await shelf.ask('add', { query: forest, local: true, diff: true })).assets[0]).toMatchObject({ state: 'planned', diff: expect.stringContaining('+name: Forest') })
    expect(existsSync(shelf.path('assets'))).toBe(false)
    await shelf.ask('add', { query: forest })
    expect(await told(shelf, 'add', { query: forest, dryRun: true })).toContain(`· ${forest} is there already, in your library`)
  })
})

describe('two processes', () => {
  it('that add the same to the project are both right', { timeout: 60_000 }, async () => {
    const shelf = await createShelf()
    shelf.write('assetloom.config.mjs', `export default ${JSON.stringify({ ...shelf.options, constants: false })}\n`)
    await shelf.ask('add', { query: 'star', local: true })
    // Both have looked at the project before either has the file.
    shelf.catalog.hold = /forest/
    const both = [1, 2].map(() => startCli(shelf, ['add', forest, '--local', '--json'], shelf.env).done)
    await expect.poll(() => shelf.catalog.held(), { timeout: 30_000 }).toBe(2)
    shelf.catalog.release()
    const answers = (await Promise.all(both)).map(({ code, stdout }) => ({ code, ...(JSON.parse(stdout) as { data?: { assets: { state: string }[] } }) }))
    expect(answers).toEqual([expect.objectContaining({ code: 0 }), expect.objectContaining({ code: 0 })])
    expect(answers.map(({ data }) => data!.assets[0]!.state).sort()).toEqual(['added', 'current'])
  })
})
