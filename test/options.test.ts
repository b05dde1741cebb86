import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveOptions, type AssetloomOptions } from '../src/options.ts'
import { openWorkspace } from '../src/workspace.ts'
import { createProject, runNode, cliPath, type Project } from './project.ts'
import { png, wav } from './operations/project.ts'

/** What is wrong, and what the message must say of it: the option, and where there are any, the allowed words and the nearest. */
const bad: [text: string, ...says: string[]][] = [
  ['{ buget: { monthlyUsd: 1 } }', '"buget"', 'Did you mean budget', 'assetsDir, specsDir, tokens, generate, budget'],
  ['{ budget: { monthlyUSD: 1 } }', '"budget.monthlyUSD"', 'Did you mean monthlyUsd', 'monthlyUsd, perRunUsd, perAssetUsd, perProvider'],
  ['{ budget: { monthlyUsd: -1 } }', 'budget.monthlyUsd', 'at least 0'],
  ['{ budget: { monthlyUsd: NaN } }', 'budget.monthlyUsd', 'a number'],
  ['{ budget: { monthlyUsd: Infinity } }', 'budget.monthlyUsd', 'a number'],
  ['{ budget: { perRunUsd: "10" } }', 'budget.perRunUsd', 'must be a number', '"10"'],
  ['{ budget: { perProvider: { openai: -1 } } }', 'budget.perProvider.openai', 'at least 0'],
  ['{ budget: 5 }', 'budget', 'group of fields', '5'],
  ['{ prices: { openai: { "*": NaN } } }', 'prices.openai.*', 'a number'],
  ['{ prices: { openai: 0.04 } }', 'prices.openai', 'a group of names with values'],
  ['{ generate: "always" }', 'generate', '"always"', 'auto, missing, frozen'],
  ['{ generate: "frzen" }', 'generate', 'Did you mean frozen'],
  ['{ generate: true }', 'generate', 'true'],
  ['{ logLevel: "verbose" }', 'logLevel', 'debug, info, warn, error, silent'],
  ['{ assetsDir: "../other" }', 'assetsDir', 'inside the root'],
  ['{ assetsDir: "a/../../b" }', 'assetsDir', 'inside the root'],
  ['{ assetsDir: "/etc" }', 'assetsDir', 'inside the root'],
  ['{ assetsDir: "C:\\\\media" }', 'assetsDir', 'inside the root'],
  ['{ assetsDir: "" }', 'assetsDir', 'not empty'],
  ['{ assetsDir: "." }', 'assetsDir', 'not the root itself'],
  ['{ assetsDir: "node_modules/media" }', 'assetsDir', 'node_modules'],
  ['{ specsDir: ".assetloom/specs" }', 'specsDir', '.assetloom'],
  ['{ constants: "../assets.ts" }', 'constants'],
  ['{ root: "no/such/folder" }', 'root', '"no/such/folder"'],
  ['{ root: "package.json" }', 'root', 'no folder'],
  ['{ root: 5 }', 'root', 'a text'],
  ['{ tokens: { prefixes: { Badges: "badge" } } }', 'tokens.prefixes.Badges', 'capital letters'],
  ['{ tokens: { families: { acme: "Acme" } } }', 'tokens.families', 'acme', 'capital letters'],
  ['{ tokens: { families: { ACME: "" } } }', 'tokens.families.ACME', 'not empty'],
  ['{ tokens: { families: ["ACME"] } }', 'tokens.families', 'a list'],
  ['{ tokens: { famlies: { ACME: "Acme" } } }', '"tokens.famlies"', 'Did you mean families', 'prefixes, families, variants, defaultFamily'],
  ['{ tokens: { defaultFamily: "A1" } }', 'tokens.defaultFamily', 'capital letters'],
  ['{ providers: { opnai: { apiKey: "x" } } }', '"providers.opnai"', 'Did you mean openai', 'openai, stability, stable-diffusion, firefly, elevenlabs, bark, musicgen', 'defineProvider'],
  ['{ providers: { openai: { apikey: "x" } } }', '"providers.openai.apikey"', 'Did you mean apiKey', 'baseURL, apiKey'],
  ['{ providers: { openai: { baseURL: "http://api.example.com/v1" } } }', 'providers.openai.baseURL', 'https:', 'loopback'],
  ['{ providers: { openai: { baseURL: "http://127.0.0.1.evil.test/v1" } } }', 'providers.openai.baseURL', 'loopback'],
  ['{ providers: { openai: { baseURL: "ftp://localhost/" } } }', 'providers.openai.baseURL', 'https:'],
  ['{ providers: { openai: { baseURL: "api.openai.com" } } }', 'providers.openai.baseURL', 'a URL'],
  ['{ providers: { openai: { baseURL: "https://me:SECRETSECRET@api.example.com" } } }', 'providers.openai.baseURL', 'no user name or password'],
  ['{ providers: { openai: "SECRETSECRET" } }', 'providers.openai', 'a group of fields'],
  ['{ providers: { openai: { apiKey: 0x5ec2e7 } } }', 'providers.openai.apiKey', 'a text'],
  ['{ providers: { "stable-diffusion": {} } }', 'providers.stable-diffusion.baseURL', 'is missing'],
  ['{ providers: { "stable-diffusion": { baseURL: "http://localhost:7860", flavor: "a111" } } }', 'providers.stable-diffusion.flavor', 'a1111, comfyui, sd-server'],
  ['{ providers: { bark: { via: "SECRETSECRET" } } }', 'providers.bark.via', 'replicate, huggingface, local'],
  ['{ cache: { maxDerivedMb: 0 } }', 'cache.maxDerivedMb', 'at least 1'],
  ['{ cache: { shared: "redis://me:SECRETSECRET@cache" } }', 'cache.shared', 'Keyv'],
  ['{ cache: { sharde: new Map() } }', '"cache.sharde"', 'Did you mean shared'],
  ['{ transforms: { quality: { jpeg: 101 } } }', 'transforms.quality.jpeg', 'at most 100'],
  ['{ transforms: { quality: { jpg: 80 } } }', '"transforms.quality.jpg"', 'Did you mean'],
  ['{ transforms: { concurrency: 1.5 } }', 'transforms.concurrency', 'whole number'],
  ['{ import: { maxFileMb: 0 } }', 'import.maxFileMb'],
  ['{ types: "yes" }', 'types', 'true or false', '"yes"'],
  ['{ sites: { main: {} } }', 'sites.main.root', 'is missing'],
  ['{ catalog: "github:acme/assets" }', 'catalog', "must be a list: catalog: ['github:acme/assets']"],
  ['{ catalog: { source: [] } }', 'source', 'Did you mean sources'],
  ['{ catalog: { download: "always", sources: [] } }', 'catalog.download'],
  ['{ catalog: [{ name: "x", from: "gopher://x" }] }', 'from', 'github:'],
  ['[]', 'the options', 'a group of fields'],
]

