import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createProject, type CliResult, type Project } from '../project.ts'

/* Dependencies through the built command line, in a project with items and colours on the disk. */

const [page, hero, button, prompt] = ['templates/pages/home', 'templates/sections/hero', 'ui-components/buttons/button', 'ai-prompts/design/brief']
const [red, blue] = ['COLOR-ACME-MAIN001', 'COLOR-ACME-MAIN002']

const config = 'export default { tokens: { families: { ACME: "Acme" }, defaultFamily: "ACME" }, logLevel: "silent" }\n'
const itemFile = (ref: string) => `assets/library/${ref}.asset.yaml`

async function filled(): Promise<Project> {
  const project = createProject({ files: { 'assetloom.config.ts': config }, packages: [] })
  for (const ref of [page, hero, button, prompt]) {
    const [kind, ...name] = ref.split('/') as [string, ...string[]]
    await must(project, 'create', kind, name.join('/'))
  }
  await must(project, 'import', '--color', '#ff0000')
  await must(project, 'import', '--color', '#0000ff')
  return project
}

async function must(project: Project, ...args: string[]): Promise<CliResult['json']> {
  const { code, json, stdout, stderr } = await project.cli(...args, '--json')
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stdout}${stderr}`)
  return json.data
}

const read = (project: Project, file: string) => readFileSync(join(project.root, file), 'utf8')
const manifestOf = (project: Project) => JSON.parse(read(project, 'assets/manifest.json'))

describe('deps', () => {
  let project: Project
  beforeAll(async () => {
    project = await filled()
    await must(project, 'deps', 'add', page, hero, '^1.0.0')
    await must(project, 'deps', 'add', hero, button, '~1.0.0')
    await must(project, 'deps', 'add', hero, red, '>=1.0.0 <2.0.0')
  })

  it('tells what an asset needs, and the order', async () => {
    const data = await must(project, 'deps', page)
    expect(data).toMatchObject({
      ref: page,
      dependencies: [{ ref: hero, range: '^1.0.0', version: '1.0.2' }],
      order: [red, button, hero, page],
    })
    expect(data.problems).toBeUndefined()
  })

  it('tells what needs it', async () => {
    expect((await must(project, 'deps', red, '--dependents')).dependents).toEqual([hero])
    const { code, stdout } = await project.cli('deps', red, '--dependents')
    expect([code, stdout]).toEqual([0, `${red} 1.0.0\n└─ ${hero}  needs >=1.0.0 <2.0.0\n   └─ ${page}  needs ^1.0.0\n`])
  })

  it('draws a tree and graphs', async () => {
    expect((await project.cli('deps', page)).stdout.split('\n')).toEqual([
      `${page} 1.0.1`, `└─ ${hero}  ^1.0.0 → 1.0.2`, `   ├─ ${red}  >=1.0.0 <2.0.0 → 1.0.0`, `   └─ ${button}  ~1.0.0 → 1.0.0`, '',
    ])
    expect((await project.cli('deps', page, '--graph', 'dot')).stdout).toMatch(/^digraph assets \{\n[^]*"templates\/pages\/home" -> "templates\/sections\/hero" \[label="\^1\.0\.0"\]\n[^]*\}\n$/)
    expect((await project.cli('deps', page, '--graph', 'mermaid')).stdout).toMatch(/^graph TD\n/)
    expect((await must(project, 'deps', page, '--graph', 'json')).graph.edges).toHaveLength(3)
    expect(JSON.parse((await project.cli('deps', page, '--graph', 'json')).stdout).nodes).toHaveLength(4)
  })

  it.each([
    [['deps', 'templates/pages/hom'], 1, 'ASSET_UNKNOWN', /templates\/pages\/home/],
    [['deps', page, '--graph', 'svg'], 2, 'USAGE', /json, dot, mermaid/],
    [['deps', 'add', page, hero], 2, 'USAGE', /range/],
    [['deps', 'add', page, hero, 'newest'], 2, 'RANGE_INVALID', /"newest"/],
    [['deps', 'add', page, 'ui-components/buttons/buton', '^1.0.0'], 1, 'DEPENDENCY_MISSING', /ui-components\/buttons\/buton.*ui-components\/buttons\/button/],
    [['deps', 'add', button, page, '^1.0.0'], 1, 'DEPENDENCY_CYCLE', new RegExp(`${button} -> ${page} -> ${hero} -> ${button}`)],
    [['deps', 'add', button, button, '*'], 1, 'DEPENDENCY_CYCLE', new RegExp(`${button} -> ${button}`)],
    [['deps', 'add', prompt, hero, '^2.0.0'], 5, 'DEPENDENCY_CONFLICT', new RegExp(`${prompt} -> ${hero} needs \\^2\\.0\\.0, while ${page} -> ${hero} needs \\^1\\.0\\.0`)],
    [['deps', 'remove', page, button], 1, 'DEPENDENCY_NONE', /does not depend/],
    [['deps', 'move', page, button], 2, 'USAGE', /./],
  ])('refuses %j', async (args, exit, code, text) => {
    const before = read(project, 'assets/manifest.json')
    const result = await project.cli(...args, '--json')
    expect(result.code).toBe(exit)
    expect(result.json).toMatchObject({ ok: false, error: { code } })
    expect(`${result.json.error.message} ${result.json.error.hint}`).toMatch(text)
    expect(read(project, 'assets/manifest.json')).toBe(before)
  })

  it('delete and packages follow the graph', async () => {
    const refused = await project.cli('delete', button, '--json')
    expect([refused.code, refused.json.error.code, refused.json.error.details.dependents]).toEqual([5, 'ASSET_IN_USE', [hero]])
    const pack = await must(project, 'package', page, '--name', 'home', '--version', '1.0.0')
    expect(pack.assets).toEqual([red, hero, page, button].sort())
  })
})

describe('changes', () => {
  it('edit the file of an item and keep its comments', async () => {
    const project = await filled()
    const file = join(project.root, itemFile(page))
    project.write({ [itemFile(page)]: `# The home page.\n${readFileSync(file, 'utf8')}dependencies:\n  # all of it\n  ${hero}: "^1.0.0" # the top\n` })
    await must(project, 'sync')
    const added = await must(project, 'deps', 'add', page, 'COLOR-ACME-MAIN001', '^1.0.0')
    expect(added).toMatchObject({ changed: true, version: '1.0.1', order: [red, hero, page] })
    expect(read(project, itemFile(page))).toMatch(
      new RegExp(`^# The home page\\.\n[^]*version: "1\\.0\\.1"[^]*dependencies:\n  # all of it\n  ${hero}: "\\^1\\.0\\.0" # the top\n  ${red}: "\\^1\\.0\\.0"\n$`),
    )
    expect(await must(project, 'deps', 'add', page, red, '^1.0.0')).toMatchObject({ changed: false, version: '1.0.1' })
    expect(await must(project, 'deps', 'remove', page, red)).toMatchObject({ version: '1.0.2', dependencies: [{ ref: hero }] })
    expect(read(project, itemFile(page))).toMatch(/# the top/)
    await must(project, 'deps', 'remove', page, hero)
    expect(read(project, itemFile(page))).not.toContain('dependencies')
    expect(manifestOf(project)).not.toHaveProperty('lock')
    expect((await must(project, 'validate', page)).findings.filter((one: { severity: string }) => one.severity === 'error')).toEqual([])
  })

  it('change the entry of media, by alias too, and range by range', async () => {
    const project = await filled()
    const manifest = manifestOf(project)
    manifest.assets[blue].aliases = ['sky']
    project.write({ 'assets/manifest.json': JSON.stringify(manifest) })
    expect(await must(project, 'deps', 'add', red, 'sky', '^1.0.0')).toMatchObject({ version: '1.0.1', dependencies: [{ ref: blue, range: '^1.0.0' }] })
    expect(await must(project, 'deps', '--json', 'add', red, blue, '*')).toMatchObject({ version: '1.0.2', dependencies: [{ ref: blue, range: '*' }] })
    expect(manifestOf(project).assets[red].dependencies).toEqual({ [blue]: '*' })
    await must(project, 'deps', 'remove', red, 'sky')
    expect(manifestOf(project).assets[red]).not.toHaveProperty('dependencies')
  })

  it('an item that was edited and not synced is not written over', async () => {
    const project = await filled()
    const edited = `${read(project, itemFile(page))}# mine\n`
    project.write({ [itemFile(page)]: edited })
    const { code, json } = await project.cli('deps', 'add', page, hero, '*', '--json')
    expect([code, json.error.code]).toEqual([4, 'ASSET_FILE_CHANGED'])
    expect(read(project, itemFile(page))).toBe(edited)
  })
})

