import { defineError, type ErrorLocation } from '../core/errors.ts'
import { manifestSchema, manifestVersion, type Manifest } from '../core/manifest.ts'
import { isLfsPointer } from '../core/lfs-pointer.ts'

export const manifestDamaged = defineError('MANIFEST_DAMAGED', {
  summary: 'The manifest cannot be read; it is left as it is.',
  message: (d: { file: string; why: string; line?: number | undefined; mend?: string }) =>
    `${d.file}${d.line ? `:${d.line}` : ''}: ${d.why}. Nothing was written over it.`,
  hint: (d) => d.mend ?? 'Mend the line, or take the last good file back: git checkout -- assets/manifest.json',
})

export const manifestNewer = defineError('MANIFEST_NEWER', {
  summary: 'The manifest was written by a newer Assetloom.',
  message: (d: { file: string; version: unknown }) =>
    `${d.file} has version ${String(d.version)}; this Assetloom reads version ${manifestVersion}. Nothing was written over it.`,
  hint: () => 'Update the package: npm install assetloom@latest',
})

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Read a manifest's text.
 * @param file - for messages
 * @throws MANIFEST_DAMAGED with the line, MANIFEST_NEWER
 */
export function parseManifest(text: string, file: string): Manifest {
  const fail = (why: string, line?: number, mend?: string) =>
    manifestDamaged({ file, why, line, ...(mend && { mend }) }, { location: { file, ...(line && { line }) } satisfies ErrorLocation })

  if (text.trim() === '') throw fail('the file is empty', undefined, 'Take the last good file back (git checkout -- assets/manifest.json), or delete it to begin anew.')
  if (text.charCodeAt(0) === 0xfeff) throw fail('the file begins with a byte order mark', 1, 'Save it as UTF-8 without BOM.')
  if (isLfsPointer(text)) throw fail('the file is a Git LFS pointer, not the manifest', 1, 'Run git lfs pull; better, keep the manifest out of LFS.')
  const conflict = /^(<{7}|={7}|>{7})( |$)/m.exec(text)
  if (conflict) throw fail('the file holds git conflict markers', lineAt(text, conflict.index), 'Keep the lines of both sides (entries stand sorted by key), then remove the markers.')

  let value: unknown
  const forbidden = { key: '' }
  try {
    value = JSON.parse(text, function (this: unknown, key, v: unknown) {
      if (forbiddenKeys.has(key)) forbidden.key = key
      return v
    })
  } catch (error) {
    throw fail((error as Error).message.replace(/\n[\s\S]*/, ''), syntaxErrorLine(text, error as Error))
  }
  if (forbidden.key) throw fail(`the key "${forbidden.key}" is not allowed`, lineAt(text, text.indexOf(`"${forbidden.key}"`)))
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw fail('it holds no JSON object', 1)
  const version = (value as { version?: unknown }).version
  if (typeof version === 'number' && version > manifestVersion) throw manifestNewer({ file, version })

  const parsed = manifestSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const path = issue.path.map(String)
  throw fail(`${path.join(' → ') || 'the document'}: ${issue.message}`, lineOfPath(text, path))
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
