import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRedactor, secretsIn, secretsWithin } from '../src/core/redact.ts'
import { providerFailure, failureOf } from '../src/core/provider-failure.ts'
import { AssetloomError } from '../src/core/errors.ts'
import { startFake, type Fake, type FakeDefinition } from './fakes/fake.ts'
import { openaiFake } from './fakes/openai.ts'
import { cliPath, createProject, repository, runNode, type CliResult, type Project } from './project.ts'
import { png } from './operations/project.ts'

/** Where each secret stands; its characters have other spellings in URLs and in JSON. */
const canaries = {
  shellKey: 'canary-shell/one+"two"=1',
  shellToken: 'canary-shell-hf-0001',
  dotEnvKey: 'canary-dotenv-studio-0002',
  dotEnvOther: 'canary-dotenv-other-0003',
  optionKey: 'canary-option-openai-0004',
  optionSecret: 'canary-option-firefly-0005',
  catalogToken: 'canary-catalog-token-0006',
  urlPassword: 'canary-url-0007',
  serviceKey: 'canary-service/key+0008',
  privatePrompt: 'canary-private-prompt-0009',
  comment: 'canary-comment-0010',
  fileKey: 'canary-file-key-0011',
}

const environment = { OPENAI_API_KEY: canaries.shellKey, HF_TOKEN: canaries.shellToken, STUDIO_URL: `https://me:${canaries.urlPassword}@studio.test/v1` }

/** A provider that says its key wherever it can say anything. */
const configText = `import { readFileSync } from 'node:fs'
import { defineConfig, defineProvider, providerFailure } from 'assetloom'

process.loadEnvFile(new URL('.env', import.meta.url))
const { STUDIO_KEY, STUDIO_URL, OPENAI_API_KEY } = process.env
const leak = 'key ' + STUDIO_KEY + ' openai ' + OPENAI_API_KEY + ' option ${canaries.optionKey} secret ${canaries.optionSecret} at ' + STUDIO_URL + '?key=' + encodeURIComponent(OPENAI_API_KEY) + ' Basic ' + btoa(STUDIO_KEY)
const fail = (kind, more) => providerFailure({ kind, provider: 'studio', message: leak, hint: leak, ...more }, new Error(leak, { cause: new TypeError(leak) }))
let calls = 0

const studio = defineProvider({
  id: 'studio',
  capabilities: { types: ['image'] },
  concurrency: 1,
  quote: () => 40000,
  async generate({ request, specId }) {
    calls++
    if (specId === 'throws') throw Object.assign(new Error(leak, { cause: { body: leak } }), { request: { headers: { authorization: STUDIO_KEY } } })
    if (specId === 'throws-text') throw leak
    if (specId === 'rejected') throw fail('rejected', { status: 400 })
    if (specId === 'later') throw fail('rate-limited', { status: 429, retryAfterMs: 9e6 })
    if (specId === 'again' && calls % 2) throw fail('not-sent')
    if (specId === 'garbage') return { outputs: [], costMicroUsd: 0, revisedPrompt: leak }
    return {
      outputs: [{ bytes: new Uint8Array(readFileSync('in/1.png')), mediaType: 'image/png' }],
      costMicroUsd: 40000,
      revisedPrompt: leak,
      model: 'm ' + STUDIO_KEY,
      meta: { request: { headers: { authorization: 'Bearer ' + STUDIO_KEY } }, list: [leak] },
    }
  },
})
const closed = defineProvider({ id: 'closed', capabilities: { types: ['image'] }, isAvailable: () => ({ available: false, reason: leak }), quote: () => 1, async generate() { throw new Error(leak) } })
const pricey = defineProvider({ id: 'pricey', capabilities: { types: ['image'] }, quote() { throw new Error(leak) }, async generate() { throw new Error(leak) } })

export default defineConfig({
  tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' },
  budget: { monthlyUsd: 5 },
  providers: { studio, closed, pricey, openai: { apiKey: '${canaries.optionKey}' }, firefly: { clientId: 'an-id-of-firefly', clientSecret: '${canaries.optionSecret}' } },
  catalog: [{ name: 'acme', from: 'github:acme/assets', token: '${canaries.catalogToken}' }],
})
`

