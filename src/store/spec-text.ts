import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml'
import type { AssetloomError, ErrorContext } from '../core/errors.ts'
import { specInvalid, type DocumentError } from '../core/spec-invalid.ts'

/** The error of a sort of document. */
export type DocumentRefusal = (data: DocumentError, context?: ErrorContext) => AssetloomError

/** Deepest nesting of a spec. */
const maxDepth = 24

/** Names that would reach an object's own machinery. */
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/** One document of a spec file: its value, and where each field stands. */
export interface SpecText {
  value: unknown
  /** 1-based place of a field, or of the nearest thing around it that exists. */
  placeOf(path: readonly PropertyKey[]): { line: number; column: number }
  /** How a scalar is spelled in the file. */
  sourceOf(path: readonly PropertyKey[]): string | undefined
}

/**
 * Read the documents of a spec file: YAML 1.2 core without aliases, tags or duplicate keys; JSON is part of it.
 * A top-level list is several documents.
 * @param file - for messages, relative to the project
 * @param invalid - makes the error that is thrown; other sorts of documents have one of their own
 * @throws SPEC_INVALID
 */
export function parseSpecText(text: string, file: string, invalid: DocumentRefusal = specInvalid): SpecText[] {
  const lines = new LineCounter()
  const refuse = (problem: string, offset: number | undefined, field = '', hint?: string): never => {
    const at = offset === undefined ? undefined : lines.linePos(offset)
    throw invalid(
      { file, ...(at && { line: at.line, column: at.col }), field, problem, ...(hint && { hint }) },
      { location: { file, ...(at && { line: at.line, column: at.col }) } },
    )
  }
  if (text.includes('\0')) refuse('holds a NUL character', undefined)

  let documents: Document.Parsed[]
  try {
    documents = parseAllDocuments(text, {
      version: '1.2',
      schema: 'core',
      uniqueKeys: true,
      strict: true,
      prettyErrors: false,
      lineCounter: lines,
      logLevel: 'silent',
    }) as Document.Parsed[]
  } catch (error) {
    // Thousands of open brackets run the parser out of stack.
    return refuse(
      error instanceof RangeError
        ? `is nested deeper than ${maxDepth} levels`
        : `cannot be parsed: ${(error as Error).message}`,
      undefined,
    )
  }
  const found: SpecText[] = []
  for (const document of documents) {
    const fault: YAMLError | undefined = document.errors[0] ?? document.warnings[0]
    if (fault) refuse(wordsOf(fault), fault.pos[0])
    const { contents } = document
    if (contents === null || (isScalar(contents) && contents.value === null)) continue
    const value = valueOf(contents as Node, [], refuse)
    const items =
      isSeq(contents) && Array.isArray(value)
        ? value.map((one, i) => ({ one, node: contents.items[i] as Node }))
        : [{ one: value, node: contents as Node }]
    for (const { one, node } of items) {
      found.push({
        value: one,
        placeOf(path) {
          const { line, col } = lines.linePos(offsetOf(node, path))
          return { line, column: col }
        },
        sourceOf: (path) => sourceOf(node, path),
      })
    }
  }
  return found
}

function wordsOf(fault: YAMLError): string {
  if (fault.code === 'DUPLICATE_KEY') return 'a field stands twice in one group'
  const [first] = fault.message.split('\n')
  if (first === 'Maximum call stack size exceeded') return `is nested deeper than ${maxDepth} levels`
  return `is no YAML here: ${first!.replace(/\.$/, '').replace(/ at line \d+, column \d+:?$/, '')}`
}

type Refuse = (problem: string, offset: number | undefined, field?: string, hint?: string) => never

/** What a node stands for, with everything refused that a spec has no use for. */
function valueOf(node: Node | null, path: readonly PropertyKey[], refuse: Refuse): unknown {
  const field = path.map(String).join('.')
  const offset = node?.range?.[0]
  if (path.length > maxDepth) refuse(`is nested deeper than ${maxDepth} levels`, offset, field)
  if (node === null) return null
  if (isAlias(node))
    return refuse('is an alias (*name); aliases are not allowed here', offset, field, 'Write the value out.')
  if (isCollection(node) || isScalar(node)) {
    if (node.anchor)
      refuse(
        'has an anchor (&name); anchors are not allowed here',
        offset,
        field,
        'Take it out and write values out.',
      )
    if (node.tag && !/^tag:yaml\.org,2002:(?:map|seq|str|int|float|bool|null)$/.test(node.tag))
      refuse(`has the tag ${node.tag}, which is not allowed here`, offset, field)
  }
  if (isMap(node)) {
    const result: Record<string, unknown> = {}
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? pair.key.value : pair.key
      const keyOffset = (pair.key as Node | null)?.range?.[0]
      if (typeof key !== 'string' && typeof key !== 'number')
        return refuse(
          'has a key that is no text',
          keyOffset ?? offset,
          field,
          'A text with {{name}} in it must be in quotes: "{{name}}".',
        )
      if (forbiddenKeys.has(String(key))) refuse(`has a field called ${key}, which is not allowed`, keyOffset, field)
      result[String(key)] = valueOf(pair.value as Node | null, [...path, String(key)], refuse)
    }
    return result
  }
  if (isSeq(node))
    return node.items.map((item, i) =>
      isPair(item) ? refuse('is no list item', offset, field) : valueOf(item as Node, [...path, i], refuse),
    )
  if (isScalar(node)) {
    const { value } = node
    if (typeof value === 'number' && !Number.isFinite(value))
      refuse(`is ${String(value)}, which is no number`, offset, field)
    if (typeof value === 'bigint') refuse('is too large a number', offset, field)
    return value
  }
  return refuse('is nothing that may stand here', offset, field)
}

/** Where a field starts: at its name; a missing one where the group around it starts. */
function offsetOf(root: Node, path: readonly PropertyKey[]): number {
  let node: Node | null = root
  let offset = root.range?.[0] ?? 0
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((one) => isScalar(one.key) && String(one.key.value) === String(part))
      if (!pair) break
      offset = (pair.key as Node).range?.[0] ?? offset
      node = pair.value as Node | null
    } else if (isSeq(node)) {
      const item = node.items[Number(part)] as Node | undefined
      if (!item) break
      offset = item.range?.[0] ?? offset
      node = item
    } else break
  }
  return offset
}

function sourceOf(root: Node, path: readonly PropertyKey[]): string | undefined {
  let node: Node | null | undefined = root
  for (const part of path) {
    if (isMap(node))
      node = node.items.find((one) => isScalar(one.key) && String(one.key.value) === String(part))?.value as
        Node | undefined
    else if (isSeq(node)) node = node.items[Number(part)] as Node | undefined
    else return undefined
  }
  return isScalar(node) ? node.source : undefined
}
