import type { Reading } from './reading.ts'

/** What a sentence asks for. */
export function readSentence(sentence: string): Reading {
  const [verb, all, tagged, tag] = sentence.toLowerCase().split(/\s+/)
  if (verb === 'show' && all === 'everything' && tagged === 'tagged' && tag)
    return { kind: 'calls', calls: [{ operation: 'list', input: { tag: [tag] } }] }
  return { kind: 'unclear', near: [] }
}
