/** The types of the Design Tokens Format Module 2025.10. @see https://www.designtokens.org/tr/2025.10/format/ */
export const tokenTypes = [
  'color', 'dimension', 'fontFamily', 'fontWeight', 'duration', 'cubicBezier', 'number',
  'strokeStyle', 'border', 'transition', 'shadow', 'gradient', 'typography',
] as const
export type TokenType = (typeof tokenTypes)[number]

/** A value in the spelling of 2025.10; an alias is a text `{path.of.token}`, also inside composite values. */
export type TokenValue = unknown

export interface Token {
  /** `color.brand.primary` */
  path: string
  segments: readonly string[]
  type: TokenType
  value: TokenValue
  /** Values by mode, for modes in which it differs. */
  modes: Readonly<Record<string, TokenValue>>
  description?: string
  deprecated?: boolean | string
  extensions?: Readonly<Record<string, unknown>>
}

/** What a group says of itself beside its tokens. */
export interface TokenGroup {
  segments: readonly string[]
  description?: string
  deprecated?: boolean | string
  extensions?: Readonly<Record<string, unknown>>
}

export interface TokenSet {
  /** In the order of the document. */
  tokens: ReadonlyMap<string, Token>
  groups: readonly TokenGroup[]
  modes: readonly string[]
}

/** Something wrong in a document; `path` leads into it. */
export interface TokenProblem {
  path: string[]
  message: string
  hint?: string
}

/** @param circle - paths of tokens each of which stands for the next, the last for the first */
export function circleProblem(segments: readonly string[], circle: readonly string[], mode?: string): TokenProblem {
  const shown = [...circle, circle[0]].join(' → ')
  return { path: [...segments], message: `stands for itself: ${shown}${mode ? ` in the mode ${mode}` : ''}`, hint: 'Give one of them a value of its own.' }
}

export interface Color {
  colorSpace: string
  components: readonly (number | 'none')[]
  alpha?: number
  hex?: string
}

/** `a.b` of `{a.b}`; undefined for what is no alias. */
export function aliasTarget(value: unknown): string | undefined {
  return typeof value === 'string' ? /^\{([^{}]+)\}$/.exec(value)?.[1] : undefined
}

/** Where vendor data of this format's own stands in a token. */
export const modesExtension = 'assetloom.modes'
