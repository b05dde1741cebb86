import { describe, expect, it } from 'vitest'
import type { Entry, Manifest } from '../manifest.ts'
import { drawDot, drawMermaid, drawTree } from './draw.ts'
import { dependencyFindings } from './findings.ts'
import { createGraph, type GraphEntry } from './graph.ts'
import { refreshLock, staleLocks } from './lock.ts'
import { dependencyError, examineDependencies } from './problems.ts'
import { pathsFrom, resolveDependencies, rootsOf } from './resolve.ts'

type Parts = { version?: string; aliases?: string[]; needs?: Record<string, string> }

const assetsOf = (parts: Record<string, Parts>) =>
  Object.fromEntries(
    Object.entries(parts).map(([ref, { version = '1.0.0', aliases, needs }]): [string, GraphEntry] => [
      ref,
      { version, ...(aliases && { aliases }), ...(needs && { dependencies: needs }) },
    ]),
  )
const graphOf = (parts: Record<string, Parts>) => createGraph(assetsOf(parts))
const problemsOf = (parts: Record<string, Parts>, ...refs: string[]) => examineDependencies(graphOf(parts), refs).problems
const messageOf = (parts: Record<string, Parts>, ...refs: string[]) => dependencyError(problemsOf(parts, ...refs))

/** Layers of two, each of which needs both of the next: as many ways as two to the power of the layers. */
const diamond = (layers: number): Record<string, Parts> =>
  Object.fromEntries(
    Array.from({ length: layers }, (_, i) => i).flatMap((i) => {
      const needs: Record<string, string> = i === layers - 1 ? {} : { [`a${i + 1}`]: '^1.0.0', [`b${i + 1}`]: '^1.0.0' }
      return [[`a${i}`, { needs }], [`b${i}`, { needs }]] as [string, Parts][]
    }),
  )

describe('order', () => {
  it.each<[string, Record<string, Parts>, string[], string[]]>([
    ['what is needed first', { a: { needs: { b: '*' } }, b: { needs: { c: '*' } }, c: {} }, ['a'], ['c', 'b', 'a']],
    ['siblings by name', { a: { needs: { d: '*', c: '*', b: '*' } }, b: {}, c: {}, d: {} }, ['a'], ['b', 'c', 'd', 'a']],
    ['by alias and by ref', { a: { needs: { logo: '*' } }, 'LOGO-A-B001': { aliases: ['logo'] } }, ['a'], ['LOGO-A-B001', 'a']],
    ['several roots, each once', { a: { needs: { c: '*' } }, b: { needs: { c: '*' } }, c: {} }, ['a', 'b', 'a'], ['c', 'a', 'b']],
    ['round a circle', { a: { needs: { b: '*' } }, b: { needs: { a: '*' } } }, ['a'], ['b', 'a']],
  ])('%s', (_, parts, refs, order) => expect(resolveDependencies(graphOf(parts), refs).order).toEqual(order))

  it('does not depend on the order of the manifest', () => {
    const parts = diamond(4)
    const reversed = Object.fromEntries(
      Object.entries(parts).reverse().map(([ref, { needs }]) => [ref, { needs: Object.fromEntries(Object.entries(needs!).reverse()) }]),
    )
    expect(resolveDependencies(graphOf(reversed), ['a0'])).toEqual(resolveDependencies(graphOf(parts), ['a0']))
  })

  it('looks at every asset of a 30-level diamond once', () => {
    const graph = graphOf(diamond(30))
    const visits = new Map<string, number>()
    const counted = {
      dependenciesOf(ref: string) {
        visits.set(ref, (visits.get(ref) ?? 0) + 1)
        return graph.dependenciesOf(ref)
      },
    }
    expect(resolveDependencies(counted, ['a0']).order).toHaveLength(59)
    expect([...visits.values()].filter((times) => times !== 1)).toEqual([])
    visits.clear()
    expect(pathsFrom(counted, ['a0'])('b29')).toHaveLength(30)
    expect([...visits.values()].filter((times) => times !== 1)).toEqual([])
  })

  it('goes deeper than the call stack', () => {
    const length = 20_000
    const chain = Object.fromEntries(
      Array.from({ length }, (_, i) => [`n${i}`, i < length - 1 ? { needs: { [`n${i + 1}`]: '*' } } : {}] as [string, Parts]),
    )
    const { order, problems } = examineDependencies(graphOf(chain), ['n0'])
    expect(order).toHaveLength(length)
    expect(problems).toEqual({ cycles: [], missing: [], conflicts: [] })
  })

  it('roots reach everything, circles too', () => {
    const graph = graphOf({ a: { needs: { b: '*' } }, b: {}, x: { needs: { y: '*' } }, y: { needs: { x: '*' } } })
    expect(rootsOf(graph)).toEqual(['a', 'x'])
  })
})

