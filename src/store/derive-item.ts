import { isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml'
import { titleOf } from '../core/kinds/item-id.ts'
import type { Item } from '../core/kinds/kind.ts'
import { isSettings, type Settings } from '../core/settings.ts'

export interface DerivedItem {
  bytes: Uint8Array
  /** Content files by name. */
  contents: Map<string, Uint8Array>
}

/**
 * An item's file and content files under another name, with changes. Comments stay; content files are named after the
 * new item, and so are the places that name them.
 * @param own - bytes of the item's own file
 * @param wish.changes - values by field; groups reach into groups and lists
 * @param wish.dependency - ref and range to record
 */
export async function deriveItem(
  own: Uint8Array,
  wish: { from: Item; name: string; changes: Settings; dependency?: readonly [ref: string, range: string] },
): Promise<DerivedItem> {
  const { from, name } = wish
  const renamed = new Map(from.files.map((file) => [file.name, newName(file.name, from.name, name)]))
  const document = parseDocument(new TextDecoder().decode(own))
  renameScalars(document, renamed)
  document.delete('id')
  document.setIn(['name'], titleOf(name))
  document.setIn(['version'], quoted(document, '1.0.0'))
  if (wish.dependency) document.setIn(['dependencies', wish.dependency[0]], quoted(document, wish.dependency[1]))
  put(document, wish.changes, [])
  const contents = from.files.map((file): [string, Uint8Array] => [renamed.get(file.name)!, withNewNames(file.bytes, renamed)])
  return { bytes: new TextEncoder().encode(document.toString({ lineWidth: 0 })), contents: new Map(contents) }
}

function newName(file: string, before: string, after: string): string {
  const [first, ...rest] = file.split('/') as [string, ...string[]]
  return [first.startsWith(before) ? after + first.slice(before.length) : `${after}-${first}`, ...rest].join('/')
}

function quoted(document: Document, text: string) {
  const node = document.createNode(text)
  if (isScalar(node)) node.type = 'QUOTE_DOUBLE'
  return node
}

/** Wherever the item names one of its files. */
function renameScalars(document: Document, renamed: ReadonlyMap<string, string>): void {
  const visit = (node: unknown): void => {
    if (isScalar(node)) {
      const next = typeof node.value === 'string' ? renamed.get(node.value) : undefined
      if (next !== undefined) node.value = next
    } else if (isMap(node)) node.items.forEach(({ value }) => visit(value))
    else if (isSeq(node)) node.items.forEach(visit)
  }
  visit(document.contents)
}

function put(document: Document, changes: Settings, path: readonly (string | number)[]): void {
  for (const [name, value] of Object.entries(changes)) {
    const at = [...path, isSeq(document.getIn(path)) && /^\d+$/.test(name) ? Number(name) : name]
    const there = document.getIn(at)
    if (isSettings(value) && (isMap(there) || isSeq(there))) put(document, value, at)
    // A plain value goes into the place of the old one, whose comment stays.
    else document.setIn(at, typeof value === 'object' ? document.createNode(value) : value)
  }
}

/** Imports between the files follow their names; what is no text stays as it is. */
function withNewNames(bytes: Uint8Array, renamed: ReadonlyMap<string, string>): Uint8Array {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return bytes
  }
  const baseOf = (file: string) => file.slice(file.lastIndexOf('/') + 1)
  for (const [before, after] of renamed)
    if (baseOf(before) !== baseOf(after)) text = text.replaceAll(`./${baseOf(before)}`, `./${baseOf(after)}`)
  return new TextEncoder().encode(text)
}
