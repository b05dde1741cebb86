import { describe, expect, it } from 'vitest'
import type { JobRequest } from '../core/job.ts'
import type { Entry } from '../core/manifest.ts'
import { callsFor } from './batch.ts'
import { chooseCandidate, staleReason, type AssetFacts, type ProbedCandidate } from './plan.ts'
import { unfitReason } from './route.ts'

const request: JobRequest = { type: 'image', prompt: 'x', variations: 1, parameters: {} }
const candidate = (provider: string, more: Partial<ProbedCandidate> = {}): ProbedCandidate => ({
  provider,
  request,
  jobKey: `key of ${provider}`,
  isFree: false,
  isCached: false,
  ...more,
})
const madeBy = (provider: string, more: object = {}): Entry =>
  ({ source: { type: 'spec', provider, jobKey: `key of ${provider}`, processHash: 'p', ...more } }) as unknown as Entry
const facts = (more: Partial<AssetFacts> = {}): AssetFacts => ({
  entry: madeBy('a'),
  processHash: 'p',
  fileIsIntact: true,
  formatFits: true,
  ...more,
})

describe('staleReason', () => {
  it.each<[string, AssetFacts, string | undefined]>([
    ['what is right', facts(), undefined],
    ['what a fallback made', facts({ entry: madeBy('b') }), undefined],
    ['nothing', facts({ entry: undefined }), 'it is not made yet'],
    ['an imported asset', facts({ entry: { source: { type: 'import' } } as unknown as Entry }), 'it is not made yet'],
    ['another provider', facts({ entry: madeBy('c') }), 'c, which made it, is no longer in the spec'],
    [
      'another key',
      facts({ entry: madeBy('a', { jobKey: 'old' }) }),
      'prompt, parameters, model or references changed',
    ],
    ['other steps', facts({ processHash: 'q' }), 'post-processing changed'],
    ['another format', facts({ formatFits: false }), 'another format is wanted'],
    ['a lost file', facts({ fileIsIntact: false }), 'its file is missing or changed'],
  ])('of %s', (_, given, reason) =>
    expect(staleReason(given, [candidate('a'), candidate('b', { unfit: 'no key' })])).toBe(reason),
  )
})

describe('chooseCandidate', () => {
  const of = (candidates: ProbedCandidate[], entry?: Entry, isForced = false) => {
    const choice = chooseCandidate(candidates, entry, isForced)
    return 'action' in choice
      ? [choice.action, choice.candidate.provider, choice.passedOver.length]
      : ['none', choice.passedOver.length]
  }
  it.each<[string, unknown[], unknown[]]>([
    ['the first that fits', of([candidate('a'), candidate('b')]), ['generate', 'a', 0]],
    ['a fallback when the first does not', of([candidate('a', { unfit: 'x' }), candidate('b')]), ['generate', 'b', 1]],
    ['nothing when none does', of([candidate('a', { unfit: 'x' }), candidate('b', { unfit: 'y' })]), ['none', 2]],
    [
      'the cache, though the provider is away',
      of([candidate('a', { unfit: 'x', isCached: true }), candidate('b')]),
      ['derive', 'a', 0],
    ],
    [
      'the first choice before a cached fallback',
      of([candidate('a'), candidate('b', { isCached: true })]),
      ['generate', 'a', 0],
    ],
    [
      'what made it before, when only processing changed',
      of([candidate('a'), candidate('b', { isCached: true })], madeBy('b')),
      ['derive', 'b', 0],
    ],
    ['the provider, when forced', of([candidate('a', { isCached: true })], madeBy('a'), true), ['generate', 'a', 0]],
  ])('takes %s', (_, chosen, wanted) => expect(chosen).toEqual(wanted))
})

describe('unfitReason', () => {
  const capabilities = {
    types: ['image', 'audio', 'music'] as const,
    maxWidthPx: 100,
    maxHeightPx: 100,
    minDurationSeconds: 0.5,
    maxDurationSeconds: 10,
    durations: { music: { minSeconds: 3, maxSeconds: 600 } },
    references: 1,
  }
  const needs = { alpha: false, references: 0 }
  it.each<[string, Partial<JobRequest>, object, RegExp | undefined]>([
    ['a fitting one', { widthPx: 100, heightPx: 100 }, {}, undefined],
    ['another type', { type: 'speech' }, {}, /not speech/],
    ['a large picture', { widthPx: 101, heightPx: 100 }, {}, /largest picture is 100x100/],
    ['transparency', {}, { alpha: true }, /transparency/],
    ['a long sound', { type: 'audio', durationSeconds: 11 }, {}, /longest sound is 10 s/],
    ['a short sound', { type: 'audio', durationSeconds: 0.1 }, {}, /shortest sound is 0.5 s/],
    ['music by its own bounds', { type: 'music', durationSeconds: 11 }, {}, undefined],
    ['music that is too long for them', { type: 'music', durationSeconds: 601 }, {}, /longest sound is 600 s/],
    ['music that is too short for them', { type: 'music', durationSeconds: 1 }, {}, /shortest sound is 3 s/],
    ['many references', {}, { references: 2 }, /takes 1 references/],
  ])('of %s', (_, more, moreNeeds, reason) => {
    const found = unfitReason(capabilities, { ...request, ...more }, { ...needs, ...moreNeeds })
    if (reason) expect(found).toMatch(reason)
    else expect(found).toBeUndefined()
  })
  it('of a size that is not in the list', () =>
    expect(
      unfitReason({ types: ['image'], sizes: ['64x64'] }, { ...request, widthPx: 32, heightPx: 32 }, needs),
    ).toMatch(/only 64x64/))
})

it.each([
  [1, undefined, [[0, 1]]],
  [
    4,
    undefined,
    [
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
    ],
  ],
  [
    5,
    2,
    [
      [0, 2],
      [2, 2],
      [4, 1],
    ],
  ],
  [3, 10, [[0, 3]]],
])('%i variations, at most %s a call', (variations, most, calls) =>
  expect(callsFor(variations, most).map(({ first, count }) => [first, count])).toEqual(calls),
)
