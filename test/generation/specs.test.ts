import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AssetloomError } from '../../src/core/errors.ts'
import { openWorkspace, type Workspace } from '../../src/workspace.ts'
import { createProject, options, type TestProject } from '../operations/project.ts'
import { badSpecs, goodSpec } from './bad-specs.ts'

let project: TestProject
beforeEach(() => (project = createProject()))
afterEach(() => project.remove())

async function inWorkspace<T>(work: (workspace: Workspace) => Promise<T>, more: object = {}): Promise<T> {
  const workspace = await openWorkspace({ root: project.root, options: { ...options, constants: false, ...more }, env: {} })
  try {
    return await work(workspace)
  } finally {
    await workspace.close()
  }
}
const plan = (selection = {}) => inWorkspace((workspace) => workspace.generation.plan(selection))
const make = (selection = {}) => inWorkspace(async ({ generation }) => (await generation.run(await generation.plan(selection), {})).results)
const refusal = async (work: Promise<unknown>) => (await work.then(() => undefined, (error: unknown) => error)) as AssetloomError | undefined

it('the spec that the bad ones are made from is good', async () => {
  project.write('specs/a.yaml', goodSpec)
  expect((await plan()).jobs.map((job) => [job.ref, job.action, job.error])).toEqual([['PARTICLE-ACME-MAIN001', 'generate', undefined]])
})

describe('a spec is refused for', () => {
  it.each(badSpecs)('$name', async ({ text, code = 'SPEC_INVALID', line, says, mend, file = 'specs/a.yaml' }) => {
    project.write(file, text)
    const error = await refusal(plan())
    expect(error?.code).toBe(code)
    for (const word of says) expect(error!.message).toContain(word)
    expect(error!.message).toContain(file)
    expect(error!.location?.line ?? 0).toBe(line)
    if (mend) expect(`${error!.message} ${error!.hint}`).toContain(mend)
    expect((await refusal(make()))?.code).toBe(code)
    expect(project.files('.').filter((one) => !one.startsWith('.assetloom') && one !== file)).toEqual([])
  })
})

describe('names that stand twice', () => {
  const spec = (id: string, integration = '') => `version: "1.0"\nid: ${id}\ngeneration: { type: image }\nprompt: { base: x }\n${integration && `integration: ${integration}\n`}`
  it.each([
    ['spec id', spec('a'), spec('a'), 'a'],
    ['manifest key', spec('a', '{ manifest_key: k }'), spec('b', '{ manifest_key: k }'), 'k'],
    ['token', spec('a', '{ token: IMG-ACME-HERO001 }'), spec('b', '{ token: IMG-ACME-HERO001 }'), 'IMG-ACME-HERO001'],
    ['output path', spec('a', '{ manifest_path: x/y.png }'), spec('b', '{ manifest_path: X/y.png }'), 'X/y.png'],
  ])('%s', async (_, one, two, name) => {
    project.write('specs/one.yaml', one)
    project.write('specs/two.yaml', two)
    const error = await refusal(plan())
    expect(error?.code).toBe('SPEC_DUPLICATE')
    for (const word of ['specs/one.yaml', 'specs/two.yaml', name]) expect(error!.message).toContain(word)
  })
})

