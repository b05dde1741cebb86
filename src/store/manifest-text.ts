import { readFileSync } from 'node:fs'
import { defineError, type ErrorLocation } from '../core/errors.ts'
import { entriesProblem, manifestMembers, manifestSchema, manifestVersion, type Manifest } from '../core/manifest.ts'
import { didYouMean } from '../core/near.ts'
import { isLfsPointer } from '../core/lfs-pointer.ts'

const manifestDamaged = defineError('MANIFEST_DAMAGED', {
  summary: 'The manifest cannot be read; it is left as it is.',
  message: (d: { file: string; why: string; line?: number | undefined; mend?: string }) =>
    `${d.file}${d.line ? `:${d.line}` : ''}: ${d.why}. Nothing was written over it.`,
  hint: (d) => d.mend ?? 'Mend the line, or take the last good file back: git checkout -- assets/manifest.json',
})

const manifestNewer = defineError('MANIFEST_NEWER', {
  summary: 'The manifest was written by a newer Assetloom.',
  message: (d: { file: string; version: unknown }) =>
    `${d.file} has version ${String(d.version)}; this Assetloom reads version ${manifestVersion}. Nothing was written over it.`,
  hint: () => 'Update the package: npm install assetloom@latest',
})

export const manifestUnreadable = defineError('MANIFEST_UNREADABLE', {
  summary: 'The operating system refuses to read the manifest.',
  message: (d: { file: string; why: string }) => `${d.file} cannot be read: ${d.why}.`,
  hint: () => 'Look after its permissions, or after what else holds many files open.',
  http: 500,
})

/**
 * The manifest's text, or undefined when there is no such file.
 * Bytes that are no UTF-8 are damage: replaced silently, they would be written back so.
 * @throws MANIFEST_UNREADABLE, MANIFEST_DAMAGED
 */
export function readManifestText(file: string): string | undefined {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw manifestUnreadable({ file, why: (cause as Error).message }, { cause })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    const line = badByteLine(bytes)
    throw manifestDamaged({ file, why: 'a byte in it is no UTF-8 text', line }, { location: { file, line } })
  }
}

/** The line on which decoding fails first. */
function badByteLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  for (let at = 0; at < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, at)
    const stop = end < 0 ? bytes.length : end + 1
    try {
      decoder.decode(bytes.subarray(at, stop))
    } catch {
      break
    }
    at = stop
  }
  return line
}

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Read a manifest's text.
 * @param file - for messages
 * @throws MANIFEST_DAMAGED with the line, MANIFEST_NEWER
 */
