import type { JobRequest } from '../../src/core/job.ts'
import type { FailureKind } from '../../src/core/provider-failure.ts'
import type { AssetloomOptions } from '../../src/options.ts'
import { a1111Fake } from '../fakes/a1111.ts'
import { comfyuiFake } from '../fakes/comfyui.ts'
import type { Fake, FakeDefinition, genericFaults, ProviderOptions } from '../fakes/fake.ts'
import { elevenlabsFake } from '../fakes/elevenlabs.ts'
import { fireflyFake } from '../fakes/firefly.ts'
import { huggingFaceFake } from '../fakes/hugging-face.ts'
import { openaiFake } from '../fakes/openai.ts'
import { replicateFake } from '../fakes/replicate.ts'
import { sdServerFake } from '../fakes/sd-server.ts'
import { stabilityFake } from '../fakes/stability.ts'

/** What a fault must be told as; `healed`: the adapter gets over it by itself. */
export type Expected = FailureKind | 'healed' | { kind: FailureKind; /** Least and most wait that is told. */ retryAfterMs: [number, number] }

/** One provider, in one flavour, as the conformance suite asks it. */
export interface Subject {
  name: string
  fake: FakeDefinition
  /** The id in specs and options. */
  provider: string
  request: Partial<JobRequest> & Pick<JobRequest, 'type'>
  /** Picture given as first reference. */
  hasReference?: boolean
  /** In place of the fake's own, e.g. for a flavour. */
  options?(fake: Fake): ProviderOptions
  prices?: AssetloomOptions['prices']
  /** Environment variables that give a key, and the fake's credential that each holds; none: it needs no key. */
  env: Readonly<Record<string, string>>
  /** Whether what it says that a call cost is what the fake billed. */
  isBilledExactly: boolean
  /** The fake's own faults; every one of them must stand here. */
  faults: Readonly<Record<string, Expected>>
  /** Generic faults that mean something else here than for a paid request that is answered at once. */
  generic?: Partial<Record<(typeof genericFaults)[number], FailureKind>>
}

const openaiFaults: Subject['faults'] = {
  'rate-limit': 'rate-limited',
  'rate-limit-seconds': { kind: 'rate-limited', retryAfterMs: [2000, 2000] },
  'rate-limit-date': { kind: 'rate-limited', retryAfterMs: [1000, 6000] },
  quota: 'money',
  payment: 'money',
  unauthorized: 'auth',
  forbidden: 'auth',
  'model-not-found': 'rejected',
  filtered: 'rejected',
  server: 'server',
  overloaded: 'server',
}

const openai = {
  fake: openaiFake,
  provider: 'openai',
  env: { OPENAI_API_KEY: 'apiKey' },
  isBilledExactly: true,
  faults: openaiFaults,
} satisfies Partial<Subject>

const stability = {
  fake: stabilityFake,
  provider: 'stability',
  env: { STABILITY_API_KEY: 'apiKey' },
  isBilledExactly: true,
  faults: {
    'rate-limit': { kind: 'rate-limited', retryAfterMs: [60_000, 60_000] },
    'rate-limit-seconds': { kind: 'rate-limited', retryAfterMs: [2000, 2000] },
    payment: 'money',
    unauthorized: 'auth',
    forbidden: 'auth',
    moderation: 'rejected',
    'public-figure': 'rejected',
    language: 'rejected',
    'too-large': 'rejected',
    server: 'server',
    filtered: 'rejected',
    'filtered-json': 'rejected',
    'gone-model': 'rejected',
  },
} satisfies Partial<Subject>

