import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, createLogger, createServer, type InlineConfig } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import assetloom from '../../dist/plugin/vite.js'
import type { Entry, Manifest } from '../../src/core/manifest.ts'
import type { AssetloomOptions } from '../../src/options.ts'
import { elevenlabsFake } from '../fakes/elevenlabs.ts'
import { startFake, type Fake, type FakeAnswer, type FakeDefinition, type ProviderOptions, type QueuedFault } from '../fakes/fake.ts'
import { fireflyFake } from '../fakes/firefly.ts'
import { huggingFaceFake } from '../fakes/hugging-face.ts'
import { openaiFake } from '../fakes/openai.ts'
import { replicateFake } from '../fakes/replicate.ts'
import { stabilityFake } from '../fakes/stability.ts'
import { createProject, type Project } from '../project.ts'

/** What a fault comes to for the one who typed `assetloom generate`. */
interface FaultCase {
  name: string
  faults?: QueuedFault[]
  /** What else must be so before the run. */
  before?: (fake: Fake) => void
  /** A call is given up after this long. */
  timeoutMs?: number
  /** Requests that are charged when they are answered. */
  requests: number
  /** The code of the failed job; none: it is made in the end. */
  error?: string
  says?: RegExp
  /** nothing: the books and the provider agree on it. quote: nobody knows better. billed: what the provider says. */
  booked: 'nothing' | 'quote' | 'billed'
}

interface Subject {
  name: string
  fake: FakeDefinition
  generation: { type: string; provider: string; model?: string }
  parameters?: Record<string, unknown>
  options?(fake: Fake): ProviderOptions
  prices?: AssetloomOptions['prices']
  cases: readonly FaultCase[]
}

/** Faults that cost nothing and are tried four times in all. */
const fourTries = { requests: 4, booked: 'nothing' } as const
/** Faults that cost nothing and are final. */
const once = { requests: 1, booked: 'nothing' } as const
/** Faults after which nobody knows. */
const unknown = { requests: 1, error: 'PROVIDER_MAYBE_SPENT', booked: 'quote' } as const
/** Answers that are paid and of no use. */
const useless = { requests: 1, error: 'PROVIDER_BAD_OUTPUT', booked: 'quote' } as const

const refuse = (status: number, message: string): FakeAnswer => ({ status, body: { error: { message, type: 'invalid_request_error', param: null, code: null } } })

/** The Images API with answers that compatible servers and proxies give. */
const openaiAndProxies: FakeDefinition = {
  ...openaiFake,
  faults: {
    ...openaiFake.faults,
    'rate-limit-second': { ...refuse(429, 'Slow down.'), headers: { 'retry-after': '1' } },
    'rate-limit-soon': () => ({ ...refuse(429, 'Slow down.'), headers: { 'retry-after': new Date(Date.now() + 2000).toUTCString() } }),
    'rate-limit-hour': { ...refuse(429, 'Slow down.'), headers: { 'retry-after': '3600' } },
    'payment-required': refuse(402, 'Payment required.'),
    'legal-reasons': refuse(451, 'Not available for legal reasons.'),
  },
}

/** A compatible server whose answers name an address on another host in place of the bytes. */
const openaiByAddress: FakeDefinition = {
  ...openaiFake,
  create(fake) {
    const answer = openaiFake.create(fake)
    return async (request) => {
      const answered = await answer(request)
      const body = answered?.body as { data?: { b64_json: string }[] } | undefined
      if (!body?.data) return answered
      return { ...answered, body: { ...body, data: body.data.map(({ b64_json }) => ({ url: fake.publish(Buffer.from(b64_json, 'base64'), 'image/png') })) } }
    }
  },
}

const openai = { generation: { type: 'image', provider: 'openai' }, parameters: { size: '64x64', quality: 'low' } }

