import { didYouMean } from '../near.ts'
import { guessType, isRecord, readValue } from './token-value.ts'
import {
  aliasTarget, circleProblem, modesExtension, tokenTypes,
  type Token, type TokenGroup, type TokenProblem, type TokenSet, type TokenType,
} from './token-types.ts'

const groupMembers = ['$type', '$description', '$deprecated', '$extensions', '$extends', '$root']
const tokenMembers = ['$value', '$type', '$description', '$deprecated', '$extensions', '$ref']
const legacyMembers = ['value', 'type', 'comment', 'description', 'deprecated', 'extensions']

/** What a bare text means where its spelling does not tell, by the group of the library. */
const typeOfGroup: Readonly<Record<string, TokenType>> = { typography: 'fontFamily', shadows: 'shadow', borders: 'border' }

/** Where the document of a mode begins in a problem's path. */
export const inMode = (mode: string) => ['modes', mode]

/**
 * Read a tree of tokens: DTCG 2025.10, its drafts with texts for values, Style Dictionary's `value`, or bare texts.
 * @param input.group - of the library; decides what a bare text means where its spelling does not
 * @param input.modes - trees that hold other values for some of the tokens
 */
export function readTokens(
  tree: unknown,
  input: { group: string; modes?: Readonly<Record<string, unknown>> },
): { set: TokenSet; problems: TokenProblem[] } {
  const problems: TokenProblem[] = []
  const drafts: Draft[] = []
  const groups: TokenGroup[] = []
  const modeNames = new Set(Object.keys(input.modes ?? {}))
  const add = (path: string[], message: string, hint?: string) => void problems.push({ path, message, ...(hint && { hint }) })

  const collect = (node: unknown, path: string[], inherited: string | undefined, into: Draft[], onGroup?: (group: TokenGroup) => void) => {
    if (!isRecord(node)) return add(path, 'must be a group of tokens')
    const own = expanded(node, path, tree, add)
    checkMembers(own, groupMembers, path, add)
    const type = typeof own.$type === 'string' ? own.$type : inherited
    if (path.length > 0) onGroup?.({ segments: path, ...described(own) })
    for (const [name, child] of Object.entries(own)) {
      if (name.startsWith('$') && name !== '$root') continue
      const here = [...path, name]
      if (/[{}.]/.test(name)) add(here, 'must not have ".", "{" or "}" in its name')
      else if (isToken(child)) into.push(draftOf(child, here, type, add))
      else collect(child, here, type, into, onGroup)
    }
  }
  collect(tree, [], undefined, drafts, (group) => groups.push(group))

  const byPath = new Map(drafts.map((draft) => [draft.segments.join('.'), draft]))
  const tokens = new Map<string, Token>()
  const typed = new Map<string, TokenType | undefined>()
  const circles = new Set<string>()
  for (const draft of drafts) {
    const path = draft.segments.join('.')
    const type = typeOf(draft, byPath, input.group, typed)
    if (!type) {
      const circle = circleFrom(path, byPath)
      if (circle) {
        const name = [...circle].sort().join()
        if (!circles.has(name)) problems.push(circleProblem(byPath.get(circle[0]!)!.segments, circle))
        circles.add(name)
      } else if (aliasTarget(draft.value) === undefined || byPath.has(aliasTarget(draft.value)!))
        add(draft.segments, 'has no $type, and its value does not tell', `Give it a $type: ${tokenTypes.join(', ')}.`)
      else unknownAlias(draft.segments, aliasTarget(draft.value)!, byPath, add)
      continue
    }
    const read = readValue(type, draft.value)
    if ('wrong' in read) {
      add([...draft.segments, ...draft.valueAt, ...(read.at ?? [])], read.wrong)
      continue
    }
    const { extensions, ...rest } = draft.facts
    const { [modesExtension]: ownModes, ...otherExtensions } = extensions ?? {}
    const modes: Record<string, unknown> = {}
    for (const [mode, value] of Object.entries(isRecord(ownModes) ? ownModes : {})) {
      modeNames.add(mode)
      const inMode = readValue(type, value)
      if ('wrong' in inMode) add([...draft.segments, '$extensions', modesExtension, mode, ...(inMode.at ?? [])], inMode.wrong)
      else modes[mode] = inMode.value
    }
    tokens.set(path, {
      path, segments: draft.segments, type, value: read.value, modes, ...rest,
      ...(Object.keys(otherExtensions).length > 0 && { extensions: otherExtensions }),
    })
  }

  for (const [mode, modeTree] of Object.entries(input.modes ?? {})) {
    const overrides: Draft[] = []
    const before = problems.length
    collect(modeTree, [], undefined, overrides)
    for (const problem of problems.slice(before)) problem.path = [...inMode(mode), ...problem.path]
    for (const { segments, value, valueAt } of overrides) {
      const token = tokens.get(segments.join('.'))
      if (!token) {
        if (!byPath.has(segments.join('.'))) add([...inMode(mode), ...segments], 'is no token of the document; a mode changes values only', didYouMean(segments.join('.'), byPath.keys()))
        continue
      }
      const read = readValue(token.type, value)
      if ('wrong' in read) add([...inMode(mode), ...segments, ...valueAt, ...(read.at ?? [])], read.wrong)
      else (token.modes as Record<string, unknown>)[mode] = read.value
    }
  }
  return { set: { tokens, groups, modes: [...modeNames] }, problems }
}

type Add = (path: string[], message: string, hint?: string) => void

interface Draft {
  segments: string[]
  value: unknown
  /** Where the value stands in the token: `$value`, `value`, or the token itself. */
  valueAt: string[]
  type: string | undefined
  facts: Pick<Token, 'description' | 'deprecated' | 'extensions'>
}