describe('templates', () => {
  const template = `version: "1.0"
template: jump-sfx
parameters:
  - { name: jump_type, type: enum, values: [dust-cloud, energy-burst, mega-explosion] }
  - { name: variant, type: string }
generation: { type: audio, provider: local }
prompt:
  base: "Jump, {{jump_type}} style, {{ variant }} variation, {{jump_type}}"
  templates: { dust-cloud: soft whoosh, energy-burst: "electric {{variant}} burst" }
  parameters: { duration: 0.3 }
integration:
  manifest_section: audio.sfx.jump
  naming_pattern: "sfxJump{{type_number}}{{variant_letter}}.wav"
`
  it('are made in every combination of a matrix, in its order', async () => {
    project.write('specs/templates/sfx-jump.yaml', template)
    project.write('specs/jumps.yaml', 'version: "1.0"\nid: jumps\ntemplate: jump-sfx\nmatrix: { jump_type: [dust-cloud, energy-burst, mega-explosion], variant: [light, heavy, crisp, long] }\n')
    const results = await make()
    expect(results.map((one) => one.status)).toEqual(Array(12).fill('done'))
    expect(results.map((one) => one.entry!.aliases![0])).toEqual([1, 2, 3].flatMap((type) => [...'ABCD'].map((letter) => `sfxJump${type}${letter}`)))
    expect(results.map((one) => one.ref)).toEqual(Array.from({ length: 12 }, (_, i) => `SFX-ACME-MAIN${String(i + 1).padStart(3, '0')}`))
    expect(new Set(results.map((one) => one.entry!.hash)).size).toBe(12)
    expect(results[0]!.entry!.file).toBe('assets/sound-effects/SFX-ACME-MAIN001.wav')
    expect((await plan()).jobs.map((job) => job.action)).toEqual(Array(12).fill('hit'))
  })

  it('are filled literally and once', async () => {
    project.write('specs/templates/t.yaml', template)
    project.write('specs/use.yaml', 'version: "1.0"\nid: odd\ntemplate: jump-sfx\nmatrix: { jump_type: [energy-burst], variant: ["$& {{jump_type}} $1"] }\n')
    const { jobs } = await plan()
    expect(jobs[0]!.instance.request.prompt).toBe('Jump, energy-burst style, $& {{jump_type}} $1 variation, energy-burst\nelectric $& {{jump_type}} $1 burst')
  })

  it('turn a whole placeholder into a value of its own type', async () => {
    project.write('specs/t.yaml', 'version: "1.0"\ntemplate: t\nparameters: [{ name: seconds, type: number, default: 0.5 }]\ngeneration: { type: audio }\nprompt: { base: beep, parameters: { duration: "{{seconds}}" } }\n---\nversion: "1.0"\nid: a\ntemplate: t\n---\nversion: "1.0"\nid: b\ntemplate: t\nvalues: { seconds: 0.25 }\n')
    const results = await make()
    expect(results.map((one) => one.entry!.durationMs)).toEqual([500, 250])
  })

  it('make one asset by command line, which stays with its values', async () => {
    project.write('specs/templates/sfx-jump.yaml', template)
    const selection = { template: { name: 'sfx-jump', values: { jump_type: 'energy-burst', variant: 'crisp' }, outputName: 'sfxJump2A' } }
    const [made] = await make(selection)
    expect(made!.entry!.aliases).toEqual(['sfxJump2A'])
    expect((await plan()).jobs.map((job) => [job.ref, job.action])).toEqual([[made!.ref, 'hit']])
    expect((await plan({ specs: ['sfxJump2A'] })).jobs.map((job) => job.action)).toEqual(['hit'])
    project.write('specs/templates/sfx-jump.yaml', template.replace('Jump,', 'Leap,'))
    expect((await plan()).jobs.map((job) => [job.ref, job.action])).toEqual([[made!.ref, 'generate']])
    expect((await refusal(plan({ template: { name: 'jump-sfx', values: { jump_type: 'x', tone: 'y' } } })))!.message).toMatch(/variant[\s\S]*tone[\s\S]*jump_type/)
    expect((await refusal(plan({ template: { name: 'jump-sfy', values: {} } })))).toMatchObject({ code: 'TEMPLATE_UNKNOWN', hint: expect.stringContaining('jump-sfx') as string })
  })

  describe.each([
    ['a misspelt field', template.replace('manifest_section', 'manifest_sectoin'), 12],
    ['a number for a text', template.replace('"1.0"', '1.0'), 1],
    ['a placeholder of no parameter', template.replace('{{ variant }}', '{{ shade }}'), 7],
    ['a text that does not end', template.replace('variation, {{jump_type}}"', 'variation, {{jump_type}}'), 8],
  ])('with %s', (_, text, line) => {
    const use = 'version: "1.0"\nid: a\ntemplate: jump-sfx\nmatrix: { jump_type: [dust-cloud], variant: [x] }\n'
    it.each(['specs/a-use.yaml', 'specs/use.yaml'])('show the fault of their own file to %s, until it is mended', async (file) => {
      project.write('specs/templates/sfx-jump.yaml', text)
      project.write(file, use)
      await inWorkspace(async ({ generation }) => {
        for (const selection of [{}, { specs: ['a'] }, { specs: [file] }, { template: { name: 'jump-sfx', values: {} } }]) {
          const error = await refusal(generation.plan(selection))
          expect(error).toMatchObject({ code: 'SPEC_INVALID', location: { file: 'specs/templates/sfx-jump.yaml', line } })
          expect(error!.message).toContain(`specs/templates/sfx-jump.yaml:${line}:`)
        }
        project.write('specs/templates/sfx-jump.yaml', template)
        expect((await generation.plan()).jobs.map((job) => job.action)).toEqual(['generate'])
        project.write('specs/templates/sfx-jump.yaml', text)
        expect((await refusal(generation.plan()))?.location?.file).toBe('specs/templates/sfx-jump.yaml')
      })
    })
  })

  it('make their specs stale when they change', async () => {
    project.write('specs/templates/t.yaml', template)
    project.write('specs/use.yaml', 'version: "1.0"\nid: a\ntemplate: jump-sfx\nmatrix: { jump_type: [dust-cloud], variant: [x] }\n')
    await make()
    project.write('specs/templates/t.yaml', template.replace('soft whoosh', 'hard whoosh'))
    expect((await plan()).jobs[0]!.action).toBe('generate')
  })
})

