import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProject, run, startCli, type TestProject } from '../operations/project.ts'
import type { Sync } from './item-project.ts'

/* What validate and sync say of files that the manifest does not name. */

interface Validation {
  checked: number
  findings: { ref: string; code: string; severity: string; message: string; hint: string }[]
}

let project: TestProject
beforeEach(() => {
  project = createProject()
})
afterEach(() => project.remove())

const head = 'name: Calm\ndescription: Colours.\nversion: "1.0.0"\n'
const color = 'body: { red: { $type: color, $value: "#ff0000" } }\n'
const tool = 'name: Tool\ndescription: A tool.\nversion: "1.0.0"\n'

describe('validate', () => {
  it.each([
    ['bad YAML', 'design-tokens/colors/calm', 'name: [\n'],
    ['a version that is a number', 'design-tokens/colors/calm', `${head.replace('"1.0.0"', '1.0')}${color}`],
    ['cyclic aliases', 'design-tokens/colors/calm', `${head}body: { a: { $type: color, $value: "{b}" }, b: { $type: color, $value: "{a}" } }\n`],
    ['a wrong group', 'design-tokens/colours/calm', `${head}${color}`],
    ['a missing code file', 'tools/validators/check', `${tool}entry: check.ts\n`],
    ['a code file elsewhere', 'tools/validators/check', `${tool}entry: ../../../check.ts\n`],
    ['an empty file', 'design-tokens/colors/calm', ''],
  ])('fails on an item that is not registered and has %s, with what sync says of it', async (_, id, text) => {
    const file = `assets/library/${id}.asset.yaml`
    project.write(file, text)
    const { code, stdout } = await startCli(project, ['validate', '--json']).done
    const { ok, data, error } = JSON.parse(stdout) as { ok: boolean; data: Validation; error: { code: string } }
    expect({ code, ok, error: error.code }).toEqual({ code: 1, ok: false, error: 'VALIDATION_FAILED' })
    const { failed } = await run<Sync>(project, 'sync', {})
    expect(failed).toHaveLength(1)
    expect(data.checked).toBe(1)
    expect(data.findings).toMatchObject([{ ref: file, severity: 'error', code: failed[0]!.code, message: failed[0]!.message }])
  })

  it('notes a sound item that is not registered, until sync has been there', async () => {
    project.write('assets/library/design-tokens/colors/calm.asset.yaml', `${head}${color}`)
    const unregistered = async () => (await run<Validation>(project, 'validate', {})).findings.filter(({ code }) => code === 'ITEM_UNREGISTERED')
    expect(await unregistered()).toMatchObject([{ ref: 'design-tokens/colors/calm', severity: 'info', hint: 'Run assetloom sync.' }])
    await run(project, 'sync', {})
    expect(await unregistered()).toEqual([])
  })

  it('looks at an item that is not registered when it is named by id or path, as closely as at others', async () => {
    const [sound, broken] = ['design-tokens/colors/calm', 'tools/validators/check']
    const files = { [sound]: `assets/library/${sound}.asset.yaml`, [broken]: `assets/library/${broken}.asset.yaml` }
    const faint = '{ text: { $type: color, $value: "#999999" }, background: { $type: color, $value: "#ffffff" } }'
    project.write(files[sound]!, `${head}body: ${faint}\n`)
    project.write(files[broken]!, `${tool}entry: check.ts\n`)
    for (const ref of [sound, files[sound]!]) {
      const { checked, findings } = await run<Validation>(project, 'validate', { refs: [ref] })
      expect(checked).toBe(1)
      expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['ITEM_UNREGISTERED', 'CONTRAST_LOW']))
      expect(findings.every((one) => one.ref === sound)).toBe(true)
    }
    const named = await startCli(project, ['validate', broken, '--json']).done
    expect(JSON.parse(named.stdout)).toMatchObject({ ok: false, data: { checked: 1, findings: [{ ref: files[broken]!, code: 'ITEM_INVALID' }] } })
    const unknown = await startCli(project, ['validate', sound, 'tools/validators/nothing', '--json']).done
    expect(JSON.parse(unknown.stdout)).toMatchObject({ ok: false, error: { code: 'ASSET_UNKNOWN' } })
  })

  it('tells a registered item that broke once', async () => {
    const file = 'assets/library/design-tokens/colors/calm.asset.yaml'
    project.write(file, `${head}${color}`)
    await run(project, 'sync', {})
    project.write(file, 'name: [\n')
    const { findings } = await run<Validation>(project, 'validate', {})
    expect(findings.filter(({ code }) => code === 'ITEM_INVALID')).toHaveLength(1)
  })
})

describe('sync', () => {
  it('takes the file of the sites for its own', async () => {
    await run(project, 'apply', { ref: 'configs/site-templates/blog/reading', target: 'notes' })
    expect(project.files('assets')).toContain('assets/sites.json')
    expect(await run(project, 'sync', {})).toMatchObject({ added: [], changed: [], unregistered: [] })
  })
})

describe('the lock', () => {
  it('covers what a customised item depends on, and leaves the rest as it was agreed to', async () => {
    await run(project, 'customize', { ref: 'templates/sections/hero' })
    const stale = async () => (await run<Validation>(project, 'validate', {})).findings.filter(({ code }) => code === 'LOCK_STALE').map(({ ref }) => ref)
    expect(await stale()).toEqual([])
    await run(project, 'update', { ref: 'templates/sections/hero', description: 'The top of a page.' })
    await run(project, 'customize', { ref: 'templates/sections/hero', id: 'sections/hero-warm' })
    expect(await stale()).toEqual(['templates/sections/hero'])
  })
})
