import * as z from 'zod'
import { codeText } from '../code-text.ts'
import { contrastMessage, lowContrasts, pairProblems, pairsSchema } from '../tokens/contrast.ts'
import { cssValue } from '../tokens/css-value.ts'
import { readTokens } from '../tokens/read-tokens.ts'
import { aliasProblems, resolveTokens } from '../tokens/resolve-tokens.ts'
import { cssName, tokensToCss, tokensToScss, tokensToTailwind } from '../tokens/token-sheets.ts'
import type { TokenSet } from '../tokens/token-types.ts'
import { tokensToDtcg } from '../tokens/write-dtcg.ts'
import { compareTokens } from '../version/compare-tokens.ts'
import { defineKind, type Item, type ItemProblem } from './kind.ts'
import { literalType } from './literal-type.ts'

const tree = z.record(z.string(), z.unknown())

const fields = {
  body: tree.optional().describe('The tokens: DTCG 2025.10, or plain texts such as `"#FF6B35"`. Or one file in `files`.'),
  modes: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be a word in small letters'), tree)
    .optional()
    .describe('Other values of some tokens by mode, e.g. `dark`.'),
  prefix: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be a word in small letters').optional().describe('Begins the names of custom properties and Sass variables.'),
  usage: z.array(z.string()).optional().describe('Where they are for. `text on background` names two colours that `validate` measures.'),
  pairs: pairsSchema.describe('Colours that are seen on one another: `validate` measures their contrast in every mode.'),
}
type Tokens = Item<z.output<z.ZodObject<typeof fields>>>

function setOf(item: Tokens): TokenSet {
  return readTokens(item.fields.body ?? item.files[0]?.data, { group: item.group, modes: item.fields.modes ?? {} }).set
}

/** Nested values as CSS writes them. */
function valuesOf(set: TokenSet, mode?: string): Record<string, unknown> {
  const resolved = resolveTokens(set, mode)
  const root: Record<string, unknown> = {}
  for (const { segments, path, type } of set.tokens.values()) {
    let group = root
    for (const segment of segments.slice(0, -1)) group = (group[segment] ??= {}) as Record<string, unknown>
    group[segments.at(-1)!] = cssValue(type, resolved.get(path))
  }
  return root
}

function modesOf(set: TokenSet): Record<string, unknown> {
  return Object.fromEntries(set.modes.map((mode) => [mode, valuesOf(set, mode)]))
}