describe('problems', () => {
  it.each<[string, Record<string, Parts>, string[][]]>([
    ['three', { a: { needs: { b: '*' } }, b: { needs: { c: '*' } }, c: { needs: { a: '*' } } }, [['a', 'b', 'c', 'a']]],
    ['itself', { a: { needs: { a: '*' } } }, [['a', 'a']]],
    ['behind a way', { a: { needs: { b: '*' } }, b: { needs: { c: '*' } }, c: { needs: { b: '*' } } }, [['b', 'c', 'b']]],
    ['by alias', { a: { aliases: ['first'], needs: { b: '*' } }, b: { needs: { first: '*' } } }, [['a', 'b', 'a']]],
    ['two', { a: { needs: { b: '*', c: '*' } }, b: { needs: { a: '*' } }, c: { needs: { a: '*' } } }, [['a', 'b', 'a'], ['a', 'c', 'a']]],
  ])('a circle of %s', (_, parts, cycles) => {
    expect(problemsOf(parts, 'a').cycles).toEqual(cycles)
    expect(messageOf(parts, 'a')).toMatchObject({ code: 'DEPENDENCY_CYCLE', exit: 1, message: expect.stringContaining(cycles[0]!.join(' -> ')) })
  })

  it('what is missing, with the way to it and what is near', () => {
    const parts = { a: { needs: { b: '*' } }, b: { needs: { 'design-tokens/colors/brnad': '^1.0.0' } }, 'design-tokens/colors/brand': {} }
    expect(messageOf(parts, 'a')).toMatchObject({
      code: 'DEPENDENCY_MISSING',
      exit: 1,
      message: 'a -> b needs design-tokens/colors/brnad ^1.0.0, and there is no such asset.',
      hint: expect.stringMatching(/^Did you mean design-tokens\/colors\/brand\?/) as string,
    })
  })

  it('a conflict names both ways and both ranges', () => {
    const parts = {
      app: { needs: { a: '*', b: '*' } },
      a: { needs: { c: '^1.0.0' } },
      b: { needs: { c: '^2.0.0' } },
      c: { version: '1.5.0' },
    }
    expect(messageOf(parts, 'app')).toMatchObject({
      code: 'DEPENDENCY_CONFLICT',
      exit: 5,
      message: 'c is 1.5.0, and app -> b -> c needs ^2.0.0, while app -> a -> c needs ^1.0.0.',
    })
    // From b alone, the way that holds c where it is lies elsewhere in the project.
    expect(messageOf(parts, 'b')!.message).toBe('c is 1.5.0, and b -> c needs ^2.0.0, while app -> a -> c needs ^1.0.0.')
    expect(messageOf(parts, 'a')).toBeUndefined()
  })

  it.each<[string, string, boolean]>([
    ['1.2.3', '^1.2.0', true],
    ['2.0.0', '^1.2.0', false],
    ['1.2.9', '~1.2.3', true],
    ['1.3.0', '~1.2.3', false],
    ['0.2.5', '^0.2.3', true],
    ['0.3.0', '^0.2.3', false],
    ['1.5.0', '>=1.0.0 <2.0.0 || >=3.0.0', true],
    ['2.5.0', '>=1.0.0 <2.0.0 || >=3.0.0', false],
    ['1.0.0-beta.1', '^1.0.0', false],
    ['9.9.9', '*', true],
    ['1.0.0', 'latest!', false],
    ['no version', '*', false],
  ])('%s meets %s: %s', (version, range, isMet) => {
    const { conflicts } = problemsOf({ a: { needs: { b: range } }, b: { version } }, 'a')
    expect(conflicts).toHaveLength(isMet ? 0 : 1)
  })

  it('names all of several problems, the worst first', () => {
    const parts = { a: { needs: { b: '^2.0.0', gone: '*' } }, b: { needs: { a: '*' } } }
    expect(messageOf(parts, 'a')).toMatchObject({
      code: 'DEPENDENCY_CYCLE',
      message: 'a -> b -> a is a circle. a needs gone *, and there is no such asset. b is 1.0.0, and a -> b needs ^2.0.0.',
    })
  })
})