function isToken(node: unknown): boolean {
  if (!isRecord(node)) return true
  if ('$value' in node || '$ref' in node) return true
  return 'value' in node && !isRecord(node.value) && Object.keys(node).every((key) => legacyMembers.includes(key))
}

function draftOf(node: unknown, segments: string[], inherited: string | undefined, add: Add): Draft {
  if (!isRecord(node)) return { segments, value: node, valueAt: [], type: inherited, facts: {} }
  if (!('$value' in node) && !('$ref' in node)) {
    const { value, type, comment, description = comment, deprecated, extensions } = node
    return {
      segments, value, valueAt: ['value'], type: typeof type === 'string' ? type : inherited,
      facts: described({ $description: description, $deprecated: deprecated, $extensions: extensions }),
    }
  }
  checkMembers(node, tokenMembers, segments, add)
  for (const name of Object.keys(node))
    if (!name.startsWith('$')) add([...segments, name], 'stands in a token; a token holds no others')
  const type = typeof node.$type === 'string' ? node.$type : inherited
  const isPointer = !('$value' in node)
  return { segments, value: isPointer ? { $ref: node.$ref } : node.$value, valueAt: [isPointer ? '$ref' : '$value'], type, facts: described(node) }
}

function described(node: Readonly<Record<string, unknown>>): Draft['facts'] {
  const { $description, $deprecated, $extensions } = node
  return {
    ...(typeof $description === 'string' && { description: $description }),
    ...((typeof $deprecated === 'boolean' || typeof $deprecated === 'string') && { deprecated: $deprecated }),
    ...(isRecord($extensions) && { extensions: $extensions }),
  }
}

function checkMembers(node: Readonly<Record<string, unknown>>, allowed: readonly string[], path: string[], add: Add): void {
  for (const [name, value] of Object.entries(node)) {
    if (!name.startsWith('$')) continue
    const here = [...path, name]
    if (!allowed.includes(name)) add(here, `is not known here; known are ${allowed.join(', ')}`, didYouMean(name, allowed))
    else if (name === '$type' && !tokenTypes.includes(value as TokenType))
      add(here, `must be one of ${tokenTypes.join(', ')}`, didYouMean(String(value), tokenTypes))
    else if (name === '$description' && typeof value !== 'string') add(here, 'must be a text')
    else if (name === '$deprecated' && typeof value !== 'boolean' && typeof value !== 'string') add(here, 'must be true, false or a text')
    else if (name === '$extensions' && !isRecord(value)) add(here, 'must be a group of values by vendor')
  }
}

/** A group with what it extends; its own members come first. */
function expanded(
  node: Record<string, unknown>,
  path: string[],
  root: unknown,
  add: Add,
  seen: readonly string[] = [],
): Record<string, unknown> {
  if (node.$extends === undefined) return node
  const target = aliasTarget(node.$extends) ?? /^#\/(.+)$/.exec(String(node.$extends))?.[1]?.replaceAll('/', '.')
  const found = target?.split('.').reduce<unknown>((at, name) => (isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined), root)
  if (target === undefined || !isRecord(found) || isToken(found)) {
    add([...path, '$extends'], `must name a group of the document, as in "{group.name}"`)
    return node
  }
  const here = path.join('.')
  if (seen.includes(target) || target === here || here.startsWith(`${target}.`)) {
    add([...path, '$extends'], `extends itself: ${[...seen, here, target].join(' → ')}`)
    return node
  }
  const base = expanded(found, target.split('.'), root, add, [...seen, here])
  return merged(base, node)
}

function merged(base: Record<string, unknown>, own: Record<string, unknown>): Record<string, unknown> {
  const { $extends: _base, ...result } = base
  for (const [name, value] of Object.entries(own)) {
    if (name === '$extends') continue
    const other = result[name]
    result[name] = isRecord(other) && isRecord(value) && !isToken(other) && !isToken(value) ? merged(other, value) : value
  }
  return result
}

/** Its own type, that of its groups, that of the token it stands for, or what its spelling means. */
function typeOf(
  draft: Draft,
  byPath: ReadonlyMap<string, Draft>,
  group: string,
  known: Map<string, TokenType | undefined>,
): TokenType | undefined {
  if (draft.type !== undefined) return tokenTypes.includes(draft.type as TokenType) ? (draft.type as TokenType) : undefined
  const path = draft.segments.join('.')
  if (known.has(path)) return known.get(path)
  known.set(path, undefined)
  const pointer = isRecord(draft.value) && typeof draft.value.$ref === 'string' ? draft.value.$ref.slice(2).replace(/\/\$value$/, '').replaceAll('/', '.') : undefined
  const target = aliasTarget(draft.value) ?? pointer
  const other = target === undefined ? undefined : byPath.get(target)
  const type = other
    ? typeOf(other, byPath, group, known)
    : target !== undefined ? undefined : (guessType(draft.value) ?? (typeof draft.value === 'string' ? typeOfGroup[group] : undefined))
  known.set(path, type)
  return type
}

/** The circle that the aliases of a token without a type lead into; undefined when they end. */
function circleFrom(path: string, byPath: ReadonlyMap<string, Draft>): string[] | undefined {
  const way: string[] = []
  for (let at: string | undefined = path; at !== undefined; at = aliasTarget(byPath.get(at)?.value)) {
    if (way.includes(at)) return way.slice(way.indexOf(at))
    way.push(at)
  }
  return undefined
}

function unknownAlias(path: string[], target: string, known: ReadonlyMap<string, unknown>, add: Add): void {
  add(path, `stands for {${target}}, which is no token of the document`, didYouMean(target, known.keys()))
}