export const designTokens = defineKind({
  name: 'design-tokens',
  summary: 'Colours, type, spacing, shadows and borders as design tokens.',
  groups: ['colors', 'typography', 'spacing', 'shadows', 'borders'],
  fields,
  gives: 'typed nested object of CSS values, and `modes`; `?css` custom properties; `?scss`, `?tailwind` theme, `?dtcg`',
  verbs: ['apply'],
  siteList: 'designTokens',
  forms: ['css', 'scss', 'tailwind', 'dtcg'],
  hasData: true,
  problems(item) {
    const { body } = item.fields
    if ((body === undefined ? 0 : 1) + item.files.length !== 1)
      return [{ path: body === undefined ? [] : ['files'], message: 'must have its tokens in body, or in one file that files names' }]
    const { set, problems } = readTokens(body ?? item.files[0]!.data, { group: item.group, modes: item.fields.modes ?? {} })
    const file = item.files[0]?.name
    const place = (path: readonly string[]): Pick<ItemProblem, 'path' | 'file'> =>
      path[0] === 'modes' && item.fields.modes && path[1] !== undefined && Object.hasOwn(item.fields.modes, path[1])
        ? { path: [...path] }
        : file === undefined ? { path: ['body', ...path] } : { path: [...path], file }
    const found = problems.length > 0 ? problems : aliasProblems(set)
    const unpaired = pairProblems(set, item.fields.pairs).map((problem) => ({ ...problem, path: ['pairs', ...problem.path] }))
    const named = new Map<string, string>()
    const clashes = [...set.tokens.values()].flatMap(({ path, segments }) => {
      const first = named.get(cssName(segments))
      if (first === undefined) named.set(cssName(segments), path)
      return first === undefined ? [] : [{ path: [...segments], message: `has the same custom property as ${first}: --${cssName(segments)}` }]
    })
    if (found.length + clashes.length === 0 && set.tokens.size === 0) return [{ ...place([]), message: 'has no tokens' }]
    const inTokens = [...found, ...clashes].map(({ path, ...problem }) => ({ ...problem, ...place(path) }))
    return inTokens.length > 0 ? inTokens : unpaired
  },
  findings: (item) =>
    lowContrasts(setOf(item), item.fields).map((low) => ({
      code: 'CONTRAST_LOW',
      message: contrastMessage(low),
      hint: `Make ${low.front} or ${low.back} lighter or darker${low.because.startsWith('text') ? ', or state under pairs that it is for large-text or graphics' : ''}.`,
    })),
  apply(item, { target, form }) {
    const set = setOf(item)
    switch (form ?? formByExtension[target?.replace(/^.*\./, '') ?? ''] ?? 'css') {
      case 'scss':
        return { to: 'stylesheet', file: `src/styles/${item.name}.scss`, text: tokensToScss(set, item.fields.prefix) }
      case 'tailwind':
        return { to: 'stylesheet', file: `src/styles/${item.name}.css`, text: tokensToTailwind(set, item.group) }
      case 'dtcg':
        return { to: 'settings', config: tokensToDtcg(set) as Readonly<Record<string, unknown>> }
      default:
        return { to: 'stylesheet', file: `src/styles/${item.name}.css`, text: tokensToCss(set, item.fields.prefix) }
    }
  },
  module(item, form) {
    const set = setOf(item)
    switch (form) {
      case 'css':
        return { form: 'stylesheet', css: tokensToCss(set, item.fields.prefix) }
      case 'scss':
        return { form: 'value', value: tokensToScss(set, item.fields.prefix) }
      case 'tailwind':
        return { form: 'value', value: tokensToTailwind(set, item.group) }
      case 'dtcg':
        return { form: 'value', value: tokensToDtcg(set) }
      default:
        return { form: 'value', value: valuesOf(set), named: { modes: modesOf(set) } }
    }
  },
  types(item) {
    const set = setOf(item)
    const text = { 'css': 'string', 'css&inline': 'string', 'inline&css': 'string', 'scss': 'string', 'tailwind': 'string' }
    return {
      value: literalType(valuesOf(set)),
      named: { modes: literalType(modesOf(set)) },
      forms: { ...text, dtcg: '{ readonly [name: string]: unknown }' },
    }
  },
  skeleton: ({ group }) => ({ item: `usage: []\n${group === 'colors' ? 'pairs:\n  - { front: [text, primary], back: background }\n' : ''}body:\n${bodies[group]!}` }),
  changes: (before, after) => compareTokens(setOf(before), setOf(after)),
  represent(item) {
    const set = setOf(item)
    const resolved = resolveTokens(set)
    const first = [...set.tokens.values()].slice(0, 6).map(({ path, type }) => `${path} ${[cssValue(type, resolved.get(path))].map((value) => (typeof value === 'object' ? codeText(value) : value)).join('')}`)
    return `${set.tokens.size} ${item.group === 'colors' ? 'colours' : 'tokens'}: ${first.join(', ')}`
  },
})

const formByExtension: Readonly<Record<string, string>> = { scss: 'scss', json: 'dtcg' }

/** Tokens to begin with, by group. */
const bodies: Readonly<Record<string, string>> = {
  colors: `  $type: color
  primary:
    $value: { colorSpace: srgb, components: [0.145, 0.388, 0.922], hex: "#2563eb" }
    $description: Buttons and links
  text:
    $value: { colorSpace: srgb, components: [0.067, 0.094, 0.153], hex: "#111827" }
  background:
    $value: { colorSpace: srgb, components: [1, 1, 1], hex: "#ffffff" }
  accent:
    $value: "{primary}"
`,
  typography: `  body:
    $type: fontFamily
    $value: [Inter, system-ui, sans-serif]
  size:
    $type: dimension
    small: { $value: { value: 0.875, unit: rem } }
    medium: { $value: { value: 1, unit: rem } }
    large: { $value: { value: 1.25, unit: rem } }
`,
  spacing: `  $type: dimension
  small: { $value: { value: 8, unit: px } }
  medium: { $value: { value: 16, unit: px } }
  large: { $value: { value: 32, unit: px } }
`,
  shadows: `  raised:
    $type: shadow
    $value:
      color: { colorSpace: srgb, components: [0, 0, 0], alpha: 0.2 }
      offsetX: { value: 0, unit: px }
      offsetY: { value: 2, unit: px }
      blur: { value: 6, unit: px }
      spread: { value: 0, unit: px }
`,
  borders: `  radius:
    $type: dimension
    $value: { value: 8, unit: px }
  thin:
    $type: border
    $value:
      color: { colorSpace: srgb, components: [0.82, 0.835, 0.859], hex: "#d1d5db" }
      width: { value: 1, unit: px }
      style: solid
`,
}