const subjects: readonly Subject[] = [
  {
    ...openai,
    name: 'openai',
    fake: openaiAndProxies,
    cases: [
      { name: '429 with seconds, then an answer', faults: ['rate-limit-second'], requests: 2, booked: 'billed' },
      { name: '429 with a date, then an answer', faults: ['rate-limit-soon'], requests: 2, booked: 'billed' },
      { name: '429 with an hour', faults: ['rate-limit-hour'], ...once, error: 'PROVIDER_RATE_LIMITED', says: /asks to wait 3600 s/ },
      { name: '429 of a used-up quota', faults: ['quota'], ...once, error: 'PROVIDER_MONEY' },
      { name: '400 of a billing limit', faults: ['payment'], ...once, error: 'PROVIDER_MONEY' },
      { name: '402', faults: ['payment-required'], ...once, error: 'PROVIDER_MONEY' },
      { name: '401', faults: ['unauthorized'], ...once, error: 'PROVIDER_AUTH' },
      { name: '403', faults: ['forbidden'], ...once, error: 'PROVIDER_AUTH' },
      { name: '404 of a model', faults: ['model-not-found'], ...once, error: 'PROVIDER_REJECTED' },
      { name: '400 of the safety system', faults: ['filtered'], ...once, error: 'PROVIDER_REJECTED', says: /safety system/ },
      { name: '451', faults: ['legal-reasons'], ...once, error: 'PROVIDER_REJECTED', says: /legal reasons/ },
      { name: '500, then an answer', faults: ['server'], requests: 2, booked: 'billed' },
      { name: '500 again and again', faults: ['server', 'server', 'server', 'server', 'server'], ...fourTries, error: 'PROVIDER_SERVER' },
      { name: '503, then an answer', faults: ['overloaded'], requests: 2, booked: 'billed' },
      { name: 'a redirect to another host', faults: ['redirect'], ...once, error: 'PROVIDER_REJECTED', says: /not followed/ },
      { name: 'HTML with status 200', faults: ['html'], ...useless },
      { name: 'a truncated picture', faults: ['truncated'], ...useless },
      { name: 'a sound in place of a picture', faults: ['wrong-type'], ...useless },
      { name: 'a connection cut before the answer', faults: ['cut-before'], ...unknown },
      { name: 'a connection cut after the request', faults: ['cut-after'], ...unknown },
      { name: 'a connection cut within the answer', faults: ['cut-body'], ...unknown },
      { name: 'a hang', faults: ['hang'], timeoutMs: 700, ...unknown, says: /no answer came/ },
      { name: 'no listener', before: (fake) => void fake.close(), requests: 0, error: 'PROVIDER_NOT_SENT', booked: 'nothing' },
    ],
  },
  {
    ...openai,
    name: 'openai, results on another host',
    fake: openaiByAddress,
    cases: [{ name: 'an expired result', before: (fake) => fake.expireResults(), ...useless, says: /expired/ }],
  },
  {
    name: 'stability',
    fake: stabilityFake,
    generation: { type: 'image', provider: 'stability', model: 'sd3.5-flash' },
    parameters: { size: '64x64' },
    cases: [
      { name: '402', faults: ['payment'], ...once, error: 'PROVIDER_MONEY' },
      { name: '429, then an answer', faults: ['rate-limit-seconds'], requests: 2, booked: 'billed' },
      { name: '403 of the moderation', faults: ['moderation'], ...once, error: 'PROVIDER_REJECTED' },
      { name: 'a filtered picture with status 200', faults: ['filtered'], ...once, error: 'PROVIDER_REJECTED' },
      { name: 'a filtered answer in JSON', faults: ['filtered-json'], ...once, error: 'PROVIDER_REJECTED' },
      { name: 'HTML with status 200', faults: ['html'], ...useless },
      { name: 'a hang', faults: ['hang'], timeoutMs: 700, ...unknown },
    ],
  },
  {
    name: 'firefly',
    fake: fireflyFake,
    generation: { type: 'image', provider: 'firefly' },
    parameters: { size: '64x64' },
    prices: { firefly: { '*': 0.05 } },
    cases: [
      { name: '451 of an unsafe prompt', faults: ['unsafe'], ...once, error: 'PROVIDER_REJECTED', says: /unsafe/ },
      { name: '403 of a used-up quota', faults: ['quota'], ...once, error: 'PROVIDER_MONEY' },
      { name: 'an accepted job that is found unsafe', faults: ['job-unsafe'], ...once, error: 'PROVIDER_REJECTED' },
      { name: 'a redirect to another host', faults: ['redirect'], ...once, error: 'PROVIDER_REJECTED', says: /not followed/ },
      { name: 'a hang', faults: ['hang'], timeoutMs: 700, ...unknown },
      { name: 'an expired result', before: (fake) => fake.expireResults(), ...useless, says: /expired/ },
    ],
  },
  {
    name: 'elevenlabs',
    fake: elevenlabsFake,
    generation: { type: 'audio', provider: 'elevenlabs' },
    parameters: { duration: 1 },
    cases: [
      { name: '401 that means quota', faults: ['quota'], ...once, error: 'PROVIDER_MONEY' },
      { name: '401 of a wrong key', faults: ['unauthorized'], ...once, error: 'PROVIDER_AUTH' },
      { name: '402', faults: ['payment'], ...once, error: 'PROVIDER_MONEY' },
      { name: '503 in plain text, then an answer', faults: ['plain-text'], requests: 2, booked: 'billed' },
      { name: 'a truncated sound', faults: ['truncated'], ...useless },
      { name: 'a connection cut within the answer', faults: ['cut-body'], ...unknown },
    ],
  },
  {
    name: 'bark at Hugging Face',
    fake: { ...huggingFaceFake, faults: { ...huggingFaceFake.faults, 'loading-second': { status: 503, body: { error: 'Model suno/bark is currently loading', estimated_time: 1 } } } },
    generation: { type: 'speech', provider: 'bark' },
    parameters: { voice: 'en_speaker_6' },
    prices: { bark: { '*': 0.02 } },
    cases: [
      { name: '503 while the model is loading, then an answer', faults: ['loading-second'], requests: 2, booked: 'quote' },
      { name: '402', faults: ['credit'], ...once, error: 'PROVIDER_MONEY' },
    ],
  },
  {
    name: 'musicgen at Replicate',
    fake: replicateFake,
    generation: { type: 'music', provider: 'musicgen' },
    parameters: { duration: 1 },
    prices: { musicgen: { '*': 0.05 } },
    cases: [
      { name: '402', faults: ['credit'], ...once, error: 'PROVIDER_MONEY' },
      { name: 'an expired result', before: (fake) => fake.expireResults(), ...useless, says: /expired/ },
    ],
  },
]

