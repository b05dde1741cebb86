import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sha256 } from '../../src/core/digest.ts'
import { configText, createProject, png, requireWhole, run, startCli, strayFiles, type TestProject } from '../operations/project.ts'

const prompt = 'ai-prompts/content/teaser'
const file = `assets/library/${prompt}.asset.yaml`
const icon = 'ICON-ACME-UI001'

interface Item {
  ref: string
  target: string
  state: string
  action: string
  conflicts?: { path: string; field?: string; base: unknown; ours: unknown; theirs: unknown }[]
  diff?: { ours: string; theirs: string }
}

const teaser = (description: string, first: string, last: string, version = '1.0.0') =>
  `name: Teaser\ndescription: ${description}\nversion: "${version}"\nprompt: |\n  ${first}\n  Between.\n  ${last}\n`

let maker: TestProject
let site: TestProject
beforeEach(async () => {
  maker = createProject()
  site = createProject()
  site.write('assetloom.config.mjs', configText)
  maker.write(file, teaser('A teaser', 'Begin.', 'End.'))
  await run(maker, 'sync', {})
  await pack('1.0.0')
  await install('1.0.0')
})
afterEach(() => {
  maker.remove()
  site.remove()
})

const pack = (version: string) => run(maker, 'package', { refs: Object.keys(maker.manifest().assets), name: 'brand', version, out: `${version}.zip` })
const install = async (version: string, more: Record<string, unknown> = {}) =>
  (await run<{ items: Item[] }>(site, 'install', { source: maker.path(`${version}.zip`), ...more })).items
async function publish(version: string, text: string): Promise<void> {
  maker.write(file, text)
  await run(maker, 'sync', {})
  await pack(version)
}
const tree = () => site.files('assets').map((one) => `${one} ${sha256(site.read(one))}`)

describe('install --on-conflict merge', () => {
  it.each([
    ['a hand edit', false],
    ['a recorded version', true],
  ])('joins %s with what the pack changed', async (_name, isRecorded) => {
    site.write(file, teaser('A teaser', 'Begin here.', 'End.'))
    if (isRecorded) await run(site, 'version create', { ref: prompt })
    await publish('1.1.0', teaser('A better teaser', 'Begin.', 'End there.', '1.1.0'))
    expect(await install('1.1.0', { onConflict: 'merge' })).toMatchObject([{ ref: prompt, state: 'conflict', action: 'merge' }])
    const entry = requireWhole(site).assets[prompt]!
    expect(site.read(file).toString()).toBe(teaser('A better teaser', 'Begin here.', 'End there.', '1.1.1'))
    expect(entry).toMatchObject({ version: '1.1.1', description: 'A better teaser', source: { type: 'pack', pack: 'brand', version: '1.1.0' } })
    expect(strayFiles(site)).toEqual([])
    expect(await install('1.1.0', { onConflict: 'merge' })).toMatchObject([{ state: 'modified', action: 'keep' }])
  })

  it('keeps what both changed, with what each side has, and is exit 5', async () => {
    site.write(file, teaser('Ours', 'Begin.', 'End.'))
    await publish('1.1.0', teaser('Theirs', 'Begin.', 'End.', '1.1.0'))
    const before = tree()
    const { code, stdout } = await startCli(site, ['install', maker.path('1.1.0.zip'), '--on-conflict', 'merge', '--json']).done
    expect(code).toBe(5)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: { code: 'PACK_CONFLICT' },
      data: { items: [{ ref: prompt, action: 'keep', conflicts: [{ path: file, field: 'description', base: 'A teaser', ours: 'Ours', theirs: 'Theirs' }] }] },
    })
    expect(tree()).toEqual(before)
  })

  it('leaves alone what only the project changed', async () => {
    site.write(file, teaser('Ours', 'Begin.', 'End.'))
    const before = tree()
    expect(await install('1.0.0', { onConflict: 'merge' })).toMatchObject([{ state: 'modified', action: 'keep' }])
    expect(tree()).toEqual(before)
  })

  it('says in a dry run what would be done, and does nothing', async () => {
    site.write(file, teaser('A teaser', 'Begin here.', 'End.'))
    await publish('1.1.0', teaser('A teaser', 'Begin.', 'End there.', '1.1.0'))
    const before = tree()
    expect(await install('1.1.0', { onConflict: 'merge', dryRun: true })).toMatchObject([{ action: 'merge' }])
    expect(tree()).toEqual(before)
    await publish('1.2.0', teaser('A teaser', 'Begin there.', 'End.', '1.2.0'))
    expect(await install('1.2.0', { onConflict: 'merge', dryRun: true })).toMatchObject([{ action: 'keep', conflicts: [{ path: file }] }])
  })

  it('keeps pictures that both changed, and items without a base', async () => {
    maker.write('in/icon.png', await png(1))
    await run(maker, 'import', { files: ['in'], category: 'Icons', variant: 'UI' })
    await pack('1.1.0')
    await install('1.1.0')
    await run(site, 'update', { ref: icon, description: 'ours' })
    await run(maker, 'update', { ref: icon, description: 'theirs' })
    await pack('1.2.0')
    expect((await install('1.2.0', { onConflict: 'merge' })).find(({ ref }) => ref === icon)).toMatchObject({ state: 'conflict', action: 'keep' })
    const other = createProject()
    other.write(file, teaser('Mine', 'Begin.', 'End.'))
    await run(other, 'sync', {})
    const { items } = await run<{ items: Item[] }>(other, 'install', { source: maker.path('1.2.0.zip'), onConflict: 'merge' })
    expect(items.find(({ ref }) => ref === prompt)).toMatchObject({ state: 'conflict', action: 'keep' })
    other.remove()
  })
})

describe('install --diff', () => {
  it('shows what was changed here and what the pack changes', async () => {
    site.write(file, teaser('A teaser', 'Begin here.', 'End.'))
    await publish('1.1.0', teaser('A teaser', 'Begin.', 'End there.', '1.1.0'))
    const [item] = await install('1.1.0', { diff: true, dryRun: true })
    expect(item).toMatchObject({ state: 'conflict', action: 'keep' })
    expect(item!.diff!.ours).toContain('-  Begin.\n+  Begin here.\n')
    expect(item!.diff!.ours).not.toContain('End there.')
    expect(item!.diff!.theirs).toContain('-  End.\n+  End there.\n')
    const { code, stdout } = await startCli(site, ['install', maker.path('1.1.0.zip'), '--diff', '--dry-run']).done
    expect(code).toBe(0)
    expect(stdout).toMatch(/changed here:\n[^]*\+ {2}Begin here\.\n[^]*changed in the pack:\n[^]*\+ {2}End there\./)
  })

  it('shows the pack against the project where nothing tells what was installed', async () => {
    const other = createProject()
    other.write(file, teaser('Mine', 'Begin.', 'End.'))
    await run(other, 'sync', {})
    const { items } = await run<{ items: Item[] }>(other, 'install', { source: maker.path('1.0.0.zip'), diff: true })
    expect(items[0]).toMatchObject({ state: 'conflict', action: 'keep', diff: { ours: '', theirs: expect.stringContaining('-description: Mine\n+description: A teaser\n') as string } })
    other.remove()
  })
})
