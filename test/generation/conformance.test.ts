import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contentHash, digestOf } from '../../src/core/digest.ts'
import type { AssetloomError } from '../../src/core/errors.ts'
import type { Job, JobRequest } from '../../src/core/job.ts'
import type { Generation, Provider } from '../../src/core/ports.ts'
import { failureOf, type Failure, type FailureKind } from '../../src/core/provider-failure.ts'
import { createRedactor } from '../../src/core/redact.ts'
import { callProvider } from '../../src/engine/call-provider.ts'
import { createProviderGate } from '../../src/engine/provider-gate.ts'
import { detectMediaType } from '../../src/generators/media/detect-media-type.ts'
import { inspectMedia } from '../../src/generators/media/read-media.ts'
import { createProviders } from '../../src/generators/providers.ts'
import { startMedia } from '../generators/media.ts'
import { resolveOptions } from '../../src/options.ts'
import { limitsOf } from '../../src/plan/budget.ts'
import { chargeOf } from '../../src/plan/retry.ts'
import { createLedger } from '../../src/store/ledger.ts'
import { createStateDb } from '../../src/store/state-db.ts'
import { genericFaults, startFake, type Fake } from '../fakes/fake.ts'
import { plainPng } from '../pictures.ts'
import { subjects, type Expected } from './conformance-subjects.ts'

