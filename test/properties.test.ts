import fc from 'fast-check'
import { parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import { splitList } from '../src/cli/command-definition.ts'
import { plainText } from '../src/cli/terminal.ts'
import { checkDocument } from '../src/core/check-document.ts'
import { isAssetloomError } from '../src/core/errors.ts'
import { parseJsonc } from '../src/core/jsonc.ts'
import { emptyManifest, formatManifest } from '../src/core/manifest.ts'
import { queryKeys } from '../src/core/query-keys.ts'
import { parseAssetQuery } from '../src/core/query.ts'
import { createRedactor } from '../src/core/redact.ts'
import { globMatcher, parseAssetRequest } from '../src/core/ref.ts'
import { fillText, fillValue, namesIn, resolveValues } from '../src/core/template.ts'
import { evaluate, parseExpression } from '../src/core/workflow/expression.ts'
import { fillExpressions } from '../src/core/workflow/fill-expressions.ts'
import { isToken, parseToken } from '../src/core/token.ts'
import { joinWords } from '../src/core/vocabulary.ts'
import { sanitizeSvg } from '../src/generators/media/sanitize-svg.ts'
import { htmlReferences, rewriteHtml } from '../src/plugin/html-references.ts'
import { fromVirtualId, toVirtualId } from '../src/plugin/virtual-id.ts'
import { parseManifest } from '../src/store/manifest-text.ts'
import { parseSpecText } from '../src/store/spec-text.ts'

const runs = { numRuns: 400 }

/** Texts that come near to a grammar: its own fragments among anything at all. */
const near = (...fragments: string[]) =>
  fc.array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...fragments) }, { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) }), { maxLength: 30 }).map((parts) => parts.join(''))

const queryText = near(...queryKeys, '=', '&', ';', '?', '640', '0.5', '16:9', '16/0', 'avif', 'cover', 'white', '%', '%zz', '+', '__proto__', 'constructor', '-1', '1e9', '999999')
const requestText = fc.oneof(near('LOGO-ACME-MARK001', '*', '@', '1.2.0', '?', '/', '..', '.', '//', '\0', 'w=640', '-', '__proto__'), fc.tuple(fc.constant('LOGO-ACME-MARK001?'), queryText).map((parts) => parts.join('')))
const yamlText = near('version: "1.0"\n', 'id: a\n', 'generation: { type: image }\n', 'prompt:\n', '  base: x\n', '- ', '{', '}', '[', ']', ',', ': ', '&a', '*a', '!!js ', '!!set', '? ', '|\n', '>\n', '---\n', '...\n', '"', "'", '#', '{{x}}', '__proto__: 1\n', '<<: *a\n', '.nan', '.inf', '0x1f', '1e999', '\t', '%YAML 1.1\n', '\ufeff')
const jsonText = near('{', '}', '[', ']', ',', ':', '"', '"assets":', '"version":', '"sequences":', '"__proto__":', '"vocabulary":', '1', 'null', '-1', '1e999', '//', '/*', '*/', '\\u0000', '<<<<<<< HEAD\n', '=======\n', '\ufeff')
const svgText = near('<svg xmlns="http://www.w3.org/2000/svg">', '</svg>', '<g>', '</g>', '<script>', '</script>', '<style>', '</style>', '<a href="', 'javascript:', 'x:href', '"', ' onload="', '>', '/>', '<![CDATA[', ']]>', '<!--', '-->', '<!DOCTYPE svg [', '<!ENTITY a "b">', ']>', '&a;', '&lt;', '&#0;', '&#x110000;', '<?xml version="1.0"?>', ' style="', 'url(', 'http://x', ')', '@import', '\\', 'expression(', '{', '}', '<foreignObject>', '<animate attributeName="href" to="')
const htmlText = near('<img src="', 'asset:LOGO-ACME-MARK001', '~asset/', '"', "'", '>', ' srcset=', ' 2x, ', '<template>', '</template>', '<svg>', '<use xlink:href=', '<meta property="og:image" content="', '<!--', '-->', '<script>', '</script>', '&amp;', '&', '<table>', '<p>', '<title>', '<', '/', '\0')
const expressionText = near('inputs', 'steps', '.', '["', '"]', '[', ']', 'list', 'text', 'output', '(', ')', '!', '-', '+', ' && ', ' || ', ' ?? ', ' ? ', ' : ', '==', '<', '*', '/', '%', ',', '1', '0.5', "'a'", 'length', 'join', 'number', 'max', 'contains', '__proto__', 'constructor', 'prototype', '=>', '`', '${', '{', '}', ';', '=', 'new ', 'this', 'import', 'eval', 'Function', '//', '/*', '\\', '\u2028', '\\u0063onstructor', '?.', '...', '{{', '}}')
const scope = new Map<string, unknown>([['inputs', { text: 'abc', list: [1, 'b', null, { c: [true] }], number: 3 }], ['steps', { a: { output: { ok: true }, status: 'completed' } }]])
const cliText = near(',', '\\,', '\\', ' ', 'a', '"', '--')
const templateText = near('{{', '}}', '{{a}}', '{{ a }}', '{{b-1}}', '{{__proto__}}', '$&', '$1', '$`', ' ', '{', '}')