it('reads several specs of one file, as documents or as a list, in YAML or JSON', async () => {
  const spec = (id: string) => ({ version: '1.0', id, generation: { type: 'image' }, prompt: { base: id } })
  project.write('specs/list.json', JSON.stringify([spec('a'), spec('b')]))
  project.write('specs/documents.yaml', `${JSON.stringify(spec('c'))}\n---\n${JSON.stringify(spec('d'))}\n`)
  expect((await plan()).jobs.map((job) => job.instance.specId).sort()).toEqual(['a', 'b', 'c', 'd'])
})

it('takes retired models for their replacement and says so', async () => {
  project.write('specs/a.yaml', 'version: "1.0"\nid: a\ngeneration: { type: image, provider: dalle-3, fallback: local }\nprompt: { base: x, parameters: { quality: hd } }\n')
  project.write('specs/b.yaml', 'version: "1.0"\nid: b\ngeneration: { type: image, provider: openai, model: gpt-image-1, fallback: local }\nprompt: { base: x }\n')
  const [a, b] = (await plan()).jobs
  expect(a!.instance.providers[0]).toEqual({ id: 'openai', model: 'gpt-image-2' })
  expect(a!.instance.request.quality).toBe('high')
  expect(a!.instance.warnings[0]).toMatch(/dalle-3 was shut down on 2026-05-12; gpt-image-2/)
  expect(b!.instance.warnings[0]).toMatch(/gpt-image-1 was shut down on 2026-10-23; gpt-image-2/)
})

it('says of a model that is about to end when, and leaves it as it is', async () => {
  project.write('specs/a.yaml', 'version: "1.0"\nid: a\ngeneration: { type: image, provider: openai, model: gpt-image-1.5, fallback: local }\nprompt: { base: x }\n')
  const [job] = (await plan()).jobs
  expect(job!.instance.providers[0]).toEqual({ id: 'openai', model: 'gpt-image-1.5' })
  expect(job!.instance.warnings).toEqual([expect.stringContaining('gpt-image-1.5 ends on 2026-12-01. Write model: gpt-image-2')])
})

