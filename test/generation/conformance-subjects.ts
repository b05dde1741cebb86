import type { JobRequest } from '../../src/core/job.ts'
import type { FailureKind } from '../../src/core/provider-failure.ts'
import type { AssetloomOptions } from '../../src/options.ts'
import type { Fake, FakeDefinition, genericFaults, ProviderOptions } from '../fakes/fake.ts'
import { openaiFake } from '../fakes/openai.ts'

/** What a fault must be told as. */
export type Expected = FailureKind | { kind: FailureKind; /** Least and most wait that is told. */ retryAfterMs: [number, number] }

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

/** Every provider that answers over HTTP; one entry adds one. */
export const subjects: readonly Subject[] = [
  { ...openai, name: 'openai', request: { type: 'image', quality: 'low' } },
  { ...openai, name: 'openai, edit', request: { type: 'image', quality: 'low' }, hasReference: true },
  { ...openai, name: 'openai, streamed', request: { type: 'image', quality: 'low', parameters: { partial_images: 2 } } },
]
