import { cssValue } from '../tokens/css-value.ts'
import { resolveTokens, valueIn } from '../tokens/resolve-tokens.ts'
import { colorDistance } from '../tokens/srgb.ts'
import { aliasTarget, type Color, type TokenSet, type TokenType } from '../tokens/token-types.ts'
import { isEqual } from './fields.ts'

type CssValue = ReturnType<typeof cssValue>

/** What became of one design token. */
export interface TokenChange {
  /** `color.brand.primary` */
  token: string
  /** Absent for the values without a mode. */
  mode?: string
  type: TokenType
  change: 'added' | 'removed' | 'changed'
  /** As CSS writes it, aliases followed; `{path}` where only what it stands for has changed. */
  before?: CssValue
  after?: CssValue
  /** ΔE OK of two colours: 0 is equal, 0.02 just visible, 1 black against white. */
  colorDistance?: number
}

/** The tokens whose values differ: first without a mode, then in each mode in which they differ otherwise. */
export function compareTokens(before: TokenSet, after: TokenSet): TokenChange[] {
  const plain = compareIn(before, after, undefined)
  const modes = [...new Set([...before.modes, ...after.modes])].sort()
  const known = new Set(plain.map(({ mode: _mode, ...change }) => JSON.stringify(change)))
  const inModes = modes.flatMap((mode) =>
    compareIn(before, after, mode).filter(({ mode: _mode, ...change }) => !known.has(JSON.stringify(change))),
  )
  return [...plain, ...inModes]
}

function compareIn(before: TokenSet, after: TokenSet, mode: string | undefined): TokenChange[] {
  const [valuesBefore, valuesAfter] = [resolveTokens(before, mode), resolveTokens(after, mode)]
  const paths = new Set([...before.tokens.keys(), ...after.tokens.keys()])
  return [...paths].flatMap((token): TokenChange[] => {
    const [a, b] = [before.tokens.get(token), after.tokens.get(token)]
    const type = (b ?? a)!.type
    const row = { token, ...(mode !== undefined && { mode }), type }
    if (!a) return [{ ...row, change: 'added', after: cssValue(type, valuesAfter.get(token)) }]
    if (!b) return [{ ...row, change: 'removed', before: cssValue(type, valuesBefore.get(token)) }]
    const [valueBefore, valueAfter] = [valuesBefore.get(token), valuesAfter.get(token)]
    const [cssBefore, cssAfter] = [cssValue(a.type, valueBefore), cssValue(b.type, valueAfter)]
    const distance = a.type === 'color' && b.type === 'color' ? colorDistance(valueBefore as Color, valueAfter as Color) : undefined
    if (!isEqual(cssBefore, cssAfter))
      return [{ ...row, change: 'changed', before: cssBefore, after: cssAfter, ...(distance !== undefined && { colorDistance: distance }) }]
    const [ownBefore, ownAfter] = [valueIn(before, token, mode), valueIn(after, token, mode)].map((own) => aliasTarget(own))
    if (ownBefore === ownAfter) return []
    const shown = (alias: string | undefined, css: CssValue) => (alias === undefined ? css : `{${alias}}`)
    return [{ ...row, change: 'changed', before: shown(ownBefore, cssBefore), after: shown(ownAfter, cssAfter) }]
  })
}