describe('tokens', () => {
  const spec = (id: string, integration: string, category = 'Icons') => `version: "1.0"\nid: ${id}\nmetadata: { category: ${category} }\ngeneration: { type: image }\nprompt: { base: ${id}, parameters: { size: 16x16 } }\nintegration: ${integration}\n`
  const refsOf = async () => (await make()).map((one) => [one.job.instance.specId, one.status === 'done' ? one.ref : one.error!.code])

  it('come from the spec, its parts, or category and default family', async () => {
    project.write('specs/a.yaml', spec('a', '{ token: SPRITE-ACME-COIN007 }'))
    project.write('specs/b.yaml', spec('b', '{ token: { prefix: SPRITE, variant: COIN } }'))
    project.write('specs/c.yaml', spec('c-button', '{ manifest_key: c }'))
    expect(await refsOf()).toEqual([['a', 'SPRITE-ACME-COIN007'], ['b', 'SPRITE-ACME-COIN008'], ['c-button', 'ICON-ACME-UI001']])
    expect(project.manifest().sequences).toEqual({ 'SPRITE-ACME-COIN': 8, 'ICON-ACME-UI': 1 })
  })

  it('stay with the spec, and are not issued again after a deletion', async () => {
    project.write('specs/a.yaml', spec('a', '{ manifest_key: a }'))
    project.write('specs/b.yaml', spec('b', '{ manifest_key: b }'))
    expect(await refsOf()).toEqual([['a', 'ICON-ACME-MAIN001'], ['b', 'ICON-ACME-MAIN002']])
    await inWorkspace(async ({ manifest, options: { root } }) =>
      manifest.update((draft, files) => {
        files.remove(`${root}/${draft.assets['ICON-ACME-MAIN002']!.file}`)
        delete draft.assets['ICON-ACME-MAIN002']
      }),
    )
    expect(await refsOf()).toEqual([['a', 'ICON-ACME-MAIN001'], ['b', 'ICON-ACME-MAIN003']])
  })

  it.each([
    ['an undeclared family', '{ token: { family: NOBODY } }', 'Icons', {}, 'FAMILY_UNDECLARED'],
    ['an unknown category', '{ manifest_key: a }', 'Blobs', {}, 'CATEGORY_UNKNOWN'],
    ['an unknown prefix', '{ token: { prefix: BLOB } }', 'Icons', {}, 'CATEGORY_UNKNOWN'],
    ['no family at all', '{ manifest_key: a }', 'Icons', { tokens: { families: {} } }, 'FAMILY_MISSING'],
  ])('are refused for %s', async (_, integration, category, more, code) => {
    project.write('specs/a.yaml', spec('a', integration, category))
    const jobs = await inWorkspace(async ({ generation }) => (await generation.run(await generation.plan(), {})).results, more)
    expect(jobs.map((one) => [one.status, one.error?.code])).toEqual([['failed', code]])
    expect(project.files('.').filter((file) => file.startsWith('assets'))).toEqual([])
  })

  it('refuse a token, a name and a path that belong to another asset', async () => {
    project.write('specs/a.yaml', spec('a', '{ token: ICON-ACME-MAIN001, manifest_key: one, manifest_path: x/a.png }'))
    await make()
    const rewrite = (integration: string) => project.write('specs/a.yaml', spec('other', integration))
    rewrite('{ token: ICON-ACME-MAIN001 }')
    expect(await refsOf()).toEqual([['other', 'TOKEN_TAKEN']])
    rewrite('{ manifest_key: one }')
    expect(await refsOf()).toEqual([['other', 'ALIAS_TAKEN']])
    rewrite('{ manifest_path: X/A.png }')
    expect(await refsOf()).toEqual([['other', 'PATH_TAKEN']])
    rewrite('{ manifest_path: library/a.png }')
    expect(await refsOf()).toEqual([['other', 'PATH_TAKEN']])
    project.write('assets/own/mine.png', 'a file of the user')
    rewrite('{ manifest_path: own/mine.png }')
    expect(await refsOf()).toEqual([['other', 'PATH_TAKEN']])
    expect(project.read('assets/own/mine.png').toString()).toBe('a file of the user')
  })
})

