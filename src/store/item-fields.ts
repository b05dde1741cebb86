import { isMap, isSeq, parseDocument, type Document } from 'yaml'
import { isSettings, type Settings } from '../core/settings.ts'

/**
 * An item's own file with other values in some of its fields; comments stay.
 * @param changes - values by field; groups reach into groups and lists
 */
export function withFields(own: Uint8Array, changes: Settings): Uint8Array {
  const document = parseDocument(new TextDecoder().decode(own))
  put(document, changes, [])
  return new TextEncoder().encode(document.toString({ lineWidth: 0 }))
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