const spec = (id: string, provider = 'studio', fallback?: string) =>
  JSON.stringify({ version: '1.0', id, metadata: { category: 'Icons' }, generation: { type: 'image', provider, ...(fallback && { fallback }) }, prompt: { base: id, parameters: { size: '24x16' } }, integration: { manifest_key: id.replace('-', '_') } })

const failing = ['throws', 'throws-text', 'rejected', 'later', 'garbage']

/** What a canary may look like. */
const spellings = Object.entries(canaries).flatMap(([name, value]) =>
  [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), Buffer.from(value).toString('base64').replace(/=+$/, ''), Buffer.from(value).toString('hex')].map((text) => ({ name, text })),
)

const found = (bytes: Buffer | string) => [...new Set(spellings.filter(({ text }) => bytes.includes(text)).map(({ name }) => name))]

/** Below a folder; what the project itself holds its keys in is left out. */
function filesUnder(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name)
    if (entry.isDirectory()) return filesUnder(root, file)
    return entry.isFile() && file !== '.env' && file !== 'assetloom.config.js' ? [file] : []
  })
}

describe('a project whose keys are known', () => {
  let project: Project
  /** Everything that any command said. */
  const said: [what: string, result: CliResult][] = []

  const run = async (args: string[], script = cliPath, more: Record<string, string> = {}) => {
    const result = await runNode([script, ...args], project.root, { ...environment, ...more })
    said.push([args.join(' '), result])
    return result
  }

  beforeAll(async () => {
    project = createProject({
      files: {
        '.env': `STUDIO_KEY=${canaries.dotEnvKey}\nOTHER=${canaries.dotEnvOther}\nVITE_TITLE=Site\n`,
        'assetloom.config.js': configText,
        'in/1.png': await png(1),
        'specs/fine.json': spec('fine'),
        'specs/again.json': spec('again'),
        'specs/closed.json': spec('closed', 'closed', 'local'),
        'specs/unpriced.json': spec('unpriced', 'pricey'),
        ...Object.fromEntries(failing.map((id) => [`specs/${id}.json`, spec(id)])),
        'src/main.js': 'import logo, { meta } from "asset:LOGO-ACME-MAIN001"\nimport made, { meta as madeMeta } from "asset:fine"\nconsole.log(logo, meta, made, madeMeta, import.meta.env.VITE_TITLE)\n',
        'index.html': '<script type="module" src="/src/main.js"></script>',
        'broken.html': '<script type="module" src="/src/broken.js"></script>',
        'src/broken.js': 'import bad from "asset:rejected"\nconsole.log(bad)\n',
        'vite.config.js': 'import assetloom from "assetloom/vite"\nexport default { plugins: [assetloom()], build: { sourcemap: true, minify: false, manifest: true, assetsInlineLimit: 0 } }\n',
        'vite.broken.js': 'import assetloom from "assetloom/vite"\nexport default { plugins: [assetloom()], build: { outDir: "broken", rollupOptions: { input: "broken.html" } } }\n',
        'vite.programmed.mjs': 'import { build } from "vite"\nawait build({ configFile: "vite.broken.js" })\n',
      },
    })
    const vite = join(repository, 'node_modules/vite/bin/vite.js')
    expect((await run(['import', 'in/1.png', '--category', 'Logos', '--variant', 'MAIN', '--alt', 'Acme'])).code).toBe(0)
    await run(['generate', '--dry-run'])
    await run(['generate', '--log-level', 'debug'])
    await run(['generate', '--json', '--force'])
    for (const name of ['fine', 'later', 'closed', 'unpriced']) await run(['generate', name, '--force'])
    for (const args of [['costs'], ['costs', '--json'], ['costs', '--csv'], ['costs', '--by', 'spec', '--json'], ['list', '--json'], ['info', 'fine', '--json'], ['validate', '--json'], ['types'], ['export', 'fine', 'out'], ['stats'], ['cache', 'verify', '--json'], ['info', canaries.shellKey], ['generate', '--provider', canaries.shellToken, '--json']]) await run(args)
    await run(['build'], vite)
    await run(['build', '--config', 'vite.broken.js', '--debug'], vite)
    await run([], join(project.root, 'vite.programmed.mjs'))
  }, 180_000)

  it('did what was asked, and failed as it should', () => {
    const of = (what: string) => said.find(([one]) => one === what)![1]
    const { json } = of('generate --json --force')
    const statuses = Object.fromEntries(json.data.jobs.map((job: { spec: string; status: string }) => [job.spec, job.status]))
    expect(statuses).toEqual({ fine: 'done', again: 'done', closed: 'done', unpriced: 'failed', ...Object.fromEntries(failing.map((id) => [id, 'failed'])) })
    // The words around a key stay: they say what happened.
    expect(JSON.stringify(json.data)).toContain('key [redacted] openai [redacted] option [redacted]')
    expect(of('build').code).toBe(0)
    expect(existsSync(join(project.root, 'dist/.vite/manifest.json'))).toBe(true)
    expect(of('build --config vite.broken.js --debug').code).toBe(1)
    expect(said.at(-1)![1].stderr).toContain('[redacted]')
  })

  it('says them nowhere', () => {
    const leaks = said.flatMap(([what, { stdout, stderr }]) => found(stdout + stderr).map((name) => `${what}: ${name}`))
    expect(leaks).toEqual([])
  })

  it('writes them into no file', () => {
    const files = filesUnder(project.root).filter((file) => !file.startsWith('node_modules'))
    for (const wanted of [/^assets\/manifest\.json$/, /^\.assetloom\/state\.db$/, /^\.assetloom\/logs\//, /^\.assetloom\/reports\/.*\.html$/, /^\.assetloom\/types\//, /^\.assetloom\/blobs\//, /^src\/assets\.gen\.ts$/, /^dist\/.*\.js$/, /^dist\/.*\.map$/, /^out\/.*\.json$/])
      expect(files.find((file) => wanted.test(file)), String(wanted)).toBeDefined()
    const leaks = files.flatMap((file) => found(readFileSync(join(project.root, file))).map((name) => `${file}: ${name}`))
    expect(leaks).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('keeps ledger and logs to their owner', () => {
    const own = filesUnder(join(project.root, '.assetloom')).filter((file) => file.startsWith('state.db') || file.startsWith('logs/'))
    expect(own.length).toBeGreaterThan(1)
    for (const file of own) expect(statSync(join(project.root, '.assetloom', file)).mode & 0o777, file).toBe(0o600)
  })

  it('does not read .env itself', async () => {
    const other = createProject({ files: { '.env': `OPENAI_API_KEY=${canaries.dotEnvOther}\n`, 'assetloom.config.js': 'export default {}\nprocess.on("exit", () => process.stderr.write(String(process.env.OPENAI_API_KEY)))\n' } })
    expect((await other.cli('list')).stderr).toBe('undefined')
  })
})

/** The Images API of a server that repeats the key and the prompt wherever it can say anything. */
const echoing: FakeDefinition = {
  ...openaiFake,
  credentials: { apiKey: canaries.serviceKey },
  faults: {
    ...openaiFake.faults,
    echo: ({ headers, json }) => ({
      status: 400,
      headers: { 'x-key': headers.authorization!, 'retry-after': '1' },
      body: { error: { message: `${headers.authorization} may not ask for ${(json as { prompt: string }).prompt}`, code: headers.authorization, param: headers.authorization, type: headers.authorization } },
    }),
    'echo-as-html': ({ headers }) => ({ status: 500, headers: { 'content-type': 'text/html', 'x-key': headers.authorization!, 'retry-after': '7200' }, body: `<p>${headers.authorization}` }),
  },
  create(fake) {
    const answer = openaiFake.create(fake)
    return async (request) => {
      const answered = await answer(request)
      const body = answered?.body as { data?: { b64_json: string }[]; usage: object } | undefined
      if (!body?.data) return answered
      const { authorization = '' } = request.headers
      const { prompt } = request.json as { prompt: string }
      const data = body.data.map(({ b64_json }) => ({ url: fake.publish(Buffer.from(b64_json, 'base64'), 'image/png'), revised_prompt: `${prompt} for ${authorization}` }))
      return { headers: { 'x-key': authorization }, body: { ...body, data, usage: { ...body.usage, [authorization]: authorization }, key: authorization } }
    }
  },
}

describe('a project whose provider repeats its key', () => {
  const serviceSpec = (id: string, prompt: string, isPrivate = false) =>
    JSON.stringify({ version: '1.0', id, metadata: { category: 'Icons' }, generation: { type: 'image', provider: 'openai' }, prompt: { base: prompt, private: isPrivate, parameters: { size: '32x32', quality: 'low' } }, integration: { manifest_key: id } })
  let fake: Fake
  let project: Project
  const said: [what: string, text: string][] = []
  const env = { OPENAI_API_KEY: canaries.serviceKey }
  const run = async (args: string[], script = cliPath) => {
    const result = await runNode([script, ...args], project.root, env)
    said.push([args.join(' ') || script, result.stdout + result.stderr])
    return result
  }
  const configText = (more = '') => `// ${canaries.comment}
import { readFileSync } from 'node:fs'
export default {
  tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' },
  budget: { monthlyUsd: 5 }, // ${canaries.comment}
  providers: { openai: { baseURL: '${fake.origin}/v1' }, elevenlabs: { apiKey: readFileSync(new URL('key.txt', import.meta.url), 'utf8').trim() } },
  catalog: { sources: [{ name: 'acme', from: 'github:acme/assets', token: '${canaries.catalogToken}' }] },
  ${more}
}
`

  beforeAll(async () => {
    fake = await startFake(echoing)
    project = createProject({
      files: {
        'assetloom.config.js': configText(),
        'key.txt': canaries.fileKey,
        '.env': `VITE_TITLE=Site\nOPENAI_API_KEY=${canaries.dotEnvKey}\n`,
        'specs/open.json': serviceSpec('open', 'a red circle'),
        'specs/quiet.json': serviceSpec('quiet', `a ${canaries.privatePrompt} at night`, true),
        'index.html': '<script type="module" src="/src/main.js"></script>',
        'src/main.js': 'import open, { meta } from "asset:open"\nimport quiet, { meta as quietMeta } from "asset:quiet"\nconsole.log(open, meta, quiet, quietMeta, import.meta.env.VITE_TITLE)\n',
        'vite.config.js': 'import assetloom from "assetloom/vite"\nexport default { plugins: [assetloom()], build: { sourcemap: true, minify: false, manifest: true, assetsInlineLimit: 0 }, server: { host: "127.0.0.1", port: 0 } }\n',
        // What a dev server answers to a page and to whoever asks for more, heads included.
        'ask-dev.mjs': `import { createServer } from 'vite'
const server = await createServer({ logLevel: 'info' })
await server.listen()
const seen = new Set()
const ask = async (path, headers = {}) => {
  const url = new URL(path, server.resolvedUrls.local[0])
  if (seen.has(url.href)) return
  seen.add(url.href)
  const answer = await fetch(url, { headers })
  const text = Buffer.from(await answer.arrayBuffer()).toString('latin1')
  console.log(url.pathname, answer.status, JSON.stringify([...answer.headers]), text)
  for (const [, next] of text.matchAll(/(?:from |import |src=|href=)"(\\/[^"]+)"/g)) await ask(next)
}
for (const path of ['/', '/src/main.js', '/__assetloom/health', '/.assetloom/state.db', '/.assetloom/state.db-wal?raw', '/assets/manifest.json', '/@id/asset:quiet', '/@id/asset:open', '/@id/asset:nothing']) await ask(path)
await server.close()
`,
      },
    })
    const vite = join(repository, 'node_modules/vite/bin/vite.js')
    await run(['generate', '--dry-run', '--json'])
    expect((await run(['generate', '--log-level', 'debug'])).code).toBe(0)
    for (const fault of ['echo', 'echo-as-html', 'unauthorized', 'redirect', 'html', 'cut-after']) {
      fake.faults.push(fault, fault)
      expect((await run(['generate', '--force', '--json'])).code, fault).toBe(1)
      fake.faults.splice(0, Infinity, fault, fault)
      expect((await run(['generate', '--force', '--log-level', 'debug'])).code, fault).toBe(1)
      fake.faults.length = 0
    }
    for (const args of [['costs', '--json'], ['costs', '--csv'], ['health', '--json'], ['health'], ['list', '--json'], ['info', 'open', '--json'], ['info', 'quiet'], ['search', 'red', '--json'], ['types'], ['stats', '--json'], ['validate', '--json'], ['pick', 'open', '1']]) await run(args)
    expect((await run(['build'], vite)).code).toBe(0)
    await run([], join(project.root, 'ask-dev.mjs'))
    project.write({ 'specs/open.json': serviceSpec('open', 'a blue circle'), 'specs/quiet.json': serviceSpec('quiet', `a ${canaries.privatePrompt} by day`, true) })
    fake.faults.push('echo', 'echo')
    await run(['build'], vite)
    fake.faults.splice(0, Infinity, 'echo', 'echo')
    await run([], join(project.root, 'ask-dev.mjs'))
    project.write({ 'assetloom.config.js': configText().replace(fake.origin, fake.origin.replace('//', `//me:${canaries.urlPassword}@`)) })
    expect(await run(['generate', '--json'])).toMatchObject({ code: 2, json: { error: { code: 'OPTIONS_INVALID' } } })
    expect((await run(['build'], vite)).code).toBe(1)
  }, 180_000)
  afterAll(() => fake.close())

  it('was reached with the key of the shell, and repeated it', () => {
    expect(new Set(fake.requests.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${canaries.serviceKey}`]))
    const all = said.map(([, text]) => text).join('\n')
    expect(all).toContain('[redacted] may not ask for a red circle')
    expect(all).toContain('repeats the private prompt')
    expect(all).toContain('/src/main.js 200')
    expect(all).toContain('/.assetloom/state.db 404')
    expect(all).toMatch(/health 200 .*"score"/)
    const record = filesUnder(project.root).map((file) => readFileSync(join(project.root, file), 'latin1')).filter((text) => text.includes('a red circle for Bearer [redacted]'))
    expect(record.length).toBeGreaterThan(1)
  })

  it('says its key, and private words, to nobody', () => {
    expect(said.flatMap(([what, text]) => found(text).map((name) => `${what}: ${name}`))).toEqual([])
  })

  it('writes them into no file', () => {
    const files = filesUnder(project.root).filter((file) => !/^(?:node_modules|specs|key\.txt)/.test(file))
    for (const wanted of [/^assets\/manifest\.json$/, /^\.assetloom\/state\.db$/, /^\.assetloom\/logs\//, /^\.assetloom\/reports\/.*\.json$/, /^\.assetloom\/reports\/.*\.html$/, /^\.assetloom\/types\//, /^\.assetloom\/blobs\//, /^src\/assets\.gen\.ts$/, /^dist\/.*\.js$/, /^dist\/.*\.map$/])
      expect(files.find((file) => wanted.test(file)), String(wanted)).toBeDefined()
    const leaks = files.flatMap((file) => found(readFileSync(join(project.root, file))).map((name) => `${file}: ${name}`))
    // It holds the specs as they were read, for its owner alone as they are.
    expect(leaks.filter((leak) => !/state\.db(?:-wal)?: privatePrompt$/.test(leak))).toEqual([])
  })

  it('gives its key to no other host: neither where a redirect leads nor where results lie', () => {
    expect(fake.foreign.length).toBeGreaterThan(1)
    expect(fake.foreign.every(({ method, path }) => method === 'GET' && path.startsWith('/results/'))).toBe(true)
    expect(found(JSON.stringify(fake.foreign))).toEqual([])
    for (const { headers } of fake.foreign) expect(headers).not.toHaveProperty('authorization')
  })
})

describe('redaction', () => {
  const { text, value, error } = createRedactor(['a-long-secret', 'a-long-secret-and-more', 'short', 'with "quotes"/+'])

  it.each([
    ['it is a-long-secret-and-more, a-long-secret.', 'it is [redacted], [redacted].'],
    ['short words stay', 'short words stay'],
    [JSON.stringify({ key: 'with "quotes"/+' }), '{"key":"[redacted]"}'],
    [`?key=${encodeURIComponent('with "quotes"/+')}&x`, '?key=[redacted]&x'],
    [`Basic ${btoa('a-long-secret')}`, 'Basic [redacted]=='],
    ['redis://me:pass@cache:6379/1 and https://token@git.test', 'redis://[redacted]@cache:6379/1 and https://[redacted]@git.test'],
    ['https://site.test/@me mail me@site.test', 'https://site.test/@me mail me@site.test'],
  ])('%s', (given, clean) => {
    expect(text(given)).toBe(clean)
  })

  it('reaches every depth and leaves the rest as it is', () => {
    const bytes = new Uint8Array([1])
    const date = new Date()
    const given = { a: ['a-long-secret', 1, null, undefined, bytes], 'a-long-secret': { date } }
    expect(value(given)).toEqual({ a: ['[redacted]', 1, null, undefined, bytes], '[redacted]': { date } })
    expect(given.a[0]).toBe('a-long-secret')
  })

  it('keeps what an error means', () => {
    const cause = Object.assign(new RangeError('a-long-secret'), { code: 'E' })
    const failure = error(providerFailure({ kind: 'rate-limited', provider: 'p', message: 'a-long-secret', hint: 'a-long-secret', retryAfterMs: 5 }, cause)) as AssetloomError
    expect(failure).toBeInstanceOf(AssetloomError)
    expect(failureOf(failure)).toEqual({ kind: 'rate-limited', provider: 'p', message: '[redacted]', hint: '[redacted]', retryAfterMs: 5 })
    expect(failure).toMatchObject({ code: 'PROVIDER_RATE_LIMITED', message: 'p: [redacted]', hint: '[redacted]', cause: { name: 'RangeError', message: '[redacted]' } })
    expect(failure.stack).not.toContain('a-long-secret')
    expect(error('a-long-secret')).toBe('[redacted]')
    expect(error(undefined)).toBeUndefined()
  })

  it('knows secrets by the names they stand under', () => {
    expect(secretsIn({ MY_API_KEY: 'x'.repeat(12), PASSWORD: 'y'.repeat(12), KEYBOARD: 'z'.repeat(12), SHORT_TOKEN: 'abc', NONE_KEY: undefined })).toEqual(['x'.repeat(12), 'y'.repeat(12)])
    expect(secretsWithin({ providers: { a: { apiKey: 'k1', baseURL: 'https://u%20x:p%zz@h' } }, catalog: [{ token: 't', name: 'n' }] })).toEqual(expect.arrayContaining(['k1', 'u x', 't']))
  })
})