/** The parser returns or refuses; nothing else comes out of it. */
function onlyRefuses(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    if (!isAssetloomError(error)) throw error
    expect(error.message).toMatch(/\S/)
  }
}

const words = joinWords({ families: { ACME: 'Acme' } })
const specOf = (text: string) => {
  for (const document of parseSpecText(text, 'specs/a.yaml')) {
    const checked = checkDocument(document.value)
    if ('problems' in checked) for (const { path } of checked.problems) expect(document.placeOf(path).line).toBeGreaterThan(0)
  }
}

const parsers: [name: string, texts: fc.Arbitrary<string>, work: (text: string) => unknown][] = [
  ['requests', requestText, parseAssetRequest],
  ['queries', queryText, parseAssetQuery],
  ['tokens', near('LOGO', '-', 'ACME', 'MARK', '001', '١', 'Ａ', '\n'), (text) => parseToken(text, words)],
  ['manifests', jsonText, (text) => parseManifest(text, 'assets/manifest.json')],
  ['specs', yamlText, specOf],
  ['specs in JSON', jsonText, specOf],
  ['JSON with comments', jsonText, parseJsonc],
  ['templates', templateText, (text) => [namesIn(text), fillText(text, new Map([['a', '{{a}}$&']]))]],
  ['SVG', svgText, sanitizeSvg],
  ['HTML', htmlText, (text) => htmlReferences(text, parse)],
  ['expressions', expressionText, (text) => evaluate(parseExpression(text), scope)],
  ['texts with expressions', expressionText, (text) => fillExpressions({ a: [text, `{{${text}}}`] }, scope)],
  ['lists', cliText, splitList],
  ['terminal text', near('\u001b', '[', ']', '0;', 'm', '\u0007', '\\', '8;;'), plainText],
]

describe.each(parsers)('%s', (_name, texts, work) => {
  it('are read or refused', () => {
    fc.assert(fc.property(texts, (text) => onlyRefuses(() => work(text))), runs)
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => onlyRefuses(() => work(text))), runs)
  })

  it('are read or refused in a time that grows with their length, however often they repeat', () => {
    fc.assert(fc.property(texts, fc.integer({ min: 1000, max: 5000 }), (text, times) => onlyRefuses(() => work(text.repeat(times).slice(0, 60_000)))), { numRuns: 25 })
  })
})

