import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProject, run, type TestProject } from '../operations/project.ts'

/* How commands understand the name of an asset. */

let project: TestProject
beforeEach(async () => {
  project = createProject()
  prompt('ai-prompts/content/gen')
  prompt('ai-prompts/content/twin')
  prompt('ai-prompts/seo/twin')
  await run(project, 'sync', {})
})
afterEach(() => project.remove())

const prompt = (id: string) =>
  project.write(`assets/library/${id}.asset.yaml`, `name: ${id}\ndescription: A prompt.\nversion: "1.0.0"\nprompt: Paint ${id} black\n`)
const gen = 'ai-prompts/content/gen'

describe.each(['info', 'use', 'versions', 'analyze', 'deps', 'optimize'])('%s', (command) => {
  it.each(['gen', gen, `asset:${gen}`, 'asset:gen'])('understands %s', async (ref) => {
    const { ref: found } = await run<{ ref: string }>(project, command, { ref })
    expect(found).toBe(gen)
  })

  it('refuses a name of two', async () => {
    await expect(run(project, command, { ref: 'twin' })).rejects.toMatchObject({ code: 'ASSET_NAME_AMBIGUOUS', exit: 2, message: expect.stringMatching(/content\/twin, ai-prompts\/seo\/twin/) })
  })

  it('takes an alias before the last part of an id', async () => {
    const manifest = project.manifest()
    manifest.assets['ai-prompts/seo/twin']!.aliases = ['gen']
    project.write('assets/manifest.json', JSON.stringify(manifest))
    expect(await run(project, command, { ref: 'gen' })).toMatchObject({ ref: 'ai-prompts/seo/twin' })
  })
})

describe('a version in a name', () => {
  it.each([
    ['info', { ref: `${gen}@1.0.0` }],
    ['use', { ref: `asset:${gen}@production` }],
    ['branch', { ref: 'gen@1.0.0', name: 'summer' }],
    ['validate', { refs: [`${gen}@1.0.0`] }],
  ])('is refused by %s, which says where versions stand', async (command, input) => {
    await expect(run(project, command, input)).rejects.toMatchObject({ code: 'REF_VERSION_FOREIGN', exit: 2, hint: expect.stringContaining(`asset:${gen}@`) })
  })

  it('is refused by export for that asset', async () => {
    expect(await run(project, 'export', { refs: [`${gen}@1.0.0`], dir: 'out' })).toMatchObject({ failed: [{ code: 'REF_VERSION_FOREIGN' }] })
  })

  it('is taken by diff, with the scheme of code', async () => {
    await run(project, 'update', { ref: gen, description: 'Another.' })
    expect(await run(project, 'diff', { before: `asset:${gen}@1.0.0`, after: `asset:${gen}` })).toMatchObject({ before: { ref: gen, version: '1.0.0' } })
  })
})

describe('a name of the starter library', () => {
  it.each([
    ['info', { ref: 'ui-components/buttons/button-react' }, /assetloom use ui-components\/buttons\/button-react brings it into the project/],
    ['deps', { ref: 'modules/blog/posts' }, /assetloom install modules\/blog\/posts brings/],
    ['analyze', { ref: 'design-tokens/colors/calm' }, /assetloom apply design-tokens\/colors\/calm brings/],
    ['package', { refs: ['templates/sections/hero'], name: 'pack', version: '1.0.0' }, /assetloom use templates\/sections\/hero brings/],
    ['duplicate', { ref: 'templates/sections/hero', name: 'hero-two' }, /assetloom use/],
    ['validate', { refs: ['tools/validators/contrast-checker'] }, /assetloom run tools\/validators\/contrast-checker carries it out/],
    ['use', { ref: 'button-react' }, /^The starter library has ui-components\/buttons\/button-react\./],
    ['use', { ref: 'ui-components/buttons/button-reac' }, /^The starter library has ui-components\/buttons\/button-react\./],
    ['run', { ref: 'contrast-cheker' }, /^The starter library has tools\/validators\/contrast-checker\./],
  ])('%s %j tells how to get at it', async (command, input, hint) => {
    await expect(run(project, command, input)).rejects.toMatchObject({ code: 'ASSET_UNKNOWN', hint: expect.stringMatching(hint) })
  })

  it('is not told of a token', async () => {
    await expect(run(project, 'info', { ref: 'LOGO-ACME-MARK001' })).rejects.toMatchObject({ code: 'ASSET_UNKNOWN', hint: expect.not.stringContaining('starter') })
  })
})