describe('observability', () => {
  const spec = (observability: string, type = 'image', more = '') =>
    `version: "1.0"\nid: a\ngeneration: { type: ${type} }\nprompt: { base: a coin${type === 'image' ? ', parameters: { size: 16x16 }' : ''} }\n${more}integration: { manifest_key: a }\nobservability: ${observability}\n`
  const scoreOf = async () => (await make())[0]!.entry!.qualityScore as { score: number; parts: Record<string, number> } | undefined

  it.each([
    ['image', ['contrast', 'detail', 'content']],
    ['audio', ['level', 'clean', 'content']],
  ])('track_quality leaves a score of %s with its parts in the manifest, also when it is asked for later', async (type, parts) => {
    project.write('specs/a.yaml', spec('{ track_quality: true }', type))
    const fresh = await scoreOf()
    expect(Object.keys(fresh!.parts)).toEqual(parts)
    const mean = Object.values(fresh!.parts).reduce((sum, part) => sum + part, 0) / parts.length
    expect(fresh!.score).toBeCloseTo(mean, 0)
    project.write('specs/a.yaml', spec('{ track_quality: false }', type))
    expect(await scoreOf()).toBeUndefined()
    project.write('specs/a.yaml', spec('{ track_quality: true }', type))
    expect((await plan()).jobs.map((job) => job.action)).toEqual(['hit'])
    expect(Object.keys((await scoreOf())!.parts)).toEqual(parts)
    const [entry] = Object.values(JSON.parse(project.read('assets/manifest.json').toString()).assets as Record<string, { qualityScore: unknown }>)
    expect(entry!.qualityScore).toEqual(await scoreOf())
  })

  it('track_quality counts the checks of a validate step as a part', async () => {
    project.write('specs/a.yaml', spec('{ track_quality: true }', 'image', 'post_processing: [{ action: validate, checks: [not_blank] }]\n'))
    expect((await scoreOf())!.parts.checks).toBe(100)
  })

  it.each([
    ['debug', 'info', true, true],
    ['info', 'info', true, true],
    ['warn', 'info', false, true],
    ['error', 'debug', false, true],
    ['debug', 'warn', false, false],
  ])('log_level %s leaves events of the spec out that are below (logLevel %s)', async (level, general, isTold, isOtherTold) => {
    project.write('specs/a.yaml', spec(`{ log_level: ${level} }`, 'image', 'post_processing: [{ action: resize, dimensions: 8x8 }]\n'))
    project.write('specs/b.yaml', spec('{}').replace('id: a', 'id: b').replace('manifest_key: a', 'manifest_key: b'))
    await inWorkspace(async ({ generation }) => generation.run(await generation.plan(), {}), { logLevel: general })
    const lines = project.files('.assetloom').filter((file) => file.endsWith('.jsonl')).flatMap((file) => project.read(file).toString().trim().split('\n'))
    const told = lines.map((line) => JSON.parse(line || '{}') as { spec_id?: string; event: string })
    const eventsOf = (id: string) => told.filter((one) => one.spec_id === id).map((one) => one.event)
    const whole = ['ASSET_GENERATION_START', 'ASSET_GENERATION_SUCCESS']
    expect(eventsOf('a')).toEqual(isTold ? expect.arrayContaining(whole) : [])
    expect(eventsOf('b')).toEqual(isOtherTold ? expect.arrayContaining(whole) : [])
  })
})

it.each([
  ['a palette', '{ action: palette, tokens: COLOR-ACME-* }'],
  ['a check', '{ action: validate, checks: [{ palette_match: { tokens: "COLOR-ACME-*", tolerance: 1, share: 0.01 } }] }'],
])('colours that %s takes by ref are part of what the asset is made of', async (_, step) => {
  const color = (hex: string) =>
    inWorkspace(async ({ manifest }) =>
      manifest.update((draft) => {
        const entry = { kind: 'color', token: 'COLOR-ACME-BRAND001', category: 'Colors', family: 'ACME', variant: 'BRAND', colorHex: hex }
        draft.assets['COLOR-ACME-BRAND001'] = { ...entry, version: '1.0.0', created: '', modified: '', source: { type: 'import' } }
      }),
    )
  project.write('specs/a.yaml', `version: "1.0"\nid: a\ngeneration: { type: image }\nprompt: { base: a coin, parameters: { size: 16x16 } }\npost_processing: [${step}]\n`)
  await color('#ff0000')
  const [first] = await make()
  expect((await plan()).jobs.map((job) => job.action)).toEqual(['hit'])
  await color('#0000ff')
  expect((await plan()).jobs.map((job) => [job.action, job.reason, job.quoteMicroUsd])).toEqual([['derive', 'post-processing changed', 0]])
  const [second] = await make()
  expect(second).toMatchObject({ status: 'done', action: 'derive', calls: 0 })
  if (step.includes('palette,')) expect(second!.entry!.hash).not.toBe(first!.entry!.hash)
  expect((await plan()).jobs.map((job) => job.action)).toEqual(['hit'])
})

it('makes the same bytes and the same manifest on two machines', async () => {
  const other = createProject()
  const specs = { 'specs/a.yaml': goodSpec, 'specs/b.yaml': 'version: "1.0"\nid: beep\ngeneration: { type: audio }\nprompt: { base: a coin }\n', 'specs/c.yaml': 'version: "1.0"\nid: note\ngeneration: { type: text }\nprompt: { base: Hello there }\n' }
  const manifests: string[] = []
  for (const at of [project, other]) {
    for (const [file, text] of Object.entries(specs)) at.write(file, text)
    const workspace = await openWorkspace({ root: at.root, options: { ...options, constants: false }, env: { SOURCE_DATE_EPOCH: '1700000000' } })
    await workspace.generation.run(await workspace.generation.plan(), {})
    await workspace.close()
    manifests.push(at.read('assets/manifest.json').toString())
  }
  expect(manifests[0]).toBe(manifests[1])
  expect(Object.keys(JSON.parse(manifests[0]!).assets as object)).toHaveLength(3)
  other.remove()
})