/** Nothing that breaks at a server of one's own has cost anything. */
const stableDiffusion = {
  provider: 'stable-diffusion',
  env: {},
  isBilledExactly: true,
  generic: { html: 'server', 'cut-before': 'not-sent', 'cut-after': 'not-sent', 'cut-body': 'not-sent' },
} satisfies Partial<Subject>
const a1111: Omit<Subject, 'name' | 'request'> = {
  ...stableDiffusion,
  fake: a1111Fake,
  faults: { unauthorized: 'auth', 'no-api': 'rejected', sampler: 'rejected', fields: 'rejected', script: 'rejected', memory: 'server', 'no-images': 'server' },
}
const comfyui: Omit<Subject, 'name' | 'request'> = {
  ...stableDiffusion,
  fake: comfyuiFake,
  faults: { 'execution-error': 'rejected', stopped: 'rejected', 'no-picture': 'bad-output', checkpoint: 'rejected', 'no-prompt': 'rejected', server: 'server', unfinished: 'server' },
}
const sdServer: Omit<Subject, 'name' | 'request'> = {
  ...stableDiffusion,
  fake: sdServerFake,
  faults: { 'no-prompt': 'rejected', server: 'server', 'openai-error': 'rejected', empty: 'server' },
}

const replicate = {
  fake: replicateFake,
  env: { REPLICATE_API_TOKEN: 'apiKey' },
  prices: { musicgen: { '*': 0.05 }, bark: { 'suno-ai/bark': 0.05 } },
  isBilledExactly: true,
  faults: {
    throttled: { kind: 'rate-limited', retryAfterMs: [30_000, 30_000] },
    'rate-limit': 'rate-limited',
    'rate-limit-seconds': { kind: 'rate-limited', retryAfterMs: [2000, 2000] },
    credit: 'money',
    unauthorized: 'auth',
    'wrong-version': 'rejected',
    'wrong-input': 'rejected',
    server: 'server',
    'run-failed': 'maybe-spent',
    'run-canceled': 'maybe-spent',
    'run-aborted': 'maybe-spent',
    'no-output': 'bad-output',
  },
} satisfies Partial<Subject>

const huggingFace = {
  fake: huggingFaceFake,
  env: { HF_TOKEN: 'apiKey' },
  prices: { musicgen: { '*': 0.02 }, bark: { '*': 0.02 } },
  isBilledExactly: true,
  faults: {
    loading: { kind: 'server', retryAfterMs: [20_000, 20_000] },
    'loading-long': { kind: 'server', retryAfterMs: [60_000, 60_000] },
    unavailable: 'server',
    credit: 'money',
    unauthorized: 'auth',
    'not-found': 'rejected',
    unsupported: 'rejected',
    'wrong-input': 'rejected',
    'rate-limit': 'rate-limited',
    'rate-limit-seconds': { kind: 'rate-limited', retryAfterMs: [2000, 2000] },
    server: 'server',
  },
} satisfies Partial<Subject>

/** In place of the endpoint's audio bytes: its samples as JSON. */
const inSamples = ({ origin, definition }: Fake) => ({
  musicgen: { via: 'huggingface' as const, baseURL: `${origin}/musicgen-samples`, apiKey: definition.credentials.apiKey! },
})

const fireflyFaults: Subject['faults'] = {
  'rate-limit': 'rate-limited',
  'rate-limit-seconds': { kind: 'rate-limited', retryAfterMs: [15_000, 15_000] },
  'rate-limit-date': { kind: 'rate-limited', retryAfterMs: [1000, 6000] },
  quota: 'money',
  'not-entitled': 'auth',
  'wrong-scope': 'auth',
  'api-key': 'auth',
  'token-expired': 'healed',
  unsafe: 'rejected',
  validation: 'rejected',
  'too-large': 'rejected',
  timeout: 'server',
  server: 'server',
  'job-slow': 'healed',
  'job-failed': 'server',
  'job-unsafe': 'rejected',
  'job-timeout': 'server',
  'job-cancelled': 'maybe-spent',
  'job-empty': 'bad-output',
  'job-unknown': 'maybe-spent',
  'strange-host': 'maybe-spent',
}