describe('at great depth and length', () => {
  const deep = 50_000

  it.each<[string, () => unknown]>([
    ['a manifest', () => parseManifest('['.repeat(deep), 'm')],
    ['a manifest that closes', () => parseManifest(`{"version":1,"x":${'['.repeat(deep)}${']'.repeat(deep)}}`, 'm')],
    ['entries of a manifest', () => formatManifest(parseManifest(`{"version":1,"assets":{"a":{"kind":"x","id":"a","version":"1.0.0","created":"","modified":"","source":{"type":"library"},"deep":${'['.repeat(deep)}${']'.repeat(deep)}}}}`, 'm'))],
    ['a spec', () => specOf('['.repeat(deep))],
    ['a spec in blocks', () => specOf(Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''))],
    ['an SVG', () => sanitizeSvg('<svg>'.repeat(deep))],
    ['HTML', () => htmlReferences(`${'<div>'.repeat(deep)}<img src="asset:LOGO-ACME-MARK001">`, parse)],
    ['HTML templates', () => htmlReferences(`${'<template>'.repeat(deep)}<img src="asset:LOGO-ACME-MARK001">`, parse)],
    ['JSON with comments', () => parseJsonc('[/*'.repeat(deep * 20))],
    ['a request', () => parseAssetRequest('a/'.repeat(deep))],
    ['a query', () => parseAssetQuery(`w=${'1;'.repeat(deep)}`)],
    ['a template', () => fillText('{{ '.repeat(deep), new Map())],
    ['a pattern', () => globMatcher('*a'.repeat(200))('a'.repeat(2000))],
    ['escape sequences', () => plainText('\u001b]8;;'.repeat(deep))],
    ['URLs', () => createRedactor([]).text('http://a'.repeat(deep))],
    ['an expression', () => parseExpression('!'.repeat(deep))],
    ...['(', '!', '[', 'a?', 'a.b+', 'length(', '-'].map((part): [string, () => unknown] => [`an expression of ${part}`, () => parseExpression(part.repeat(2000 / part.length))]),
    ['a list', () => splitList('\\'.repeat(deep))],
  ])('%s', (_name, work) => onlyRefuses(work))
})

