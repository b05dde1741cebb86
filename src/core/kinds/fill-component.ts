import { codeText } from '../code-text.ts'
import { defineError } from '../errors.ts'
import { didYouMean } from '../near.ts'
import type { Framework } from './code-files.ts'

/* A copy of a component that belongs to a site: its slots hold content, its props have other defaults. */

const wishRefused = defineError('USE_REFUSED', {
  summary: 'use was given a slot, a prop or a value that the asset does not have.',
  message: (d: { id: string; problems: readonly string[]; hint?: string | undefined }) => `${d.id}: ${d.problems.join('; ')}.`,
  hint: (d) => d.hint ?? `assetloom info ${d.id} lists its slots and props.`,
  exit: 2,
})

/** A prop as an item declares it. */
export interface Prop {
  name: string
  /** TypeScript type. */
  type: string
  required?: boolean | undefined
  default?: unknown
  description?: string | undefined
}

/** A place for markup; the one called `default` has no name in the code. */
export interface Slot {
  name: string
  description?: string | undefined
}

export interface ComponentCode {
  id: string
  framework: Framework
  code: string
  props: readonly Prop[]
  slots: readonly string[]
}

export interface ComponentValues {
  /** Markup by slot; `default` is the one without a name. */
  slots: Readonly<Record<string, string>>
  /** Texts by prop, read as its type says. */
  props: Readonly<Record<string, string>>
}

/**
 * @param mustBeWhole - nobody will pass props to the copy: those it needs must be given
 * @throws USE_REFUSED
 */
export function fillComponent(component: ComponentCode, { slots, props }: ComponentValues, mustBeWhole: boolean): string {
  const { id, framework } = component
  const problems: string[] = []
  const names = component.props.map(({ name }) => name)
  for (const [kind, given, known] of [['slot', slots, component.slots], ['prop', props, names]] as const)
    for (const name of Object.keys(given))
      if (!known.includes(name)) {
        const hint = didYouMean(name, known)
        problems.push(`it has no ${kind} ${name}${hint ? ` (${hint})` : ''}; ${known.length > 0 ? `it has ${known.join(', ')}` : `it has no ${kind}s`}`)
      }
  const missing = component.props.filter(({ name, required, default: standard }) => required && standard === undefined && !Object.hasOwn(props, name))
  if (mustBeWhole && missing.length > 0)
    problems.push(`a page is given no props, so it needs ${missing.map(({ name }) => `--prop ${name}=…`).join(' ')}`)
  if (problems.length > 0) throw wishRefused({ id, problems })

  let { code } = component
  for (const [name, content] of Object.entries(slots)) {
    const filled = fillSlot(code, framework, name, content)
    if (filled === undefined) throw wishRefused({ id, problems: [`its code has no place for the slot ${name}`], hint: 'Use it without the slot and edit the copy.' })
    code = filled
  }
  for (const [name, text] of Object.entries(props)) {
    const value = propValue(component.props.find((prop) => prop.name === name)!, text)
    if ('problem' in value) throw wishRefused({ id, problems: [value.problem] })
    const filled = setDefault(code, framework, name, value.code)
    if (filled === undefined) throw wishRefused({ id, problems: [`its code does not take the prop ${name} in a way that can be filled`], hint: 'Use it without the prop and pass it where the component stands.' })
    code = filled
  }
  return code
}