const firefly = {
  fake: fireflyFake,
  provider: 'firefly',
  env: { FIREFLY_CLIENT_ID: 'clientId', FIREFLY_CLIENT_SECRET: 'clientSecret' },
  isBilledExactly: true,
  prices: { firefly: { '*': 0.05 } },
  faults: fireflyFaults,
  request: { type: 'image', widthPx: 1024, heightPx: 1024 },
} satisfies Partial<Subject>

const elevenlabs = {
  fake: elevenlabsFake,
  provider: 'elevenlabs',
  env: { ELEVENLABS_API_KEY: 'apiKey' },
  isBilledExactly: true,
  faults: {
    'rate-limit': 'rate-limited',
    'rate-limit-seconds': { kind: 'rate-limited', retryAfterMs: [3000, 3000] },
    concurrent: { kind: 'rate-limited', retryAfterMs: [500, 2000] },
    'concurrent-2026': { kind: 'rate-limited', retryAfterMs: [500, 2000] },
    quota: 'money',
    payment: 'money',
    unauthorized: 'auth',
    'missing-permission': 'auth',
    plan: 'rejected',
    forbidden: 'auth',
    'voice-not-found': 'rejected',
    'too-long': 'rejected',
    'bad-prompt': 'rejected',
    validation: 'rejected',
    server: 'server',
    'plain-text': 'server',
  },
} satisfies Partial<Subject>

/** Every provider that answers over HTTP; one entry adds one. */
export const subjects: readonly Subject[] = [
  { ...openai, name: 'openai', request: { type: 'image', quality: 'low' } },
  { ...openai, name: 'openai, edit', request: { type: 'image', quality: 'low' }, hasReference: true },
  { ...openai, name: 'openai, streamed', request: { type: 'image', quality: 'low', parameters: { partial_images: 2 } } },
  { ...stability, name: 'stability, core', request: { type: 'image' } },
  { ...stability, name: 'stability, sd3', request: { type: 'image', model: 'sd3.5-flash', widthPx: 512, heightPx: 512 } },
  { ...stability, name: 'stability, ultra with a reference', request: { type: 'image', model: 'ultra' }, hasReference: true },
  { ...a1111, name: 'stable-diffusion, a1111', request: { type: 'image' } },
  { ...a1111, name: 'stable-diffusion, a1111 with a reference', request: { type: 'image' }, hasReference: true },
  { ...comfyui, name: 'stable-diffusion, comfyui', request: { type: 'image' } },
  { ...comfyui, name: 'stable-diffusion, comfyui with a reference', request: { type: 'image' }, hasReference: true },
  { ...sdServer, name: 'stable-diffusion, sd-server', request: { type: 'image' } },
  { ...sdServer, name: 'stable-diffusion, sd-server with a reference', request: { type: 'image' }, hasReference: true },
  { ...firefly, name: 'firefly' },
  { ...firefly, name: 'firefly, by a reference', hasReference: true },
  { ...elevenlabs, name: 'elevenlabs, sound', request: { type: 'audio', durationSeconds: 1 } },
  { ...elevenlabs, name: 'elevenlabs, music', request: { type: 'music', durationSeconds: 3 } },
  { ...elevenlabs, name: 'elevenlabs, speech', request: { type: 'speech', voice: 'fakeVoice0123456789A' } },
  { ...replicate, name: 'musicgen, replicate', provider: 'musicgen', request: { type: 'music', durationSeconds: 1 } },
  { ...replicate, name: 'bark, replicate', provider: 'bark', request: { type: 'speech', voice: 'en_speaker_6' } },
  { ...huggingFace, name: 'musicgen, hugging face', provider: 'musicgen', request: { type: 'music', durationSeconds: 1 } },
  { ...huggingFace, name: 'musicgen, hugging face, samples', provider: 'musicgen', request: { type: 'music', durationSeconds: 1 }, options: inSamples },
  { ...huggingFace, name: 'bark, hugging face', provider: 'bark', request: { type: 'audio' } },
]
