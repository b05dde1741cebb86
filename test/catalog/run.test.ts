import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startCli } from '../operations/project.ts'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import { createShelf, palette, rowOf, toolCode, toolItem, usualFiles, type Shelf } from './shelf.ts'

const shout = 'tools/generators/shout'
const given = { ref: 'shout', param: { text: 'Ab' } }

/** Answers in turn; what was asked. */
function person(...answers: boolean[]) {
  const asked: string[] = []
  return { asked, confirm: async (question: string, _preset: string, shown = '') => answers[asked.push(`${shown}\n${question}`) - 1] ?? false }
}
const isCached = (shelf: Shelf) => existsSync(shelf.cached(`${shout}.ts`))

const inLibrary = (shelf: Shelf, path: string) => join(shelf.config, 'assetloom/library', path)
const layerOf = async (shelf: Shelf) => (await shelf.ask('which', { name: 'shout' })).layer

describe('run of what only a catalog has', () => {
  it.each([
    [{}, { layer: 'global', manifest: false }],
    [{ local: true }, { layer: 'project', manifest: true }],
  ])('with %j registers it, so that which, outdated and update know it, with no network', async (how, { layer, manifest }) => {
    const shelf = await createShelf()
    const lines: string[] = []
    const someone = { ...person(true, true), echo: (line: string) => void lines.push(line) }
    expect(await shelf.ask('run', { ...given, ...how }, someone)).toMatchObject({ output: { text: 'AB' } })
    const place = manifest ? 'assets/library/tools/generators' : inLibrary(shelf, 'tools/generators')
    expect(lines).toEqual([`✓ Downloaded ${shout}`, `✓ Cached to ${shelf.cached('tools/generators')}`, `✓ Added to ${place}`, `\nRunning ${shout}...`])
    expect(someone.asked[0]).toContain(`Download and add to ${manifest ? 'the project' : 'your library'}?`)
    expect(existsSync(shelf.path('assets/manifest.json'))).toBe(manifest)
    expect(existsSync(inLibrary(shelf, `${shout}.ts`))).toBe(!manifest)
    expect(await shelf.ask('outdated', {})).toMatchObject({ items: [], compared: 2 })
    const code = toolCode.replace('toUpperCase', 'toLowerCase')
    const row = rowOf(shout, toolItem, { others: { [`assets/${shout}.ts`]: code } })
    shelf.catalog.repository.commit({ ...(await usualFiles()), 'assets/index.csv': formatIndex([row]), [`assets/${shout}.ts`]: code })
    expect((await shelf.ask('outdated', {})).items.map((one: { layer: string; state: string }) => [one.layer, one.state])).toEqual([[layer, 'outdated'], ['cache', 'outdated']])
    await shelf.ask('catalog update', { apply: true }, person(true))
    await shelf.catalog.close()
    expect(await layerOf(shelf)).toBe(layer)
    expect(await shelf.ask('run', { ...given, ...how }, person())).toMatchObject({ output: { text: 'ab' } })
  })

  it.each([
    [{}, 'CATALOG_PLACE_TAKEN', (shelf: Shelf) => inLibrary(shelf, `${shout}.ts`)],
    [{ local: true }, 'CATALOG_PROJECT_TAKEN', (shelf: Shelf) => shelf.path(`assets/library/${shout}.ts`)],
  ])('with %j writes over no file of the user, and keeps nothing', async (how, code, place) => {
    const shelf = await createShelf()
    const own = place(shelf)
    mkdirSync(dirname(own), { recursive: true })
    writeFileSync(own, 'mine')
    const someone = person(true, true)
    await expect(shelf.ask('run', { ...given, ...how }, someone)).rejects.toMatchObject({ code })
    expect(someone.asked).toHaveLength(1)
    expect(readFileSync(own, 'utf8')).toBe('mine')
    expect(isCached(shelf)).toBe(false)
    await expect(layerOf(shelf)).resolves.toBe('catalog')
  })

  it('with --local makes what is here the project\'s own, asking nothing and nobody', async () => {
    const shelf = await createShelf()
    await shelf.ask('run', given, person(true, true))
    shelf.catalog.requests.length = 0
    const someone = person()
    expect(await shelf.ask('run', { ...given, local: true }, someone)).toMatchObject({ output: { text: 'AB' } })
    expect([someone.asked, shelf.catalog.requests]).toEqual([[], []])
    expect(await layerOf(shelf)).toBe('project')
    expect(existsSync(inLibrary(shelf, `${shout}.ts`))).toBe(true)
    // Of the starter library, too.
    const starter = 'tools/validators/contrast-checker'
    await shelf.ask('run', { ref: starter, local: true, param: { foreground: '#000', background: '#fff' } })
    expect(Object.keys(shelf.manifest().assets)).toEqual([shout, starter])
  })

  it('with --local takes what was edited in the library as its catalog gave it, or not at all', async () => {
    const shelf = await createShelf()
    await shelf.ask('run', given, person(true, true))
    writeFileSync(inLibrary(shelf, `${shout}.ts`), toolCode.replace('toUpperCase', 'toLowerCase'))
    rmSync(join(shelf.config, 'assetloom/assets'), { recursive: true })
    const local = { ...given, local: true }
    await expect(shelf.ask('run', { ...local, assetDownload: false }, person())).rejects.toMatchObject({ code: 'ITEM_ONLY_EDITED' })
    const someone = person(true)
    expect(await shelf.ask('run', local, someone)).toMatchObject({ output: { text: 'AB' } })
    expect(someone.asked).toHaveLength(1)
    expect(readFileSync(inLibrary(shelf, `${shout}.ts`), 'utf8')).toContain('toLowerCase')
  })

  it('brings what it needs along', async () => {
    const needy = `${toolItem}dependencies: { design-tokens/colors/forest: ^1.0.0 }\n`
    const files = await usualFiles()
    const rows = [rowOf(shout, needy, { others: { [`assets/${shout}.ts`]: toolCode }, dependencies: { 'design-tokens/colors/forest': '^1.0.0' } }), rowOf('design-tokens/colors/forest', palette, { version: '1.2.0' })]
    const shelf = await createShelf({ files: { ...files, 'assets/index.csv': formatIndex(rows), [`assets/${shout}.asset.yaml`]: needy } })
    const someone = person(true, true)
    await shelf.ask('run', { ...given, local: true }, someone)
    expect(someone.asked[0]).toContain('With: design-tokens/colors/forest')
    expect(Object.keys(shelf.manifest().assets)).toEqual(['design-tokens/colors/forest', shout])
  })

  it('asks, downloads, shows the code, asks once for it, runs it, and runs it again without a network', async () => {
    const shelf = await createShelf()
    const first = person(true, true)
    expect(await shelf.ask('run', given, first)).toMatchObject({ ref: shout, output: { text: 'AB' } })
    expect(first.asked).toHaveLength(2)
    expect(first.asked[0]).toMatch(/Found in catalog:[^]*Make a text loud[^]*Tags: text[^]*acme[^]*Download and add to your library\?/)
    expect(first.asked[1]).toContain(toolCode)
    expect(existsSync(shelf.path('assets/manifest.json'))).toBe(false)
    await shelf.catalog.close()
    const later = person()
    expect(await shelf.ask('run', given, later)).toMatchObject({ output: { text: 'AB' } })
    expect(later.asked).toEqual([])
  })

  it('a no is a no: to the download, and to the code', async () => {
    const shelf = await createShelf()
    await expect(shelf.ask('run', given, person(false))).rejects.toMatchObject({ code: 'CATALOG_NOT_DOWNLOADED' })
    expect(shelf.catalog.requests.some(({ target }) => target.includes('shout'))).toBe(false)
    await expect(shelf.ask('run', given, person(true, false))).rejects.toMatchObject({ code: 'CONSENT_MISSING' })
    expect(isCached(shelf)).toBe(false)
  })

  it('asks no catalog when downloads are off, and none for what cannot be run', async () => {
    const shelf = await createShelf()
    await expect(shelf.ask('run', given, {}, { catalog: { download: false, sources: [shelf.catalog.source] } })).rejects.toMatchObject({ code: 'ASSET_NOWHERE' })
    expect(shelf.catalog.requests).toEqual([])
    await expect(shelf.ask('run', { ref: 'forest' }, person(true))).rejects.toMatchObject({ code: 'VERB_UNSUITABLE' })
    await expect(shelf.ask('run', { ref: 'nothing' }, person(true))).rejects.toMatchObject({ code: 'ASSET_NOWHERE' })
  })

  it('runs a workflow with what it uses, once both were let in', async () => {
    const text = `name: Loud\nversion: "1.0.0"\nsteps:\n  - { id: shout, use: ${shout}, with: { text: ab } }\noutputs: { said: steps.shout.output.text }\n`
    const ref = 'workflows/content/loud'
    const index = formatIndex([rowOf(shout, toolItem, { others: { [`assets/${shout}.ts`]: toolCode } }), rowOf(ref, text)])
    const shelf = await createShelf({ files: { ...(await usualFiles()), 'assets/index.csv': index, [`assets/${ref}.asset.yaml`]: text } })
    const no = person(true, false)
    await expect(shelf.ask('run', { ref }, no)).rejects.toMatchObject({ code: 'CONSENT_MISSING' })
    expect(await shelf.ask('run', { ref }, person(true, true, true, true))).toMatchObject({ status: 'completed', outputs: { said: 'AB' } })
  })

  it('asks anew for other bytes, and not for what add let in', async () => {
    const shelf = await createShelf()
    await shelf.ask('add', { query: shout }, person(true))
    expect(await shelf.ask('run', given, person())).toMatchObject({ output: { text: 'AB' } })
    const file = join(shelf.config, 'assetloom/library', `${shout}.ts`)
    writeFileSync(file, toolCode.replace('toUpperCase', 'toLowerCase'))
    await expect(shelf.ask('run', given, person(false))).rejects.toMatchObject({ code: 'CONSENT_MISSING' })
    expect(await shelf.ask('run', given, person(true))).toMatchObject({ output: { text: 'ab' } })
  })

  it.each([[[]], [['--json']], [['--quiet']]])('shows the code with --yes and %j, where nobody is asked, before its first run only', async (how) => {
    const shelf = await createShelf()
    shelf.write('assetloom.config.ts', `export default ${JSON.stringify(shelf.options)}\n`)
    const cli = () => startCli(shelf, ['run', shout, '--text', 'Ab', '--yes', ...how], shelf.env).done
    const first = await cli()
    expect(first.stderr).toContain(toolCode)
    expect(first.stdout).toMatch(/^\{[^]*"AB"[^]*\}\n$/)
    expect((await cli()).stderr).not.toContain('toUpperCase')
  })

  it('on the command line --yes answers both; without it nothing is fetched', async () => {
    const shelf = await createShelf()
    shelf.write('assetloom.config.ts', `export default ${JSON.stringify(shelf.options)}\n`)
    const cli = async (...args: string[]) => {
      const { code, stdout } = await startCli(shelf, ['run', shout, '--text', 'Ab', '--json', ...args], shelf.env).done
      return { code, ...(JSON.parse(stdout) as { error?: { code: string }; data?: { output: unknown } }) }
    }
    expect(await cli()).toMatchObject({ code: 2, error: { code: 'CATALOG_NOT_DOWNLOADED' } })
    expect(isCached(shelf)).toBe(false)
    expect(await cli('--yes')).toMatchObject({ code: 0, data: { output: { text: 'AB' } } })
    expect(await cli()).toMatchObject({ code: 0, data: { output: { text: 'AB' } } })
  })
})