export function parseManifest(text: string, file: string): Manifest {
  const fail = (why: string, line?: number, mend?: string) =>
    manifestDamaged(
      { file, why, line, ...(mend && { mend }) },
      { location: { file, ...(line && { line }) } satisfies ErrorLocation },
    )

  if (text.trim() === '')
    throw fail(
      'the file is empty',
      undefined,
      'Take the last good file back (git checkout -- assets/manifest.json), or delete it to begin anew.',
    )
  if (text.charCodeAt(0) === 0xfeff)
    throw fail('the file begins with a byte order mark', 1, 'Save it as UTF-8 without BOM.')
  if (isLfsPointer(text))
    throw fail(
      'the file is a Git LFS pointer, not the manifest',
      1,
      'Run git lfs pull; better, keep the manifest out of LFS.',
    )
  const conflict = /^(<{7}|={7}|>{7})( |$)/m.exec(text)
  if (conflict)
    throw fail(
      'the file holds git conflict markers',
      lineAt(text, conflict.index),
      'Keep the lines of both sides (entries stand sorted by key), then remove the markers.',
    )

  let value: unknown
  let keys: ReturnType<typeof keysOf>
  try {
    value = JSON.parse(text)
    keys = keysOf(value)
  } catch (error) {
    throw fail((error as Error).message.replace(/\n[\s\S]*/, ''), syntaxErrorLine(text, error as Error))
  }
  if (keys.forbidden)
    throw fail(`the key "${keys.forbidden}" is not allowed`, lineAt(text, text.indexOf(`"${keys.forbidden}"`)))
  if (countOfKeys(text) !== keys.count) {
    const twice = repeatedKey(text)
    throw fail(
      `the key "${twice?.key ?? ''}" stands twice in one object`,
      twice && lineAt(text, twice.index),
      'A merge may have kept both sides. Keep one; if both are assets of their own, give one the next free number.',
    )
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw fail('it holds no JSON object', 1)
  const version = (value as { version?: unknown }).version
  if (typeof version === 'number' && version > manifestVersion) throw manifestNewer({ file, version })

  // A misspelt "assets" would look like an empty library, a misspelt "sequences" would issue numbers again.
  const unknown = Object.keys(value).find((key) => !manifestMembers.includes(key))
  if (unknown !== undefined)
    throw fail(
      `there is no member "${unknown}"${didYouMean(unknown, manifestMembers) ? ` (${didYouMean(unknown, manifestMembers)})` : ''}; allowed: ${manifestMembers.join(', ')}`,
      lineOfPath(text, [unknown]),
    )

  const parsed = manifestSchema.safeParse(value)
  if (parsed.success) {
    const problem = entriesProblem(parsed.data)
    if (problem) throw fail(problem.why, lineOfPath(text, problem.path))
    return parsed.data
  }
  const issue = parsed.error.issues[0]!
  const path = issue.path.map(String)
  throw fail(`${path.join(' → ') || 'the document'}: ${issue.message}`, lineOfPath(text, path))
}

/** Walked after the parse: a reviver takes three times as long, which counts with 10,000 assets. */
function keysOf(value: unknown): { count: number; forbidden: string | undefined } {
  let count = 0
  let forbidden: string | undefined
  const visit = (one: unknown) => {
    if (one === null || typeof one !== 'object') return
    if (Array.isArray(one)) return one.forEach(visit)
    for (const key of Object.keys(one)) {
      count++
      if (forbiddenKeys.has(key)) forbidden ??= key
      visit((one as Record<string, unknown>)[key])
    }
  }
  visit(value)
  return { count, forbidden }
}

/** Every string of the text, so that none is taken for the gap between two; one before a colon is a key. */
function countOfKeys(text: string): number {
  const strings = /"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?/g
  let count = 0
  while (strings.test(text)) if (text[strings.lastIndex - 1] === ':') count++
  return count
}

/** The first key that an object has twice; JSON.parse would drop the first of the two in silence. */
function repeatedKey(text: string): { key: string; index: number } | undefined {
  const open: Set<string>[] = []
  for (const found of text.matchAll(/[{}]|"(?:[^"\\]|\\.)*"(\s*:)?/g)) {
    const [part, colon] = found
    if (part === '{') open.push(new Set())
    else if (part === '}') open.pop()
    else if (colon) {
      const key = JSON.parse(part.slice(0, -colon.length)) as string
      const seen = open.at(-1)!
      if (seen.has(key)) return { key, index: found.index }
      seen.add(key)
    }
  }
  return undefined
}

function lineAt(text: string, index: number): number {
  return text.slice(0, Math.max(0, index)).split('\n').length
}

/** V8 names the position, or quotes the place it fell over; else the end of the text is meant. */
function syntaxErrorLine(text: string, error: Error): number {
  const position = /position (\d+)/.exec(error.message)?.[1]
  if (position) return lineAt(text, Number(position))
  const quoted = /"([^]*)" is not valid JSON/.exec(error.message)?.[1]?.replace(/^\.\.\./, '').replace(/\.\.\.$/, '')
  const at = quoted ? text.indexOf(quoted) : -1
  return lineAt(text, at >= 0 ? at : text.length)
}

/** The line where the last member of a path stands, found by walking the keys in order. */
function lineOfPath(text: string, path: string[]): number | undefined {
  let at = 0
  for (const key of path) {
    const found = text.indexOf(`${JSON.stringify(key)}`, at)
    if (found < 0) break
    at = found
  }
  return at > 0 ? lineAt(text, at) : undefined
}