const folder = mkdtempSync(join(tmpdir(), 'assetloom-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const state = createStateDb(join(folder, 'state.db'))
const ledger = createLedger({ state, now: () => Date.now() })

/** What each generic fault of a paid request that is answered at once must be told as. */
const usualKinds: Record<(typeof genericFaults)[number], FailureKind> = {
  html: 'bad-output',
  truncated: 'bad-output',
  'wrong-type': 'bad-output',
  'cut-before': 'maybe-spent',
  'cut-after': 'maybe-spent',
  'cut-body': 'maybe-spent',
  hang: 'maybe-spent',
  redirect: 'rejected',
}

describe.each(subjects)('$name', (subject) => {
  let fake: Fake
  beforeEach(async () => {
    fake = await startFake(subject.fake)
  })
  afterEach(async () => {
    await fake.close()
    // Whatever happened, no other host has seen a credential.
    for (const secret of Object.values(subject.fake.credentials)) expect(JSON.stringify(fake.foreign)).not.toContain(secret)
  })

  const optionsOf = () => subject.options?.(fake) ?? fake.options

  const load = (providers = optionsOf(), env: Record<string, string> = {}): Promise<Provider> => {
    const options = resolveOptions({ providers, prices: subject.prices ?? {} }, { root: folder, env })
    const loaded = createProviders({ options: options.providers, keys: options.keys, prices: options.prices, redact: createRedactor(options.secrets), media: startMedia() })
    return loaded.get(subject.provider)
  }

  const jobFor = async (provider: Provider, more: Partial<JobRequest> = {}): Promise<Job> => {
    const request: JobRequest = { prompt: 'a red circle', variations: 1, parameters: {}, ...subject.request, ...more }
    const model = request.model ?? provider.defaultModel?.(request)
    const picture = await plainPng(64, 64, 'red')
    return {
      key: digestOf({ request, subject: subject.name }),
      specId: 'conformance',
      provider: provider.id,
      request: { ...request, ...(model !== undefined && { model }) },
      references: subject.hasReference ? [{ path: 'brand/red.png', role: 'reference', hash: contentHash(picture), read: async () => picture }] : [],
    }
  }

  interface Outcome {
    generation?: Generation
    failure?: Failure
    error?: AssetloomError
    /** State of the reservation; undefined when none was made. */
    booked: string | undefined
  }

  /** One call with its bookkeeping, and no second try. */
  const ask = async (input: { provider?: Provider; timeoutMs?: number; signal?: AbortSignal; request?: Partial<JobRequest> } = {}): Promise<Outcome> => {
    const loaded = input.provider ?? (await load())
    const provider = input.timeoutMs ? { ...loaded, timeoutMs: input.timeoutMs } : loaded
    const job = await jobFor(provider, input.request)
    const runId = crypto.randomUUID()
    const stop = async () => {
      throw new Error('no second try')
    }
    const gate = createProviderGate({ provider: provider.id, now: () => performance.now(), sleep: stop })
    const ports = { runId, ledger, limits: limitsOf(undefined, undefined), log: { write() {} }, isPrivate: false, async takePlace() {}, sleep: stop, now: () => performance.now(), onCall: () => () => undefined, onSpent() {}, onProgress() {}, async onAnswered() {} }
    const outcome: Omit<Outcome, 'booked'> = {}
    try {
      outcome.generation = await callProvider(provider, job, gate, ports, input.signal ?? new AbortController().signal, async (generation) => generation)
    } catch (error) {
      outcome.error = error as AssetloomError
      outcome.failure = failureOf(error) ?? expect.fail(`is no provider failure: ${String((error as Error).stack)}`)
    }
    const row = ledger.rows(ledger.currentMonth()).find((one) => one.runId === runId)
    return { ...outcome, booked: provider.free ? undefined : row?.state }
  }

  const expectFailure = (outcome: Outcome, expected: Exclude<Expected, 'healed'>) => {
    const kind = typeof expected === 'string' ? expected : expected.kind
    expect({ kind: outcome.failure?.kind, message: outcome.failure?.message }).toMatchObject({ kind })
    if (typeof expected === 'object') {
      expect(outcome.failure!.retryAfterMs).toBeGreaterThanOrEqual(expected.retryAfterMs[0])
      expect(outcome.failure!.retryAfterMs).toBeLessThanOrEqual(expected.retryAfterMs[1])
    }
    if (outcome.booked !== undefined) expect(outcome.booked).toBe({ free: 'released', maybe: 'maybe_spent', charged: 'settled' }[chargeOf(kind)])
    // What the provider billed is never lost from the books.
    if (chargeOf(kind) === 'free') expect(fake.billedMicroUsd()).toBe(0)
    const told = JSON.stringify([outcome.error, outcome.failure, String(outcome.error?.stack), String((outcome.error?.cause as Error | undefined)?.stack)])
    for (const secret of Object.values(subject.fake.credentials)) expect(told).not.toContain(secret)
  }

  it('makes media of the asked kind, at a price', async () => {
    const provider = await load()
    const job = await jobFor(provider)
    const quoted = provider.quote(job)
    expect(Number.isSafeInteger(quoted)).toBe(true)
    expect(quoted > 0).toBe(!provider.free)
    const { generation, error, booked } = await ask({ provider })
    expect(error).toBeUndefined()
    expect(generation!.outputs).toHaveLength(1)
    const { bytes, mediaType } = generation!.outputs[0]!
    const format = (await detectMediaType(bytes))!
    expect(format.mediaType).toBe(mediaType)
    expect(format.kind).toBe(subject.request.type === 'image' ? 'image' : 'audio')
    const { facts } = await inspectMedia(bytes, format)
    expect(facts.widthPx ?? facts.durationMs).toBeGreaterThan(0)
    if (subject.isBilledExactly) expect(generation!.costMicroUsd).toBe(fake.billedMicroUsd())
    if (booked !== undefined) expect(booked).toBe('settled')
    expect(fake.requests.filter((request) => subject.fake.isPaid(request))).toHaveLength(1)
  })

  it('makes other bytes for another prompt', async () => {
    const one = await ask()
    const other = await ask({ request: { prompt: 'a blue square' } })
    expect(other.generation!.outputs[0]!.bytes).not.toEqual(one.generation!.outputs[0]!.bytes)
  })

  const variables = Object.keys(subject.env)
  it.runIf(variables.length > 0)('is available with its key alone, from options or environment', async () => {
    const credentials = new Set(Object.values(subject.fake.credentials))
    const keyless = JSON.parse(JSON.stringify(optionsOf()), (_, value: unknown) => (credentials.has(value as string) ? undefined : value)) as ReturnType<typeof optionsOf>
    const env = Object.fromEntries(Object.entries(subject.env).map(([name, credential]) => [name, subject.fake.credentials[credential]!]))
    expect((await load()).isAvailable()).toEqual({ available: true })
    expect((await load(keyless, env)).isAvailable()).toEqual({ available: true })
    for (const missing of variables) {
      const rest = Object.fromEntries(Object.entries(env).filter(([name]) => name !== missing))
      const { available, reason } = (await load(keyless, rest)).isAvailable()
      expect(available).toBe(false)
      expect(reason).toContain(missing)
    }
    const { error } = await ask({ provider: await load(keyless, env) })
    expect(error).toBeUndefined()
  })

  it.runIf(variables.length > 0)('tells a wrong key from everything else', async () => {
    const credentials = new Set(Object.values(subject.fake.credentials))
    const wrong = JSON.parse(JSON.stringify(optionsOf()), (_, value: unknown) => (credentials.has(value as string) ? 'wrong-key-0123456789' : value)) as ReturnType<typeof optionsOf>
    const outcome = await ask({ provider: await load(wrong) })
    expectFailure(outcome, 'auth')
    expect(JSON.stringify(outcome.failure)).not.toContain('wrong-key-0123456789')
  })

  it('says of every fault of its fake what it means', () => {
    expect(Object.keys(subject.faults).sort()).toEqual(Object.keys(subject.fake.faults).sort())
  })

  it.each(Object.entries(subject.faults))('tells the fault %s', async (fault, expected) => {
    fake.faults.push(fault)
    const outcome = await ask()
    if (expected === 'healed') expect(outcome.error).toBeUndefined()
    else expectFailure(outcome, expected)
    const { error } = await ask({ request: { prompt: 'once more' } })
    expect(error).toBeUndefined()
  })

  it.each(genericFaults.filter((fault) => fault !== 'hang'))('tells %s', async (fault) => {
    fake.faults.push(fault)
    const outcome = await ask()
    expectFailure(outcome, subject.generic?.[fault] ?? usualKinds[fault])
    if (fault === 'redirect') expect(fake.foreign).toEqual([])
  })

  it('gives up a call that hangs, and does not send it again', async () => {
    fake.faults.push('hang')
    const outcome = await ask({ timeoutMs: 400 })
    expectFailure(outcome, subject.generic?.hang ?? usualKinds.hang)
    expect(fake.requests.filter((request) => subject.fake.isPaid(request))).toHaveLength(1)
  })

  it('stops at the signal', async () => {
    fake.faults.push('hang')
    const provider = await load()
    const stop = new AbortController()
    const failed = provider.generate(await jobFor(provider), { signal: stop.signal }).then(() => undefined, failureOf)
    while (!fake.requests.some((request) => request.fault === 'hang')) await new Promise((resolve) => setTimeout(resolve, 5))
    stop.abort()
    expect((await failed)?.kind).toMatch(provider.free ? /./ : /^(?:aborted|maybe-spent)$/)
  })

  it('sends nothing once the signal has stopped it', async () => {
    const provider = await load()
    const failed = await provider.generate(await jobFor(provider), { signal: AbortSignal.abort() }).then(() => undefined, failureOf)
    expect(failed?.kind).toBe('not-sent')
    expect(fake.requests).toEqual([])
  })

  it('knows that nothing was sent when nobody listens', async () => {
    const provider = await load()
    await fake.close()
    expectFailure(await ask({ provider }), 'not-sent')
    fake = await startFake(subject.fake)
  })

  it('refuses an unknown parameter before the call, naming what is allowed', async () => {
    const provider = await load()
    const job = await jobFor(provider, { parameters: { ...subject.request.parameters, no_such_parameter: 1 } })
    expect(() => provider.quote(job)).toThrow(/no_such_parameter/)
    expect(fake.requests).toEqual([])
  })

  it('counts a result whose address has expired as paid', async ({ skip }) => {
    await ask()
    if (fake.foreign.length === 0) skip('its answers hold the media themselves')
    fake.expireResults()
    const outcome = await ask({ request: { prompt: 'too late' } })
    expect(outcome.failure).toMatchObject({ kind: 'bad-output', message: expect.stringContaining('expired') as string })
  })
})