const withConfig = (text: string, name = 'assetloom.config.ts') => createProject({ files: { [name]: text } })

/** Told by openWorkspace with inline options. */
async function problemOf(options: unknown, project: Project) {
  try {
    await (await openWorkspace({ root: project.root, options: options as AssetloomOptions, env: {} })).close()
  } catch (error) {
    return error as { code: string; message: string; exit: number }
  }
  return undefined
}

describe('options that are refused', () => {
  const project = createProject()

  it.each(bad)('%s, inline', async (text, ...says) => {
    // The text is this table's own.
    const options = new Function(`return ${text}`)() as unknown
    const problem = await problemOf(options, project)
    expect(problem).toMatchObject({ code: expect.stringMatching(/^(?:OPTIONS_INVALID|AMOUNT_INVALID)$/), exit: 2 })
    for (const part of says) expect(problem!.message).toContain(part)
    expect(problem!.message).not.toMatch(/SECRET|6210279|\[object|undefined/)
    expect(existsSync(join(project.root, '.assetloom'))).toBe(false)
  })

  it.each(bad.filter((_, i) => i % 4 === 0))('%s, in assetloom.config.ts', async (text, ...says) => {
    const { code, json } = await withConfig(`export default ${text}\n`).cli('list', '--json')
    expect(code).toBe(2)
    expect(json).toMatchObject({ ok: false, error: { code: 'OPTIONS_INVALID', message: expect.stringMatching(/^assetloom\.config\.ts: /), hint: expect.stringContaining('docs/options.md') } })
    for (const part of says) expect(json.error.message).toContain(part)
  })

  it('names every mistake at once', async () => {
    const problem = await problemOf({ buget: 1, types: 1, studio: 'no' }, project)
    for (const name of ['buget', 'types', 'studio']) expect(problem!.message).toContain(name)
  })

  it('refuses members that would reach the machinery of an object', async () => {
    const project = withConfig('{ "__proto__": { "polluted": true }, "constructor": { "prototype": {} } }', 'assetloom.config.json')
    expect((await project.cli('list', '--json')).json.error.code).toBe('OPTIONS_INVALID')
  })

  it('refuses a SOURCE_DATE_EPOCH that is no time', () => {
    for (const SOURCE_DATE_EPOCH of ['yesterday', '-1', '1.5', '99999999999999'])
      expect(() => resolveOptions({}, { root: project.root, env: { SOURCE_DATE_EPOCH } })).toThrow(/SOURCE_DATE_EPOCH/)
  })
})

describe('config files that cannot be loaded', () => {
  it.each<[name: string, text: string, place: string, says: RegExp]>([
    ['assetloom.config.ts', 'export default {\n  types: true,,\n}\n', 'assetloom.config.ts:2', /cannot be loaded/],
    ['assetloom.config.ts', "export default {\n  providers: { openai: { apiKey: 'SECRETSECRET' 5 } },\n}\n", 'assetloom.config.ts:2', /cannot be loaded/],
    ['assetloom.config.ts', 'enum A { b }\nexport default {}\n', 'assetloom.config.ts:1', /enum/],
    ['assetloom.config.mjs', 'export const options = {}\n', 'assetloom.config.mjs', /no default export/],
    ['assetloom.config.mjs', 'export default 5\n', 'assetloom.config.mjs', /not an object/],
    ['assetloom.config.mjs', 'export default () => ({})\n', 'assetloom.config.mjs', /not an object/],
    ['assetloom.config.mjs', 'export default Promise.resolve({})\n', 'assetloom.config.mjs', /await/],
    ['assetloom.config.mjs', '\n\nthrow new Error("no luck: " + process.env.OPENAI_API_KEY)\n', 'assetloom.config.mjs:3', /no luck: \[redacted\]/],
    ['assetloom.config.mjs', 'throw "a text"\n', 'assetloom.config.mjs', /a text/],
    ['assetloom.config.mjs', 'import "./gone.js"\nexport default {}\n', 'assetloom.config.mjs', /gone\.js/],
    ['assetloom.config.json', '{\n  "types": true\n  "providers": "SECRETSECRET"\n}', 'assetloom.config.json:3', /no JSON/],
    ['assetloom.config.json', '5', 'assetloom.config.json', /not an object/],
  ])('%s with %j', async (name, text, place, says) => {
    const project = withConfig(text, name)
    const { code, json, stderr, stdout } = await runNode([cliPath, 'list', '--json'], project.root, { OPENAI_API_KEY: 'SECRETSECRET' })
    expect({ code, error: json?.error?.code }).toEqual({ code: 2, error: 'CONFIG_BROKEN' })
    expect(json.error.message).toContain(`${place} `)
    expect(json.error.location.file).toBe(name)
    expect(json.error.message).toMatch(says)
    expect(stdout + stderr).not.toContain('SECRETSECRET')
    const told = await runNode([cliPath, 'list'], project.root, { OPENAI_API_KEY: 'SECRETSECRET' })
    expect(told.stderr).toContain(place)
    expect(told.stderr).not.toMatch(/\n {4}at |SECRETSECRET/)
  })
})

describe('options that are taken', () => {
  const families = 'tokens: { families: { ACME: "Acme" } }, assetsDir: "./media/", constants: false'

  it.each([
    ['assetloom.config.ts', `import { defineConfig, type AssetloomOptions } from 'assetloom'\nconst options: AssetloomOptions = { ${families} }\nexport default defineConfig(options)\n`],
    ['assetloom.config.mts', `export default { ${families} }\n`],
    ['assetloom.config.js', `export default { ${families} }\n`],
    ['assetloom.config.mjs', `export default await Promise.resolve({ ${families} })\n`],
    ['assetloom.config.json', '{ // as an editor allows\n "tokens": { "families": { "ACME": "Acme" } }, "assetsDir": "./media/", "constants": false, }'],
  ])('from %s', async (name, text) => {
    const project = withConfig(text, name)
    const { json } = await project.cli('import', '--color', '#112233', '--family', 'ACME', '--json')
    expect(json.data.imported).toMatchObject([{ token: 'COLOR-ACME-MAIN001' }])
    expect(existsSync(join(project.root, 'media/manifest.json'))).toBe(true)
  })

  it('without a config file are the defaults', async () => {
    expect((await createProject().cli('list', '--json')).json).toEqual({ ok: true, data: { total: 0, assets: [] } })
  })

  it('take a provider of the project and every shipped one', async () => {
    const project = withConfig(`import { defineProvider } from 'assetloom'
const acme = defineProvider({ id: 'acme', capabilities: { types: ['image'] }, async generate() { throw new Error() } })
export default { providers: { acme, openai: {}, stability: { baseURL: 'http://127.0.0.1:1' }, 'stable-diffusion': { baseURL: 'http://localhost:7860' }, firefly: {}, elevenlabs: {}, bark: { via: 'huggingface' }, musicgen: {} } }
`)
    expect(await project.cli('list')).toMatchObject({ code: 0, stderr: '' })
  })

  it.each([
    ['1', true],
    ['true', true],
    ['yes', true],
    ['false', false],
    ['0', false],
    ['', false],
    [undefined, false],
  ])('CI=%s is CI: %s', (CI, isCi) => {
    const root = createProject().root
    expect(resolveOptions({}, { root, env: { CI } })).toMatchObject({ isCi, generate: isCi ? 'frozen' : 'auto' })
    expect(resolveOptions({ generate: 'missing' }, { root, env: { CI } }).generate).toBe('missing')
  })

  it('read the keys of known providers from the environment, and no other variable', () => {
    const env = { OPENAI_API_KEY: 'key-of-openai', HF_TOKEN: 'token-of-hf', REPLICATE_API_TOKEN: '', MY_SECRET: 'something-else', HOME: '/root' }
    expect(resolveOptions({}, { root: createProject().root, env }).keys).toEqual({ OPENAI_API_KEY: 'key-of-openai', HF_TOKEN: 'token-of-hf' })
  })

  it('with SOURCE_DATE_EPOCH give the same bytes on every run', async () => {
    const files = { 'assetloom.config.json': '{ "tokens": { "families": { "ACME": "Acme" }, "defaultFamily": "ACME" } }', 'src/x.js': '', 'in/a.png': await png(1), 'in/b.wav': wav(), 'specs/a.yaml': 'version: "1.0"\nid: beep\nmetadata: { category: Sound Effects }\ngeneration: { type: audio }\nprompt: { base: coin }\n' }
    const run = async () => {
      const project = createProject({ files })
      const env = { SOURCE_DATE_EPOCH: '1700000000', USER: 'somebody' }
      for (const args of [['import', 'in', '--category', 'Icons', '--variant', 'UI'], ['generate'], ['update', 'ICON-ACME-UI001', '--alt', 'x'], ['types']]) expect(await runNode([cliPath, ...args], project.root, env)).toMatchObject({ code: 0 })
      return ['assets/manifest.json', '.assetloom/types/assets.d.ts', 'src/assets.gen.ts'].map((file) => readFileSync(join(project.root, file), 'utf8'))
    }
    const [first, second] = [await run(), await run()]
    expect(second).toEqual(first)
    expect(first[0]).toContain('"created": "2023-11-14T22:13:20Z"')
  })
})
