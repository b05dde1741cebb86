import { describeIssues } from './check-document.ts'
import { defineError, isAssetloomError, type AssetloomError } from './errors.ts'
import { entriesProblem, recordedFiles, type Entry } from './manifest.ts'
import { foldedName, segmentRefusal } from './names.ts'
import { isAssetPath, layoutFile, packLayoutSchema, packSchemaVersion, type PackLayout } from './pack-layout.ts'

/* What a pack may be, decided before a byte of it is written. */

export const packRefused = defineError('PACK_REFUSED', {
  summary: 'A pack is damaged, or holds what no pack may hold; nothing of it was installed.',
  message: (d: { pack: string; why: string }) => `${d.pack} is refused: ${d.why}.`,
  hint: () => 'Nothing was changed. Fetch it again from where it came; if it stays so, do not trust it.',
})

const packNewer = defineError('PACK_NEWER', {
  summary: 'A pack was written by a newer version of Assetloom.',
  message: (d: { pack: string; schemaVersion: number }) =>
    `${d.pack} has the pack format ${d.schemaVersion}; this version reads ${packSchemaVersion}.`,
  hint: () => 'Update assetloom, or ask for a pack in the older format.',
})

/** Makes the error that refuses one pack. */
export type Refuse = (why: string) => AssetloomError

export function refuserOf(pack: string): Refuse {
  return (why) => packRefused({ pack, why })
}

export const packLimits = {
  /** Of the zip itself. */
  packBytes: 512 * 1024 * 1024,
  entries: 10_000,
  layoutBytes: 16 * 1024 * 1024,
  fileBytes: 256 * 1024 * 1024,
  totalBytes: 1024 * 1024 * 1024,
  /** Times that a file may be larger than its compressed form. */
  ratio: 100,
  /** Smaller files may be compressed as they like. */
  ratioFromBytes: 64 * 1024,
} as const

/** A file as a zip or a folder lists it; nothing of it is believed. */
export interface ListedFile {
  /** POSIX, without closing slash. */
  path: string
  size: number
  /** As it lies in the zip. */
  compressedSize?: number
  type: 'file' | 'folder' | 'link' | 'other'
}

const forbiddenNames = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Check names, counts and sizes before anything is read.
 * @throws PACK_REFUSED
 */
export function checkListing(listed: readonly ListedFile[], refuse: Refuse): void {
  requireCount(listed.length, refuse)
  const first = new Map<string, string>()
  let totalBytes = 0
  for (const { path, size, compressedSize, type } of listed) {
    const name = JSON.stringify(path)
    const why = pathRefusal(path)
    if (why) throw refuse(`${name} is no name for a file in a pack: ${why}`)
    if (type === 'link') throw refuse(`${name} is a symbolic link`)
    if (type === 'other') throw refuse(`${name} is neither a file nor a folder`)
    const taken = first.get(foldedName(path))
    if (taken === path) throw refuse(`it holds ${name} twice`)
    if (taken !== undefined) throw refuse(`${name} and ${JSON.stringify(taken)} are one name on some file systems`)
    first.set(foldedName(path), path)
    const limitBytes = path === layoutFile ? packLimits.layoutBytes : packLimits.fileBytes
    if (size > limitBytes) throw refuse(`${name} has ${size} bytes; the most is ${limitBytes}`)
    if (compressedSize !== undefined && size > packLimits.ratioFromBytes && size > compressedSize * packLimits.ratio)
      throw refuse(`${name} unpacks to more than ${packLimits.ratio} times its size`)
    totalBytes += size
  }
  if (totalBytes > packLimits.totalBytes)
    throw refuse(`it unpacks to ${totalBytes} bytes; the most is ${packLimits.totalBytes}`)
  if (!listed.some(({ path, type }) => path === layoutFile && type === 'file')) throw refuse(`it has no ${layoutFile}`)
}

/** @throws PACK_REFUSED */
export function requireCount(count: number, refuse: Refuse): void {
  if (count > packLimits.entries) throw refuse(`it holds ${count} entries; the most is ${packLimits.entries}`)
}

function pathRefusal(path: string): string | undefined {
  if (path.startsWith('/')) return 'it is an absolute path'
  for (const segment of path.split('/')) {
    const why =
      segmentRefusal(segment) ??
      (segment.startsWith('.') ? 'a part of it begins with a dot' : undefined) ??
      (forbiddenNames.has(segment) ? `it has the part "${segment}"` : undefined)
    if (why) return why
  }
  return undefined
}

