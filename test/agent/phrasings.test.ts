import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readSentence } from '../../src/core/phrases/read-sentence.ts'
import type { Reading } from '../../src/core/phrases/reading.ts'
import { createGrammar } from '../../src/core/phrases/sentence.ts'
import { known } from './known.ts'

interface Phrasing {
  say: string
  /** What `it` means. */
  it?: string[]
  /** The operation; null when nothing is to be done. */
  is: string | null
  /** Its input, of each call. */
  with?: object | object[]
  /** The member that is asked for. */
  missing?: string
}

const grammar = createGrammar(known)
const read = ({ say, it }: Phrasing) => readSentence(say, grammar, it)

function isRight({ is, with: input, missing }: Phrasing, reading: Reading): boolean {
  if (is === null) return !['calls', 'choice', 'missing'].includes(reading.kind)
  if (missing !== undefined) return reading.kind === 'missing' && reading.operation === is && reading.members[0] === missing
  if (reading.kind !== 'calls') return false
  const wanted = [input].flat().map((one) => ({ operation: is, input: one }))
  return sorted(reading.calls) === sorted(wanted)
}

const sorted = (value: unknown) =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  )

/** Operations that take something away. */
const destructive = ['delete', 'cleanup', 'prune', 'cache clear', 'rollback', 'remove-tags', 'deps remove']
const operationOf = (reading: Reading) => (reading.kind === 'calls' ? reading.calls[0]!.operation : 'operation' in reading ? reading.operation : undefined)

describe.each([
  ['phrasings.json', 200],
  ['held-out.json', 40],
])('%s', (file, least) => {
  const phrasings = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Phrasing[]
  const readings = phrasings.map((phrasing) => ({ phrasing, reading: read(phrasing) }))
  const wrong = readings.filter(({ phrasing, reading }) => !isRight(phrasing, reading))

  it('is understood offline, at least 95 of 100', () => {
    const rate = 1 - wrong.length / phrasings.length
    console.info(`${file}: ${phrasings.length - wrong.length} of ${phrasings.length} right (${(100 * rate).toFixed(1)} %)`)
    if (process.env.SHOW_WRONG) for (const { phrasing, reading } of wrong) console.info(`${phrasing.say}\n   is ${JSON.stringify(reading)}`)
    expect(phrasings.length).toBeGreaterThanOrEqual(least)
    expect(rate).toBeGreaterThanOrEqual(0.95)
  })

  it('never leads to a wrong destructive action', () => {
    const harmful = wrong.filter(({ reading }) => destructive.includes(operationOf(reading) ?? ''))
    expect(harmful.map(({ phrasing, reading }) => [phrasing.say, reading])).toEqual([])
  })
})

it('docs/agent.md shows sentences that mean what stands beside them', () => {
  const page = readFileSync(new URL('../../docs/agent.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `([^`]+)` \| `([a-z-]+)/gm)].map(([, say, is]) => ({ say: say!, is: is! }))
  expect(rows.length).toBeGreaterThan(8)
  for (const { say, is } of rows) expect(operationOf(readSentence(say, grammar, ['LOGO-ACME-WORD001'])), say).toBe(is)
})
