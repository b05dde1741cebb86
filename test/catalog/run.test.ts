import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startCli } from '../operations/project.ts'
import { formatIndex } from '../../src/store/catalog/index-csv.ts'
import { createShelf, rowOf, toolCode, type Shelf } from './shelf.ts'

const shout = 'tools/generators/shout'
const given = { ref: 'shout', param: { text: 'Ab' } }

/** Answers in turn; what was asked. */
function person(...answers: boolean[]) {
  const asked: string[] = []
  return { asked, confirm: async (question: string, _preset: string, shown = '') => answers[asked.push(`${shown}\n${question}`) - 1] ?? false }
}
const isCached = (shelf: Shelf) => existsSync(shelf.cached(`${shout}.ts`))

describe('run of what only a catalog has', () => {
  it('asks, downloads, shows the code, asks once for it, runs it, and runs it again without a network', async () => {
    const shelf = await createShelf()
    const first = person(true, true)
    expect(await shelf.ask('run', given, first)).toMatchObject({ ref: shout, output: { text: 'AB' } })
    expect(first.asked).toHaveLength(2)
    expect(first.asked[0]).toMatch(/Found in catalog:[^]*Make a text loud[^]*acme[^]*Download and run\?/)
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
    await expect(shelf.ask('run', given, {}, { catalog: { download: false, sources: [shelf.catalog.source] } })).rejects.toMatchObject({ code: 'ASSET_UNKNOWN' })
    expect(shelf.catalog.requests).toEqual([])
    await expect(shelf.ask('run', { ref: 'forest' }, person(true))).rejects.toMatchObject({ code: 'VERB_UNSUITABLE' })
    await expect(shelf.ask('run', { ref: 'nothing' }, person(true))).rejects.toMatchObject({ code: 'ASSET_NOWHERE' })
  })

  it('refuses a workflow before it asks or downloads', async () => {
    const text = 'name: Draft\nversion: "1.0.0"\nagents:\n  writer: sub-agents/content/writer\nsteps:\n  - { id: draft, agent: writer, prompt: Write }\n'
    const ref = 'agent-workflows/page-creation/draft'
    const shelf = await createShelf({ files: { 'assets/index.csv': formatIndex([rowOf(ref, text)]), [`assets/${ref}.asset.yaml`]: text } })
    const someone = person(true, true)
    await expect(shelf.ask('run', { ref }, someone)).rejects.toMatchObject({ code: 'WORKFLOW_UNSUPPORTED' })
    expect(someone.asked).toEqual([])
    expect(shelf.catalog.requests.some(({ target }) => target.includes('draft'))).toBe(false)
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
