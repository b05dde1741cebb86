import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Entry, Manifest } from '../../src/core/manifest.ts'
import { detectMediaType } from '../../src/generators/media/detect-media-type.ts'
import { inspectMedia } from '../../src/generators/media/read-media.ts'
import { elevenlabsFake } from '../fakes/elevenlabs.ts'
import { startFake, type Fake, type FakeDefinition } from '../fakes/fake.ts'
import { createProject, type Project } from '../project.ts'

/* The shipped template `jump-sfx`, through the command: three types in four variants are twelve sounds. */

const types = ['dust-cloud', 'energy-burst', 'mega-explosion']
const variants = ['light', 'heavy', 'crisp', 'long']
const names = [1, 2, 3].flatMap((type) => [...'ABCD'].map((letter) => `sfxJump${type}${letter}`))

/** Who makes them; one line adds a provider. */
const makers: readonly { name: string; fake?: FakeDefinition; prices?: object }[] = [
  { name: 'local' },
  { name: 'elevenlabs', fake: elevenlabsFake },
]

describe.each(makers)('jump sounds by $name', ({ name, fake: definition, prices = {} }) => {
  let fake: Fake | undefined
  let project: Project
  beforeEach(async () => {
    fake = definition && (await startFake(definition))
    const options = { tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' }, budget: { monthlyUsd: 5 }, providers: fake?.options ?? {}, prices }
    project = createProject({ files: { 'src/main.js': '', 'assetloom.config.ts': `export default ${JSON.stringify(options)}` } })
  })
  afterEach(() => fake?.close())

  const assets = () => (JSON.parse(readFileSync(join(project.root, 'assets/manifest.json'), 'utf8')) as Manifest).assets
  const expectSound = async (entry: Entry) => {
    const bytes = readFileSync(join(project.root, entry.file!))
    const format = (await detectMediaType(bytes))!
    expect(format.mediaType).toBe('audio/mpeg')
    const { facts } = await inspectMedia(bytes, format)
    expect(facts.durationMs).toBeGreaterThanOrEqual(200)
    expect(facts.durationMs).toBeLessThanOrEqual(600)
    expect(entry).toMatchObject({ kind: 'audio', mediaType: 'audio/mpeg', category: 'Sound Effects', source: { provider: name } })
  }
  const charged = () => fake?.requests.filter((request) => definition!.isPaid(request)).length ?? 0

  it('are twelve MP3 files with names of their own', async () => {
    project.write({ 'specs/jumps.yaml': `version: "1.0"\nid: jumps\ntemplate: jump-sfx\nmatrix:\n  jump_type: [${types.join(', ')}]\n  variant: [${variants.join(', ')}]\n` })
    const { code, json } = await project.cli('generate', '--json')
    expect({ code, error: json.error }).toEqual({ code: 0, error: undefined })
    expect(json.data.jobs.map((job: { aliases: string[] }) => job.aliases)).toEqual(names.map((one) => [one]))
    expect(charged()).toBe(definition ? 12 : 0)
    const entries = Object.values(assets())
    expect(entries.flatMap(({ aliases = [] }) => aliases).sort()).toEqual(names)
    expect(new Set(entries.map(({ hash }) => hash)).size).toBe(12)
    for (const entry of entries) await expectSound(entry)
    const constants = readFileSync(join(project.root, 'src/assets.gen.ts'), 'utf8')
    for (const one of names) expect(constants).toMatch(new RegExp(`\\b${one}\\b`))
    const { json: costs } = await project.cli('costs', '--json')
    expect(costs.data.spentMicroUsd).toBe(fake?.billedMicroUsd() ?? 0)
    expect((await project.cli('generate', '--json')).json.data.totals).toMatchObject({ hit: 12, providerCalls: 0 })
  }, 60_000)

  it('are made one by one by flags, too', async () => {
    const { code, json } = await project.cli('generate', '--template', 'jump-sfx', '--jump_type', 'energy-burst', '--variant', 'crisp', '--output-name', 'sfxJump2A', '--json')
    expect({ code, error: json.error }).toEqual({ code: 0, error: undefined })
    const [entry] = Object.values(assets())
    expect(entry!.aliases).toEqual(['sfxJump2A'])
    await expectSound(entry!)
    expect(charged()).toBe(definition ? 1 : 0)
  })

  it.each<[string, string[], RegExp]>([
    ['an unknown value', ['--jump_type', 'energy-brust', '--variant', 'crisp'], /jump_type.*energy-brust.*dust-cloud, energy-burst, mega-explosion/],
    ['a value that is missing', ['--jump_type', 'energy-burst'], /variant/],
    ['an unknown parameter', ['--jump_type', 'energy-burst', '--variant', 'crisp', '--tone', 'low'], /tone[^]*jump_type, variant/],
  ])('refuse %s, naming what is allowed', async (_, flags, says) => {
    const { code, json } = await project.cli('generate', '--template', 'jump-sfx', ...flags, '--output-name', 'sfxJump2A', '--json')
    expect([code, json.error.code]).toEqual([2, 'TEMPLATE_VALUES'])
    expect(`${json.error.message} ${json.error.hint}`).toMatch(says)
    expect(charged()).toBe(0)
  })
})
