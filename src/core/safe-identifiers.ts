import { byCodeUnit } from './code-text.ts'

/** Words that cannot be names in code, and names that every object has. */
const reserved = new Set(
  (
    'abstract any arguments as async await boolean break case catch class const continue debugger default delete do else enum eval ' +
    'export extends false finally for from function get if implements import in instanceof interface let new null number object of ' +
    'package private protected public return set static string super switch symbol this throw true try type typeof undefined unknown ' +
    'var void while with yield constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf ' +
    '__proto__ __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ prototype'
  ).split(' '),
)

/** Text with everything that cannot stand in an identifier replaced by `_`. */
export function toIdentifier(text: string): string {
  const word = text.replace(/[^\p{ID_Continue}$]/gu, '_').replace(/^(?=[^\p{ID_Start}$_]|$)/u, '_')
  return reserved.has(word) ? `${word}_` : word
}

/**
 * An identifier for each name; no two the same and none that is taken. A name that is an identifier as it stands keeps
 * itself; among the others the first in order does, and the next get `_2`, `_3`, ….
 */
export function safeIdentifiers(names: Iterable<string>, taken: Iterable<string> = []): Map<string, string> {
  const used = new Set(taken)
  const result = new Map<string, string>()
  const isExact = (name: string) => toIdentifier(name) === name
  const ordered = [...new Set(names)].sort((a, b) => Number(isExact(b)) - Number(isExact(a)) || byCodeUnit(a, b))
  for (const name of ordered) {
    const wanted = toIdentifier(name)
    let free = wanted
    for (let n = 2; used.has(free); n++) free = `${wanted}_${n}`
    used.add(free)
    result.set(name, free)
  }
  return result
}