/** One asset, and how often it was asked for; each prompt is another picture. */
async function openProject(subject: Subject) {
  const fake = await startFake(subject.fake)
  const configure = (timeoutMs?: number) => {
    const named = subject.options?.(fake) ?? fake.options
    const { provider } = subject.generation
    const options: AssetloomOptions = {
      tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' },
      generate: 'auto',
      constants: false,
      budget: { monthlyUsd: 5 },
      providers: { ...named, [provider]: { ...named[provider], ...(timeoutMs !== undefined && { timeoutMs }) } },
      prices: subject.prices ?? {},
    }
    return { 'assetloom.config.ts': `export default ${JSON.stringify(options)}` }
  }
  const spec = (prompt: string) => ({
    'specs/thing.json': JSON.stringify({
      version: '1.0',
      id: 'thing',
      generation: subject.generation,
      prompt: { base: prompt, parameters: subject.parameters ?? {} },
      integration: { manifest_key: 'thing', token: { prefix: 'IMG', variant: 'THING' } },
    }),
  })
  const project = createProject({
    files: {
      ...configure(),
      ...spec('the first'),
      'index.html': '<!doctype html><body><script type="module" src="/src/main.js"></script></body>',
      'src/main.js': 'import thing from "asset:thing"\ndocument.body.dataset.thing = thing\n',
    },
  })
  return {
    fake,
    project,
    ask: (prompt: string, timeoutMs?: number) => project.write({ ...configure(timeoutMs), ...spec(prompt) }),
    charged: () => fake.requests.filter((request) => subject.fake.isPaid(request)).length,
  }
}

const manifestOf = ({ root }: Project) => readFileSync(join(root, 'assets/manifest.json'))
const entryOf = (project: Project): Entry => Object.values((JSON.parse(manifestOf(project).toString()) as Manifest).assets)[0]!
const fileOf = (project: Project) => readFileSync(join(project.root, entryOf(project).file!))