/**
 * Read assetpack.json; strict, so that a field nobody knows is no way to smuggle something in.
 * @throws PACK_REFUSED, PACK_NEWER
 */
export function parseLayout(bytes: Uint8Array, pack: string, refuse: Refuse): PackLayout {
  let value: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    value = JSON.parse(text, (key, inner: unknown) => {
      if (forbiddenNames.has(key)) throw refuse(`${layoutFile} has the key "${key}"`)
      return inner
    })
  } catch (error) {
    if (isAssetloomError(error)) throw error
    throw refuse(`${layoutFile} is no JSON: ${(error as Error).message}`)
  }
  const { schemaVersion } = (value ?? {}) as { schemaVersion?: unknown }
  if (typeof schemaVersion === 'number' && schemaVersion > packSchemaVersion) throw packNewer({ pack, schemaVersion })
  const parsed = packLayoutSchema.safeParse(value)
  if (!parsed.success) {
    const [problem] = describeIssues(parsed.error.issues, packLayoutSchema, value)
    throw refuse(`${layoutFile}: ${problem!.path.map(String).join(' → ') || 'the whole'} ${problem!.message}`)
  }
  return parsed.data
}

/**
 * Check that assetpack.json lists what is there, and that its assets agree with the files it lists.
 * @throws PACK_REFUSED
 */
export function checkLayout(layout: PackLayout, listed: readonly ListedFile[], refuse: Refuse): void {
  const there = new Map(listed.map((file) => [file.path, file]))
  const entries = new Map<string, PackLayout['entries'][number]>()
  for (const entry of layout.entries) {
    const name = JSON.stringify(entry.path)
    if (entries.has(entry.path)) throw refuse(`${layoutFile} lists ${name} twice`)
    entries.set(entry.path, entry)
    const why = pathRefusal(entry.path)
    if (why) throw refuse(`${layoutFile} lists ${name}, which is no name for a file in a pack: ${why}`)
    if (!isAssetPath(entry.path)) throw refuse(`${layoutFile} lists ${name}, which is no place of an asset`)
    const file = there.get(entry.path)
    if (file?.type !== 'file') throw refuse(`${layoutFile} lists ${name}, which is missing`)
    if (file.size !== entry.size) throw refuse(`${name} has ${file.size} bytes, and ${layoutFile} says ${entry.size}`)
  }
  for (const { path, type } of listed) {
    const isExpected =
      type === 'folder' ? layout.entries.some((entry) => entry.path.startsWith(`${path}/`)) : entries.has(path)
    if (!isExpected && path !== layoutFile) throw refuse(`it holds ${JSON.stringify(path)}, which ${layoutFile} does not list`)
  }
  checkAssets(layout, entries, refuse)
}

function checkAssets(
  layout: PackLayout,
  entries: ReadonlyMap<string, PackLayout['entries'][number]>,
  refuse: Refuse,
): void {
  const assets = layout.assets as Record<string, Entry>
  const wrong = entriesProblem({ version: 1, vocabulary: {}, sequences: {}, assets })
  if (wrong) throw refuse(`${layoutFile}: ${wrong.why}`)
  const owners = new Map<string, string>()
  const names = new Set(Object.keys(assets))
  for (const [ref, asset] of Object.entries(assets)) {
    for (const alias of asset.aliases ?? []) {
      if (names.has(alias)) throw refuse(`two assets are called ${JSON.stringify(alias)}`)
      names.add(alias)
    }
    const why = pathRefusal(ref)
    if (why) throw refuse(`${JSON.stringify(ref)} is no name for an asset: ${why}`)
    if (asset.file === undefined && (asset.kind !== 'color' || !/^#[0-9A-F]{6}$/.test(asset.colorHex ?? '')))
      throw refuse(`${ref} has no file, and is no colour`)
    if (asset.id !== undefined && asset.file !== `assets/library/${asset.id}.asset.yaml`)
      throw refuse(`${ref} does not stand where its id says`)
    for (const { file, hash } of recordedFiles(asset)) {
      const entry = entries.get(file)
      if (entry?.ref !== ref || hash !== `sha256:${entry.sha256}` || owners.has(file))
        throw refuse(`${ref} names the file ${JSON.stringify(file)}, and ${layoutFile} lists it otherwise`)
      owners.set(file, ref)
    }
  }
  const [stray] = [...entries.keys()].filter((path) => !owners.has(path))
  if (stray !== undefined) throw refuse(`${JSON.stringify(stray)} belongs to no asset`)
}