/** A text as a value of a TypeScript type, written as JavaScript. */
function propValue({ name, type }: Prop, text: string): { code: string } | { problem: string } {
  const wrong = (what: string) => ({ problem: `the prop ${name} must be ${what}, and is ${JSON.stringify(text)}` })
  const written = (value: unknown) => ({ code: codeText(value).replaceAll('---', '\\u002d--') })
  if (type === 'string') return written(text)
  const literals = type.split('|').map((one) => one.trim())
  if (literals.every((one) => /^(?:'[^']*'|"[^"]*"|-?\d+(?:\.\d+)?|true|false)$/.test(one))) {
    const values = literals.map((one) => (/^['"]/.test(one) ? one.slice(1, -1) : (JSON.parse(one) as unknown)))
    const value = values.find((one) => String(one) === text)
    return value === undefined ? wrong(`one of ${values.join(', ')}`) : written(value)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return wrong(type === 'number' || type === 'boolean' ? `a ${type}` : `JSON of the type ${type}`)
  }
  if ((type === 'number' || type === 'boolean') && typeof value !== type) return wrong(`a ${type}`)
  return written(value)
}

/** `<slot name="…">fallback</slot>` and its shorter spellings. */
const slotElement = /<slot\b((?:\s+[\w:-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|\{[^}]*\}))?)*)\s*(?:\/>|>([^]*?)<\/slot\s*>)/g

function fillSlot(code: string, framework: Framework, name: string, content: string): string | undefined {
  const variable = name === 'default' ? 'children' : name
  const escaped = variable.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  let isFound = false
  const fill = () => {
    isFound = true
    return content
  }
  const inBraces = (text: string) => new RegExp(`\\{\\s*${text}\\s*\\}`, 'g')
  const ofElements = () =>
    code.replace(slotElement, (whole, attributes: string) => {
      const own = /\sname\s*=\s*["']([^"']*)["']/.exec(attributes)?.[1] ?? 'default'
      return own === name ? fill() : whole
    })
  const filled =
    framework === 'react'
      ? code.replace(inBraces(`(?:props\\.)?${escaped}`), (whole, at: number) => (isMarkup(code, at) ? fill() : whole))
      : framework === 'svelte'
        ? ofElements().replace(inBraces(`@render\\s+${escaped}\\s*(?:\\?\\.)?\\(\\s*\\)`), fill)
        : ofElements()
  return isFound ? filled : undefined
}

/** Whether braces at a place stand among elements, and not in code. */
function isMarkup(code: string, at: number): boolean {
  return /[>}]\s*$/.test(code.slice(0, at))
}

/** Give a prop another default, and make it one that need not be passed. */
function setDefault(code: string, framework: Framework, name: string, value: string): string | undefined {
  const taken = takenApart(code, framework)
  if (taken) {
    const members = splitMembers(code.slice(taken.start + 1, taken.end))
    const index = members.findIndex((one) => memberKey(one) === name)
    if (index < 0) return undefined
    const [, space, binding] = /^(\s*)((?:[^=]|=>)*?)\s*(?:=(?!>)[^]*)?$/.exec(members[index]!)!
    members[index] = `${space}${binding} = ${value}${/\s*$/.exec(members[index]!)![0]}`
    const replaced = `${code.slice(0, taken.start + 1)}${members.join(',')}${code.slice(taken.end)}`
    return withOptional(replaced, name)
  }
  if (framework !== 'vue') return undefined
  const defined = /defineProps\s*<[^]*?>\s*\(\s*\)/.exec(code)
  if (!defined) return undefined
  const isObject = /^[[{]/.test(value)
  const standard = `${name}: ${isObject ? `() => (${value})` : value}`
  const before = code.slice(0, defined.index)
  const after = code.slice(defined.index + defined[0].length)
  if (!/withDefaults\(\s*$/.test(before)) return withOptional(`${before}withDefaults(${defined[0]}, { ${standard} })${after}`, name)
  const start = after.indexOf('{')
  const end = start < 0 ? undefined : closing(after, start)
  if (end === undefined) return undefined
  const others = splitMembers(after.slice(start + 1, end)).filter((one) => one.trim() !== '' && memberKey(one) !== name)
  return withOptional(`${before}${defined[0]}${after.slice(0, start)}{ ${[...others.map((one) => one.trim()), standard].join(', ')} }${after.slice(end + 1)}`, name)
}

/** Where the props of a component are taken apart: the places of the two braces. */
function takenApart(code: string, framework: Framework): { start: number; end: number } | undefined {
  const opening = framework === 'react' ? /export\s+default\s+(?:async\s+)?function\s*\w*\s*\(\s*\{/g : /\b(?:const|let|var)\s*\{/g
  const source = { astro: /^Astro\.props\b/, svelte: /^\$props\s*\(/, vue: /^(?:withDefaults\s*\(\s*)?defineProps\b/, react: /^/ }[framework]
  for (const match of code.matchAll(opening)) {
    const start = match.index + match[0].length - 1
    const end = closing(code, start)
    if (end === undefined) continue
    if (framework === 'react') return { start, end }
    const assigned = afterType(code, end + 1)
    if (assigned !== undefined && source.test(code.slice(assigned))) return { start, end }
  }
  return undefined
}

/** What follows `=` after a pattern and, maybe, its type. */
function afterType(code: string, from: number): number | undefined {
  let depth = 0
  for (let at = from; at < code.length; at++) {
    const sign = code[at]!
    if ('{(['.includes(sign)) depth++
    else if ('})]'.includes(sign)) depth--
    else if (sign === '=' && depth === 0) return at + 1 + /^\s*/.exec(code.slice(at + 1))![0].length
    if (depth < 0 || (sign === '\n' && depth === 0 && code.slice(from, at).trim() === '')) return undefined
  }
  return undefined
}

/** The brace that closes the one at a place; texts between are passed over. */
function closing(code: string, start: number): number | undefined {
  let depth = 0
  let quote = ''
  for (let at = start; at < code.length; at++) {
    const sign = code[at]!
    if (quote) {
      if (sign === '\\') at++
      else if (sign === quote) quote = ''
    } else if ('"\'`'.includes(sign)) quote = sign
    else if ('{(['.includes(sign)) depth++
    else if ('})]'.includes(sign) && --depth === 0) return at
  }
  return undefined
}

/** Members between braces, split at the commas that stand between them. */
function splitMembers(text: string): string[] {
  const members = ['']
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!
    const end = '{(['.includes(sign) ? closing(text, at) : '"\'`'.includes(sign) ? text.indexOf(sign, at + 1) : at
    const until = end === undefined || end < at ? at : end
    if (sign === ',') members.push('')
    else members[members.length - 1] += text.slice(at, until + 1)
    at = until
  }
  return members
}

const memberKey = (member: string) => /^\s*(?:\.\.\.)?["']?([\w$-]+)/.exec(member)?.[1]

/** In the type of the props, a prop with a default may be left out. */
function withOptional(code: string, name: string): string {
  const declared = /\binterface\s+Props\b[^{]*\{|\btype\s+Props\s*=\s*\{|defineProps\s*<\s*\{|\}\s*:\s*\{/.exec(code)
  if (!declared) return code
  const start = declared.index + declared[0].length - 1
  const end = closing(code, start)
  if (end === undefined) return code
  const body = code.slice(start, end).replace(new RegExp(`(^|[{;,\\n])(\\s*(?:readonly\\s+)?)${name.replace(/\W/g, '\\$&')}\\s*:`), `$1$2${name}?:`)
  return code.slice(0, start) + body + code.slice(end)
}