describe('findings and lock', () => {
  const manifestOf = (parts: Record<string, Parts>): Manifest => ({
    version: 1, vocabulary: {}, sequences: {},
    assets: Object.fromEntries(Object.entries(assetsOf(parts)).map(([ref, entry]) => [ref, { ...entry, id: ref, kind: 'tools', created: '', modified: '', hash: `sha256:${'0'.repeat(64)}`, source: { type: 'library' } } as Entry])),
  })
  const codes = (manifest: Manifest) => dependencyFindings(manifest).map(({ ref, code }) => `${ref} ${code}`)

  it('stands in the manifest only while something depends on something', () => {
    const manifest = manifestOf({ a: { needs: { b: '*' } }, b: {} })
    expect(refreshLock(manifest)).toEqual(['b'])
    expect(manifest.lock).toEqual({ b: { version: '1.0.0', digest: `sha256:${'0'.repeat(64)}` } })
    delete manifest.assets.a!.dependencies
    expect(refreshLock(manifest)).toEqual(['b'])
    expect(manifest).not.toHaveProperty('lock')
  })

  it.each<[string, (manifest: Manifest) => void, string[]]>([
    ['as it was locked', () => {}, []],
    ['another version', (m) => (m.assets.b!.version = '1.0.1'), ['b LOCK_STALE']],
    ['another content', (m) => (m.assets.b!.digest = `sha256:${'1'.repeat(64)}`), ['b LOCK_STALE']],
    ['a new dependency', (m) => (m.assets.b!.dependencies = { c: '*' }), ['c LOCK_STALE']],
    ['no lock', (m) => delete m.lock, ['b LOCK_STALE']],
    ['a lock of what is gone', (m) => (m.lock!.gone = m.lock!.b!), ['manifest LOCK_STALE']],
    ['a range that is not met', (m) => (m.assets.a!.dependencies = { b: '^2.0.0' }), ['a DEPENDENCY_UNMET']],
    ['a name that stands for nothing', (m) => (m.assets.a!.dependencies = { b: '*', d: '*' }), ['a DEPENDENCY_MISSING']],
    ['two ranges that exclude each other', (m) => ((m.assets.a!.dependencies = { b: '^2.0.0' }), (m.assets.c!.dependencies = { b: '^1.0.0' })), ['a DEPENDENCY_UNMET', 'b DEPENDENCY_CONFLICT']],
    ['a circle', (m) => (m.assets.b!.dependencies = { a: '*' }), ['a DEPENDENCY_CYCLE', 'a LOCK_STALE']],
  ])('%s', (_, change, expected) => {
    const manifest = manifestOf({ a: { needs: { b: '*' } }, b: {}, c: {} })
    refreshLock(manifest)
    change(manifest)
    expect(codes(manifest)).toEqual(expected)
    refreshLock(manifest)
    expect(staleLocks(manifest)).toEqual([])
  })
})

describe('drawing', () => {
  const drawn = {
    nodes: [{ ref: 'a', version: '1.0.0' }, { ref: 'b"<', version: '2.0.0' }, { ref: 'c', version: '3.0.0' }, { ref: 'gone' }],
    edges: [{ from: 'a', to: 'b"<', range: '^2.0.0' }, { from: 'a', to: 'c', range: '*' }, { from: 'b"<', to: 'c', range: '*' }, { from: 'c', to: 'gone', range: '^1' }],
  }
  it('a tree shows what is below once', () =>
    expect(drawTree(drawn, 'a')).toBe(
      ['a 1.0.0', '├─ b"<  ^2.0.0 → 2.0.0', '│  └─ c  * → 3.0.0', '│     └─ gone  ^1, missing', '└─ c  * → 3.0.0 (above)'].join('\n'),
    ))
  it('a tree of what needs it', () =>
    expect(drawTree(drawn, 'c', true)).toBe(['c 3.0.0', '├─ a  needs *', '└─ b"<  needs *', '   └─ a  needs ^2.0.0'].join('\n')))
  it('dot quotes names', () => expect(drawDot(drawn)).toContain('  "a" -> "b\\"<" [label="^2.0.0"]'))
  it('mermaid numbers its nodes and escapes labels', () => {
    expect(drawMermaid(drawn)).toContain('n1["b#34;#60; 2.0.0"]')
    expect(drawMermaid(drawn)).toContain('n0 -->|"^2.0.0"| n1')
  })
})
