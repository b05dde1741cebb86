import { describe, expect, it } from 'vitest'
import { known } from '../../../test/agent/known.ts'
import { operations } from '../../operations/index.ts'
import { readSentence } from './read-sentence.ts'
import { createGrammar } from './sentence.ts'

const grammar = createGrammar(known)
const read = (sentence: string, before: string[] = []) => readSentence(sentence, grammar, before)

/** Numbers that look like chance and are the same every time. */
function createChance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

describe('readSentence', () => {
  it.each([
    ['nothing', ''],
    ['spaces', ' \n\t'],
    ['one long word', 'a'.repeat(100_000)],
    ['quotes', `'"`.repeat(50_000)],
    ['apostrophes', "'a".repeat(50_000)],
    ['marks', '.,;!?'.repeat(20_000)],
    ['hyphens', 'A-'.repeat(50_000)],
    ['stars', '*-'.repeat(50_000)],
    ['slashes', 'a/'.repeat(50_000)],
    ['at signs', 'LOGO-ACME-WORD001@'.repeat(5000)],
    ['orders', 'delete '.repeat(14_000)],
    ['lists', `tag it as ${'a, '.repeat(33_000)}`],
    ['misspelt words', 'shwo lsit serach '.repeat(5800)],
    ['more than is read', 'delete LOGO-ACME-WORD001 '.repeat(100_000)],
  ])('has an answer to %s', (_, text) => {
    expect(read(text)).toMatchObject({ kind: expect.any(String) })
  })

  it('never throws, and deletes only what a sentence that begins with it names', () => {
    const words = ['delete', 'remove', 'show', 'not', 'the', 'all', 'logos', 'icons', 'it', 'tagged', 'draft', 'LOGO-ACME-WORD001', 'and', 'to', '/tmp/x', 'import', 'or', 'unless', 'tag', '1.0.0', '"', ',', 'please', 'AIOTIZE', 'everything', 'if', 'cache', 'clear', 'don’t', 'except', 'from', 'of', '10', 'kB', '?', 'with', 'as']
    const chance = createChance(7)
    for (let i = 0; i < 20_000; i++) {
      const said = Array.from({ length: 1 + chance(9) }, () => words[chance(words.length)]!)
      const reading = read(said.join(' '), ['ICON-ACME-UI004'])
      if (reading.kind !== 'calls' || !['delete', 'cache clear'].includes(reading.calls[0]!.operation)) continue
      const first = said.find((word) => !['please', ',', 'and', '"'].includes(word))
      expect(['delete', 'remove', 'clear'], said.join(' ')).toContain(first)
      const spared = said.slice(said.indexOf('except')).includes('logos') && said.includes('except') ? 'LOGO-' : 'none'
      expect(reading.calls.filter(({ input }) => String(input.ref).startsWith(spared)), said.join(' ')).toEqual([])
      expect(said.filter((word) => ['not', 'or', 'unless', 'if', 'don’t', '?'].includes(word) && word !== '?'), said.join(' ')).toEqual([])
    }
  })

  it('gives only operations that there are, with members that they have', async () => {
    const sentences = [...'import a.png|list icons|show icons over 1 kB|find cats|tag it as x|organize|compress it|export it to out|validate it|delete it|copy it as x|show its versions|create branch b of it|roll it back to 1.0.0|what does it need|where is it used|generate everything|what did we spend|health|stats|clean up|clear the cache|package it as b 1.0.0|install b.zip|create tool a/b|set the alt of it to "x"|run contrast-checker|use contact-form|optimize it|test hero-design|sync|reindex|write types|precompile it|invalidate it|update the catalog|add x from the catalog|sites|cache stats|prune'.split('|')]
    const names = new Set<string>()
    for (const sentence of sentences) {
      const reading = read(sentence, ['LOGO-ACME-WORD001'])
      expect(reading, sentence).toMatchObject({ kind: 'calls' })
      if (reading.kind !== 'calls') continue
      for (const { operation, input } of reading.calls) {
        names.add(operation)
        const { input: schema } = await operations.find(({ name }) => name === operation)!.load()
        expect(schema.safeParse(input).error, sentence).toBeUndefined()
      }
    }
    expect(names.size).toBeGreaterThan(36)
  })

  it('follows the words of the project', () => {
    const other = createGrammar({ ...known, ...{ categories: [{ name: 'Sigils', prefix: 'SIG', prefixName: 'Sigils' }], families: new Map([['ORB', 'Orb Works']]) }, assets: [{ ref: 'SIG-ORB-MAIN001', kind: 'image', aliases: [], tags: ['runic'], category: 'Sigils', family: 'ORB' }] })
    expect(readSentence('show the runic sigils of Orb Works', other)).toEqual({ kind: 'calls', calls: [{ operation: 'list', input: { category: 'Sigils', family: 'ORB', tag: ['runic'] } }] })
    expect(readSentence('show the logos', other)).not.toMatchObject({ kind: 'calls', calls: [{ operation: 'list' }] })
  })

  it('asks for what is missing and for one of several', () => {
    expect(read('export it')).toEqual({ kind: 'missing', operation: 'export', input: {}, members: ['refs', 'dir'] })
    expect(read('rename the AIOTIZE logo to "Mark"')).toMatchObject({ kind: 'choice', member: 'ref', refs: ['LOGO-AIOTIZE-MARK001', 'LOGO-AIOTIZE-MARK002', 'LOGO-AIOTIZE-PFP001'] })
  })

  it('forgives slips in questions and in no order', () => {
    expect(read('serach sunset')).toMatchObject({ kind: 'calls' })
    for (const sentence of ['improt a.png', 'exprot it to out', 'delte it', 'genrate everything', 'cleen up']) expect(read(sentence, ['LOGO-ACME-WORD001']).kind, sentence).toBe('unclear')
  })
})
