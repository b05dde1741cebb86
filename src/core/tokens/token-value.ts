import { colorSpaces, legacyColor } from './legacy-color.ts'
import { aliasTarget, type TokenType, type TokenValue } from './token-types.ts'

/** A value as 2025.10 spells it, or why it is none: `wrong` begins with "is" or "must". */
export type ReadValue = { value: TokenValue } | { wrong: string; at?: string[] }

const fontWeights = [
  'thin', 'hairline', 'extra-light', 'ultra-light', 'light', 'normal', 'regular', 'book', 'medium', 'semi-bold',
  'demi-bold', 'bold', 'extra-bold', 'ultra-bold', 'black', 'heavy', 'extra-black', 'ultra-black',
]
const strokes = ['solid', 'dashed', 'dotted', 'double', 'groove', 'ridge', 'outset', 'inset']
const number = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)`
const measured = (units: string) => new RegExp(`^(${number})(${units})$`)

type Members = Readonly<Record<string, TokenType | 'boolean'>>
const composites: Readonly<Partial<Record<TokenType, { members: Members; optional?: readonly string[] }>>> = {
  border: { members: { color: 'color', width: 'dimension', style: 'strokeStyle' } },
  transition: { members: { duration: 'duration', delay: 'duration', timingFunction: 'cubicBezier' } },
  shadow: {
    members: { color: 'color', offsetX: 'dimension', offsetY: 'dimension', blur: 'dimension', spread: 'dimension', inset: 'boolean' },
    optional: ['inset'],
  },
  gradient: { members: { color: 'color', position: 'number' } },
  typography: {
    members: { fontFamily: 'fontFamily', fontSize: 'dimension', fontWeight: 'fontWeight', letterSpacing: 'dimension', lineHeight: 'number' },
    optional: ['letterSpacing', 'lineHeight', 'fontWeight'],
  },
}

/** Read a value of a type: as 2025.10 has it, as drafts spelled it (`"16px"`, `"#ff6b35"`), or an alias. */
export function readValue(type: TokenType, value: unknown): ReadValue {
  const alias = aliasOf(value)
  if (alias !== undefined) return alias === '' ? { wrong: 'is a $ref that leads into a value; name a whole token: { $ref: "#/a/b/$value" }' } : { value: `{${alias}}` }
  switch (type) {
    case 'color':
      return readColor(value)
    case 'dimension':
      return readMeasure(value, ['px', 'rem'], 'a dimension such as { value: 16, unit: px } or "16px"')
    case 'duration':
      return readMeasure(value, ['ms', 's'], 'a duration such as { value: 200, unit: ms } or "200ms"')
    case 'number': {
      const read = typeof value === 'string' && new RegExp(`^${number}$`).test(value) ? Number(value) : value
      return isNumber(read) ? { value: read } : { wrong: 'must be a number' }
    }
    case 'fontFamily': {
      const names = typeof value === 'string' ? value.split(',').map((name) => name.trim().replace(/^(["'])(.*)\1$/, '$2')) : value
      if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string' && name !== ''))
        return { wrong: 'must be the name of a font, or a list of names' }
      return { value: names.length === 1 ? names[0] : names }
    }
    case 'fontWeight': {
      const read = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
      const isWeight = isNumber(read) ? read >= 1 && read <= 1000 : fontWeights.includes(read as string)
      return isWeight ? { value: read } : { wrong: `must be a weight from 1 to 1000, or one of ${fontWeights.join(', ')}` }
    }
    case 'cubicBezier': {
      const called = typeof value === 'string' ? /^cubic-bezier\(([^()]*)\)$/.exec(value.trim())?.[1]?.split(',').map(Number) : value
      const isCurve = Array.isArray(called) && called.length === 4 && called.every(isNumber) && [0, 2].every((i) => called[i]! >= 0 && called[i]! <= 1)
      return isCurve ? { value: called } : { wrong: 'must be four numbers, the first and third from 0 to 1' }
    }
    case 'strokeStyle':
      return readStroke(value)
    case 'border':
      return readMembers(type, typeof value === 'string' ? legacyBorder(value) : value)
    case 'shadow':
    case 'gradient': {
      const list = type === 'shadow' && typeof value === 'string' ? legacyShadows(value) : value
      if (!Array.isArray(list)) return type === 'gradient' ? { wrong: 'must be a list of stops, each with color and position' } : readMembers(type, list)
      if (list.length === 0) return { wrong: 'must not be empty' }
      const read = list.map((one) => readMembers(type, one))
      const bad = read.findIndex((one) => 'wrong' in one)
      if (bad >= 0) return { ...(read[bad] as { wrong: string }), at: [String(bad), ...((read[bad] as { at?: string[] }).at ?? [])] }
      return { value: read.map((one) => (one as { value: unknown }).value) }
    }
    default:
      return readMembers(type, value)
  }
}

/** The type that a draft's text means. */
export function guessType(value: unknown): TokenType | undefined {
  if (typeof value === 'number') return 'number'
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return 'fontFamily'
  if (isRecord(value)) {
    if ('colorSpace' in value) return 'color'
    if ('unit' in value) return value.unit === 'ms' || value.unit === 's' ? 'duration' : 'dimension'
    return undefined
  }
  if (typeof value !== 'string') return undefined
  if (legacyColor(value)) return 'color'
  if (measured('px|rem').test(value)) return 'dimension'
  if (measured('ms|s').test(value)) return 'duration'
  if (value.startsWith('cubic-bezier(')) return 'cubicBezier'
  return new RegExp(`^${number}$`).test(value) ? 'number' : undefined
}

/** A text `{path}`, or `{ $ref: "#/path/$value" }`; empty when the pointer leads elsewhere than to a token. */
function aliasOf(value: unknown): string | undefined {
  const target = aliasTarget(value)
  if (target !== undefined) return target
  if (!isRecord(value) || typeof value.$ref !== 'string' || Object.keys(value).length !== 1) return undefined
  const segments = value.$ref.replace(/^#\//, '').split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (segments.at(-1) === '$value') segments.pop()
  return value.$ref.startsWith('#/') && !segments.includes('$value') ? segments.join('.') : ''
}

function readColor(value: unknown): ReadValue {
  if (typeof value === 'string') {
    const color = legacyColor(value)
    return color ? { value: color } : { wrong: `is ${JSON.stringify(value)}, which is no colour` }
  }
  if (!isRecord(value)) return { wrong: 'must be a colour such as { colorSpace: srgb, components: [1, 0.42, 0.21] } or "#ff6b35"' }
  const { colorSpace, components, alpha, hex } = value
  const unknown = Object.keys(value).find((key) => !['colorSpace', 'components', 'alpha', 'hex'].includes(key))
  if (unknown) return { wrong: 'is no member of a colour; members are colorSpace, components, alpha, hex', at: [unknown] }
  if (!colorSpaces.includes(colorSpace as string)) return { wrong: `must be one of ${colorSpaces.join(', ')}`, at: ['colorSpace'] }
  if (!Array.isArray(components) || components.length !== 3 || !components.every((one) => one === 'none' || isNumber(one)))
    return { wrong: 'must be three numbers, or "none"', at: ['components'] }
  if (alpha !== undefined && !(isNumber(alpha) && alpha >= 0 && alpha <= 1)) return { wrong: 'must be from 0 to 1', at: ['alpha'] }
  if (hex !== undefined && !/^#[0-9a-f]{6}$/i.test(String(hex))) return { wrong: 'must be # and six digits', at: ['hex'] }
  return { value }
}

function readMeasure(value: unknown, units: readonly string[], expects: string): ReadValue {
  if (value === 0 || value === '0') return { value: { value: 0, unit: units[0] } }
  const text = typeof value === 'string' ? measured(units.join('|')).exec(value.trim()) : null
  if (text) return { value: { value: Number(text[1]), unit: text[2] } }
  if (isRecord(value) && Object.keys(value).length === 2 && isNumber(value.value) && units.includes(value.unit as string)) return { value }
  const shown = typeof value === 'string' ? `is ${JSON.stringify(value)}; it ` : ''
  return { wrong: `${shown}must be ${expects}, in ${units.join(' or ')}` }
}

function readStroke(value: unknown): ReadValue {
  if (typeof value === 'string') return strokes.includes(value) ? { value } : { wrong: `must be one of ${strokes.join(', ')}` }
  if (!isRecord(value) || !Array.isArray(value.dashArray) || !['round', 'butt', 'square'].includes(value.lineCap as string))
    return { wrong: `must be one of ${strokes.join(', ')}, or { dashArray, lineCap }` }
  const dashes = value.dashArray.map((dash) => readValue('dimension', dash))
  const bad = dashes.findIndex((dash) => 'wrong' in dash)
  if (bad >= 0) return { ...(dashes[bad] as { wrong: string }), at: ['dashArray', String(bad)] }
  return { value: { dashArray: dashes.map((dash) => (dash as { value: unknown }).value), lineCap: value.lineCap } }
}

function readMembers(type: TokenType, value: unknown): ReadValue {
  const { members, optional = [] } = composites[type]!
  const names = Object.keys(members)
  const asAlias = aliasOf(value)
  if (asAlias) return { value: `{${asAlias}}` }
  if (!isRecord(value)) return { wrong: `must be a group with ${names.join(', ')}` }
  const unknown = Object.keys(value).find((key) => !names.includes(key))
  if (unknown) return { wrong: `is no member of ${type}; members are ${names.join(', ')}`, at: [unknown] }
  const result: Record<string, unknown> = {}
  for (const [name, memberType] of Object.entries(members)) {
    if (value[name] === undefined) {
      if (!optional.includes(name)) return { wrong: `must have ${name}` }
      continue
    }
    const read: ReadValue =
      memberType !== 'boolean'
        ? readValue(memberType, value[name])
        : typeof value[name] === 'boolean' ? { value: value[name] } : { wrong: 'must be true or false' }
    if ('wrong' in read) return { ...read, at: [name, ...(read.at ?? [])] }
    result[name] = read.value
  }
  return { value: result }
}

/** Words of a CSS value; what stands in parentheses is one word. */
const words = (text: string): string[] => text.match(/[^\s()]+\([^()]*\)|[^\s]+/g) ?? []

function legacyBorder(text: string): unknown {
  const [width, style, ...color] = words(text)
  return { width, style, color: color.join(' ') }
}

/** CSS `box-shadow`: lengths, a colour, `inset`, in the order of CSS; several are separated by commas. */
function legacyShadows(text: string): unknown {
  const shadows = (text.match(/(?:[^,()]|\([^()]*\))+/g) ?? []).map((one) => {
    const parts = words(one)
    const lengths = parts.filter((part) => part === '0' || measured('px|rem').test(part))
    const color = parts.find((part) => part !== 'inset' && !lengths.includes(part))
    const [offsetX, offsetY, blur = '0', spread = '0'] = lengths
    return { color, offsetX, offsetY, blur, spread, ...(parts.includes('inset') && { inset: true }) }
  })
  return shadows.length === 1 ? shadows[0] : shadows
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