describe('lock', () => {
  it('holds versions and digests; validate tells when it is stale; sync renews it', async () => {
    const project = await filled()
    expect(manifestOf(project)).not.toHaveProperty('lock')
    await must(project, 'deps', 'add', page, hero, '^1.0.0')
    await must(project, 'deps', 'add', hero, red, '^1.0.0')
    const { lock, assets } = manifestOf(project)
    expect(lock).toEqual({
      [red]: { version: '1.0.0', digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
      [hero]: { version: '1.0.1', digest: assets[hero].digest },
    })
    const stale = async () => (await must(project, 'validate')).findings.filter((one: { code: string }) => one.code === 'LOCK_STALE')
    expect(await stale()).toEqual([])
    await must(project, 'update', hero, '--description', 'The top of the page.')
    expect(await stale()).toMatchObject([{ ref: hero, severity: 'warning', message: expect.stringContaining('1.0.1') }])
    expect((await must(project, 'sync', '--dry-run')).locked).toEqual([hero])
    expect((await must(project, 'sync')).locked).toEqual([hero])
    expect(await stale()).toEqual([])
    expect((await must(project, 'sync')).locked).toEqual([])
    expect(manifestOf(project).lock[hero].version).toBe('1.0.2')
  })

  it('install locks what it brings', async () => {
    const [from, to] = [await filled(), createProject({ files: { 'assetloom.config.ts': config }, packages: [] })]
    await must(from, 'deps', 'add', red, blue, '^1.0.0')
    const { file } = await must(from, 'package', red, '--name', 'brand', '--version', '1.0.0')
    await must(to, 'install', file)
    expect(manifestOf(to).lock).toEqual(manifestOf(from).lock)
  })

  it('validate fails on what does not fit together', async () => {
    const project = await filled()
    const manifest = manifestOf(project)
    manifest.assets[red].dependencies = { [blue]: '^2.0.0', nothing: '*' }
    manifest.assets[blue].dependencies = { [red]: '*' }
    project.write({ 'assets/manifest.json': JSON.stringify(manifest) })
    const { code, json } = await project.cli('validate', '--json')
    expect([code, json.error.code]).toEqual([1, 'VALIDATION_FAILED'])
    const codes = json.data.findings.map((one: { ref: string; code: string }) => `${one.ref} ${one.code}`)
    expect(codes).toEqual(expect.arrayContaining([`${red} DEPENDENCY_CYCLE`, `${red} DEPENDENCY_MISSING`, `${red} DEPENDENCY_UNMET`, `${blue} LOCK_STALE`]))
    const told = await project.cli('deps', red, '--json')
    expect([told.code, told.json.error.code, told.json.data.order]).toEqual([1, 'DEPENDENCY_CYCLE', [blue, red]])
  })
})
