import { cssValue } from './css-value.ts'
import { resolveTokens, valueIn } from './resolve-tokens.ts'
import { aliasTarget, type Token, type TokenSet, type TokenType } from './token-types.ts'

/* Tokens as style sheets: custom properties, Sass variables, a Tailwind theme. */

/** `brandPrimary` of `color` → `color-brand-primary`; `$root` adds nothing. */
export function cssName(segments: readonly string[]): string {
  return segments
    .filter((segment) => segment !== '$root')
    .map((segment) =>
      segment
        .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1-$2')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_-]+/gu, '-'),
    )
    .join('-')
}

type Line = readonly [name: string, value: string]

/** Values as lines; typography is one line for each part and one for the `font` shorthand. */
function linesOf(name: string, value: ReturnType<typeof cssValue>): Line[] {
  if (typeof value !== 'object') return [[name, String(value)]]
  const { fontFamily, fontSize, fontWeight = 400, lineHeight = 'normal' } = value
  return [
    [name, `${fontWeight} ${fontSize}/${lineHeight} ${fontFamily}`],
    ...Object.entries(value).map(([part, text]): Line => [`${name}-${cssName([part])}`, String(text)]),
  ]
}

/** A token that stands for another one refers to it, so that it follows it in every mode. */
function declared(set: TokenSet, mode: string | undefined, nameOf: (token: Token) => string, refer: (name: string) => string): (token: Token) => Line[] {
  const resolved = resolveTokens(set, mode)
  return (token) => {
    const target = aliasTarget(valueIn(set, token.path, mode))
    if (target === undefined) return linesOf(nameOf(token), cssValue(token.type, resolved.get(token.path)))
    const other = set.tokens.get(target)!
    const parts = linesOf(nameOf(other), cssValue(token.type, resolved.get(token.path)))
    return linesOf(nameOf(token), cssValue(token.type, resolved.get(token.path))).map(([name], i): Line => [name, refer(parts[i]![0])])
  }
}

const inMode = (set: TokenSet, mode: string) => [...set.tokens.values()].filter((token) => Object.hasOwn(token.modes, mode))

/** Rules of the modes: `[data-mode="dark"]`, and what the system prefers where the page does not say. */
function modeRules(set: TokenSet, nameOf: (token: Token) => string): string[] {
  return set.modes.flatMap((mode) => {
    const lines = inMode(set, mode).flatMap(declared(set, mode, nameOf, (name) => `var(--${name})`)).map(([name, value]) => `--${name}: ${value};`)
    if (lines.length === 0) return []
    const rule = `[data-mode=${JSON.stringify(mode)}] {\n${lines.map((line) => `  ${line}\n`).join('')}}`
    if (mode !== 'dark' && mode !== 'light') return [rule]
    return [
      rule,
      `@media (prefers-color-scheme: ${mode}) {\n  :root:not([data-mode]) {\n${lines.map((line) => `    ${line}\n`).join('')}  }\n}`,
    ]
  })
}

/** Custom properties on `:root`, and the other values of each mode. @param prefix - begins every name */
export function tokensToCss(set: TokenSet, prefix = ''): string {
  const nameOf = ({ segments }: Token) => cssName(prefix ? [prefix, ...segments] : segments)
  const lines = [...set.tokens.values()].flatMap(declared(set, undefined, nameOf, (name) => `var(--${name})`))
  return `${[`:root {\n${lines.map(([name, value]) => `  --${name}: ${value};\n`).join('')}}`, ...modeRules(set, nameOf)].join('\n\n')}\n`
}

/** Sass variables, and a map of the other values for each mode. */
export function tokensToScss(set: TokenSet, prefix = ''): string {
  const nameOf = ({ segments }: Token) => cssName(prefix ? [prefix, ...segments] : segments)
  // Sass reads from top to bottom: a variable that others stand for comes before them.
  const lines: string[] = []
  const written = new Set<string>()
  const lineOf = declared(set, undefined, nameOf, (name) => `$${name}`)
  const write = (token: Token) => {
    if (written.has(token.path)) return
    written.add(token.path)
    const target = aliasTarget(token.value)
    if (target !== undefined) write(set.tokens.get(target)!)
    for (const [name, value] of lineOf(token)) lines.push(`$${name}: ${value};`)
  }
  for (const token of set.tokens.values()) write(token)
  const maps = set.modes.map((mode) => {
    const resolved = resolveTokens(set, mode)
    const changed = inMode(set, mode).flatMap((token) => linesOf(nameOf(token), cssValue(token.type, resolved.get(token.path))))
    return `$mode-${cssName([mode])}: (\n${changed.map(([name, value]) => `  "${name}": (${value}),\n`).join('')});`
  })
  return `${[...lines, ...maps].join('\n')}\n`
}

/** Namespaces of a Tailwind 4 theme. @see https://tailwindcss.com/docs/theme#theme-variable-namespaces */
const namespaces: Readonly<Partial<Record<TokenType, string>>> = {
  color: 'color', fontFamily: 'font', fontWeight: 'font-weight', shadow: 'shadow', cubicBezier: 'ease', typography: 'text',
}
const dimensionNamespaces: Readonly<Record<string, string>> = { typography: 'text', borders: 'radius' }
/** First parts of a path that say what the namespace says already. */
const spokenFor = /^(?:colou?rs?|fonts?|font-?(?:family|size|weight)s?|spacing|space|shadows?|radi(?:us|i)|borders?|ease|text|typography)$/i

/** A Tailwind 4 theme. @param group - of the library; decides what a dimension is for */
export function tokensToTailwind(set: TokenSet, group: string): string {
  const nameOf = ({ segments, type }: Token) => {
    const namespace = type === 'dimension' ? (dimensionNamespaces[group] ?? 'spacing') : (namespaces[type] ?? cssName([type]))
    const rest = segments.length > 1 && spokenFor.test(segments[0]!) ? segments.slice(1) : segments
    return `${namespace}-${cssName(rest)}`
  }
  const resolved = resolveTokens(set)
  const lines = [...set.tokens.values()].flatMap((token): Line[] => {
    const value = cssValue(token.type, resolved.get(token.path))
    const name = nameOf(token)
    if (typeof value !== 'object') return [[name, String(value)]]
    const { fontFamily, fontSize, ...others } = value
    return [
      [name, String(fontSize)],
      ...Object.entries(others).map(([part, text]): Line => [`${name}--${cssName([part])}`, String(text)]),
      [name.replace(/^text-/, 'font-'), String(fontFamily)],
    ]
  })
  return `${[`@theme {\n${lines.map(([name, value]) => `  --${name}: ${value};\n`).join('')}}`, ...modeRules(set, nameOf)].join('\n\n')}\n`
}