describe.each(subjects)('$name: generate', (subject) => {
  let fake: Fake
  let project: Project
  let ask: (prompt: string, timeoutMs?: number) => void
  let charged: () => number
  beforeAll(async () => {
    ;({ fake, project, ask, charged } = await openProject(subject))
    expect((await project.cli('generate', '--json')).code).toBe(0)
  })
  afterAll(() => fake.close())
  afterEach(() => {
    // Whatever happened, no other host has seen a credential.
    for (const secret of Object.values(subject.fake.credentials)) expect(JSON.stringify(fake.foreign)).not.toContain(secret)
  })

  const books = async () => (await project.cli('costs', '--json')).json.data as { spentMicroUsd: number; reservedMicroUsd: number; rows: { runId: string; state: string; at: string }[] }

  it.each(subject.cases)('$name', async ({ name, faults = [], before, timeoutMs, requests, error, says, booked }) => {
    const then = { manifest: manifestOf(project), file: fileOf(project), books: await books(), billed: fake.billedMicroUsd(), charged: charged() }
    ask(name, timeoutMs)
    fake.faults.splice(0, Infinity, ...faults)
    before?.(fake)
    const { code, json, stdout, stderr } = await project.cli('generate', '--json')

    const [job] = json.data.jobs
    expect({ code, status: job.status, error: job.error?.code, requests: charged() - then.charged }).toEqual({ code: error ? 1 : 0, status: error ? 'failed' : 'done', error, requests })
    if (requests > 0) expect(json.data.totals.providerCalls).toBe(requests)
    if (says) expect(`${job.error.message} ${job.error.hint}`).toMatch(says)
    for (const secret of Object.values(subject.fake.credentials)) expect(stdout + stderr).not.toContain(secret)

    const now = await books()
    const spent = now.spentMicroUsd - then.books.spentMicroUsd
    const billed = fake.billedMicroUsd() - then.billed
    expect(spent).toBe({ nothing: 0, quote: job.quoteMicroUsd, billed }[booked])
    // The provider never counts more than the books.
    expect(billed).toBeLessThanOrEqual(spent)
    expect(job.costMicroUsd).toBe(spent)
    expect(now.reservedMicroUsd).toBe(0)
    const state = booked === 'nothing' ? 'released' : error === 'PROVIDER_MAYBE_SPENT' ? 'maybe_spent' : 'settled'
    const runs = new Set(then.books.rows.map(({ runId }) => runId))
    expect(now.rows.filter(({ runId }) => !runs.has(runId)).map((row) => row.state)).toEqual([state])

    if (error) {
      expect(manifestOf(project).equals(then.manifest)).toBe(true)
      expect(fileOf(project).equals(then.file)).toBe(true)
    } else expect(fileOf(project).equals(then.file)).toBe(false)
  })
})

const toldInBuilds = [
  { fault: 'filtered', error: 'PROVIDER_REJECTED' },
  { fault: 'quota', error: 'PROVIDER_MONEY' },
  { fault: 'cut-after', error: 'PROVIDER_MAYBE_SPENT' },
]

describe.each(toldInBuilds)('$fault', ({ fault, error }) => {
  let fake: Fake
  let project: Project
  let charged: () => number
  let then: { manifest: Buffer; file: Buffer; charged: number }
  beforeAll(async () => {
    const opened = await openProject(subjects[0]!)
    ;({ fake, project, charged } = opened)
    expect((await project.cli('generate', '--json')).code).toBe(0)
    then = { manifest: manifestOf(project), file: fileOf(project), charged: charged() }
    opened.ask('another picture')
  })
  afterAll(() => fake.close())
  const vite = (): InlineConfig => ({ root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom()] })
  const expectKept = () => {
    expect(manifestOf(project).equals(then.manifest)).toBe(true)
    expect(fileOf(project).equals(then.file)).toBe(true)
  }

  it('in vite dev: the last good asset and a warning, paid for once however often the page is loaded', async () => {
    // Longer than dev lets a page wait: the failure comes after the page was answered.
    fake.faults.splice(0, Infinity, { fault, delayMs: 900 })
    const warnings: string[] = []
    const logger = createLogger('silent')
    const server = await createServer({ ...vite(), customLogger: { ...logger, warn: (text) => void warnings.push(text) }, server: { port: 0, host: '127.0.0.1' } })
    try {
      await server.listen()
      const origin = server.resolvedUrls!.local[0]!
      const served = async () => {
        const main = await (await fetch(new URL('src/main.js', origin))).text()
        const facade = /from "([^"]+)"/.exec(main)![1]!
        const module = await (await fetch(new URL(facade, origin))).text()
        const url = /"([^"]*IMG-ACME-THING001\.png)[^"]*"/.exec(module)![1]!
        return Buffer.from(await (await fetch(new URL(url, origin))).arrayBuffer())
      }
      expect((await served()).equals(then.file)).toBe(true)
      await expect.poll(() => warnings.join('\n'), { timeout: 10_000 }).toContain('IMG-ACME-THING001 keeps its last good state')
      server.moduleGraph.invalidateAll()
      expect((await served()).equals(then.file)).toBe(true)
    } finally {
      await server.close()
    }
    expect(charged() - then.charged).toBe(1)
    expectKept()
  })

  it('in vite build: an error', async () => {
    fake.faults.splice(0, Infinity, fault)
    const made = charged()
    await expect(build(vite())).rejects.toThrow(error)
    expect(charged() - made).toBe(1)
    expectKept()
  })
})