describe('round trips', () => {
  it('virtual ids give their request back, and never end like a file', () => {
    fc.assert(
      fc.property(fc.oneof(requestText, fc.string({ unit: 'binary' })), (request) => {
        const id = toVirtualId(request)
        expect(fromVirtualId(id)).toBe(request)
        expect(id.slice(1)).toMatch(/^asset:[\w~-]*$/)
      }),
      runs,
    )
    expect(fromVirtualId('/src/main.ts')).toBeUndefined()
  })

  const text = fc.string({ unit: 'grapheme', maxLength: 20 })
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/)
  // Keys that reach an object's machinery are refused wherever they stand.
  const isHarmless = (value: unknown) => !/"(?:__proto__|constructor|prototype)":/.test(JSON.stringify(value))
  const json = fc.jsonValue({ maxDepth: 3 }).filter(isHarmless)
  const entry = fc.record(
    { kind: name, name: text, description: text, tags: fc.array(fc.oneof(text, fc.constantFrom(':smile:', '"', '{', '\\', '":'))), tested: fc.boolean(), custom: json, version: fc.constant('1.0.0'), created: text, modified: text, source: fc.constant({ type: 'library' as const }) },
    { requiredKeys: ['kind', 'version', 'created', 'modified', 'source'] },
  )
  const manifest = fc
    .record({ families: fc.dictionary(fc.stringMatching(/^[A-Z]{1,8}$/), fc.string({ minLength: 1 })), sequences: fc.dictionary(fc.stringMatching(/^[A-Z]{1,4}-[A-Z]{1,4}-[A-Z]{1,4}$/), fc.nat(999)), assets: fc.dictionary(name, entry) })
    .map(({ families, sequences, assets }) => ({ ...emptyManifest(), vocabulary: { families }, sequences, assets: Object.fromEntries(Object.entries(assets).map(([id, one]) => [id, { ...one, id }])) }))
    .filter(isHarmless)

  it('a manifest that was written reads as it was, and is written the same', () => {
    fc.assert(
      fc.property(manifest, (given) => {
        const written = formatManifest(given as never)
        const read = parseManifest(written, 'assets/manifest.json')
        expect(formatManifest(read)).toBe(written)
        expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(given)))
      }),
      runs,
    )
  })

  it('a canonical query means the same and is its own canonical spelling', () => {
    const asked = fc
      .record(
        { w: fc.constantFrom('640', '320;640', '640;320'), h: fc.constantFrom('10', '480'), fit: fc.constantFrom('cover', 'contain', 'inside'), format: fc.constantFrom('avif', 'jpeg', 'webp;png'), quality: fc.constantFrom('1', '80'), background: fc.constantFrom('white', '%23ff00ff', 'transparent'), aspect: fc.constantFrom('16:9', '16/9'), as: fc.constantFrom('picture', 'srcset', 'url'), blur: fc.constantFrom('0.5', '4'), rotate: fc.constantFrom('0', '90'), enlarge: fc.constant('') },
        { requiredKeys: [] },
      )
      .chain((values) => fc.shuffledSubarray(Object.entries(values), { minLength: Object.keys(values).length }))
      .map((pairs) => pairs.map(([key, value]) => (value === '' ? key : `${key}=${value}`)).join('&'))
    fc.assert(
      fc.property(asked, (query) => {
        onlyRefuses(() => {
          const parsed = parseAssetQuery(query)
          const again = parseAssetQuery(parsed.canonical)
          expect(again).toEqual(parsed)
        })
      }),
      runs,
    )
  })

  it('a token is exactly what can be taken apart', () => {
    fc.assert(
      fc.property(fc.oneof(fc.stringMatching(/^[A-Z]{1,5}-[A-Z]{1,5}-[A-Z]{1,5}\d{2,4}$/), requestText), (token) => {
        let parts: ReturnType<typeof parseToken> | undefined
        onlyRefuses(() => (parts = parseToken(token, words)))
        expect(parts !== undefined).toBe(isToken(token))
        if (parts) expect(`${parts.prefix}-${parts.family}-${parts.variant}${String(parts.sequence).padStart(3, '0')}`).toBe(token)
      }),
      runs,
    )
  })

  it('a list on the command line gives its items back', () => {
    const item = fc.string({ unit: 'grapheme', minLength: 1 }).map((one) => one.trim()).filter((one) => one !== '' && !one.includes('\\'))
    fc.assert(fc.property(fc.array(item), (items) => void expect(splitList(items.map((one) => one.replaceAll(',', '\\,')).join(', '))).toEqual(items)), runs)
  })

  it('template values go in literally and once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), templateText, (value, rest) => {
        const values = new Map([['x', value]])
        expect(fillText('<{{x}}|{{ x }}>', values)).toBe(`<${value}|${value}>`)
        expect(fillValue({ a: ['{{x}}'], b: rest.replaceAll('x', '') }, values)).toEqual({ a: [value], b: rest.replaceAll('x', '') })
      }),
      runs,
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.double(), fc.boolean())), (given) => {
        const { values, problems } = resolveValues([{ name: 'n', type: 'number', default: 1 }, { name: 'e', type: 'enum', values: ['a', 2] }] as never, given)
        expect([...values.keys()].every((one) => one === 'n' || one === 'e')).toBe(true)
        expect(problems.unknown).toEqual(Object.keys(given).filter((one) => one !== 'n' && one !== 'e'))
      }),
      runs,
    )
  })

  it('a clean SVG stays as it is', () => {
    fc.assert(
      fc.property(svgText, (text) => {
        let clean: string | undefined
        onlyRefuses(() => (clean = sanitizeSvg(`<svg>${text}</svg>`).svg))
        if (clean === undefined) return
        const again = sanitizeSvg(clean)
        expect(again).toEqual({ svg: clean, stripped: [] })
        expect(clean).not.toMatch(/<script|<foreignObject|<!DOCTYPE|<\?xml/i)
      }),
      runs,
    )
  })

  it('HTML in which refs stand for themselves stays as it is', async () => {
    await fc.assert(
      fc.asyncProperty(htmlText, async (html) => {
        expect(await rewriteHtml(html, async ({ start, end }) => html.slice(start, end))).toBe(html)
      }),
      runs,
    )
  })
})
