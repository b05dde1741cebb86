import { basename, dirname, extname, join, resolve } from 'node:path'
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import * as z from 'zod'
import { contentHash } from '../core/digest.ts'
import { defineError, toAssetloomError, type AssetloomError } from '../core/errors.ts'
import { requireAssets, type FoundAsset } from '../core/find-asset.ts'
import { foldedName, nameCollision, nameRefused, segmentRefusal } from '../core/names.ts'
import { byteSize } from '../core/value-representation.ts'
import { filesOf } from '../core/manifest.ts'
import type { Workspace } from '../workspace.ts'
import { readAssetFile } from './asset-change.ts'
import { toRow } from './entry-row.ts'
import { defineOperation } from './operation.ts'
import { packBytes } from './package.ts'

const exportTarget = defineError('EXPORT_TARGET_MISSING', {
  summary: 'export was not told what to export, or whereto.',
  message: () => 'Name at least one asset, and the folder to export to.',
  hint: () => 'assetloom export LOGO-ACME-MARK001 out/brand',
  exit: 2,
})
const exportNoFolder = defineError('EXPORT_NO_FOLDER', {
  summary: 'The place to export to is a file.',
  message: (d: { dir: string }) => `${d.dir} is a file, not a folder.`,
  hint: () => 'Name a folder; it is made when it does not exist.',
  exit: 2,
})
const exportExists = defineError('EXPORT_EXISTS', {
  summary: 'A file of the same name with other content stands in the export folder.',
  message: (d: { file: string }) => `${d.file} exists already with other content.`,
  hint: () => 'Pass --force to write over it, or export to another folder.',
  exit: 5,
})
const exportWrite = defineError('EXPORT_WRITE_FAILED', {
  summary: 'The operating system refused to write an exported file.',
  message: (d: { file: string; why: string }) => `${d.file} could not be written: ${d.why}.`,
  hint: () => 'Free disk space or mend the permissions, then run the command again.',
})
const diskFull = defineError('DISK_FULL', {
  summary: 'There is too little space for what is to be written.',
  message: (d: { dir: string; neededBytes: number; freeBytes: number }) =>
    `${d.dir} has ${byteSize(d.freeBytes)} free; ${byteSize(d.neededBytes)} are needed.`,
  hint: () => 'Free space or export to another disk.',
})
const someFailed = defineError('EXPORT_INCOMPLETE', {
  summary: 'Some assets were not exported; the others were.',
  message: (d: { failed: number; total: number; first: string }) =>
    `${d.failed} of ${d.total} not exported. First: ${d.first}`,
})

const exportFormats = ['files', 'json', 'zip'] as const

const exportedSchema = z.object({
  ref: z.string(),
  files: z.array(z.string()).describe('Absolute paths of the copies; none for a colour.'),
  metadata: z.string().describe('Absolute path of the metadata.'),
  hash: z.string().optional(),
  size: z.number().int(),
})

const outputSchema = z.object({
  exported: z.array(exportedSchema),
  failed: z.array(z.object({ ref: z.string(), code: z.string(), message: z.string() })),
})
type Output = z.output<typeof outputSchema>

/** One file to be written, its bytes checked. */
interface Copy {
  target: string
  bytes: Uint8Array
  modifiedMs?: number
}

export default defineOperation({
  input: z.strictObject({
    refs: z
      .array(z.string().min(1))
      .default([])
      .describe('Tokens, aliases or globs over refs; without --dir the last is the folder.'),
    dir: z.string().min(1).optional().describe('Folder to export to.'),
    format: z
      .enum(exportFormats)
      .default('files')
      .describe('files with metadata, the metadata alone as json, or each asset as a zip that install reads.'),
    force: z.boolean().default(false).describe('Write over files with other content.'),
  }),
  output: outputSchema,
  positional: ['refs'],
  effect: 'write',
  example: 'assetloom export LOGO-ACME-MARK001 "ICON-ACME-*" out/brand',
  async run(input, { workspace, progress, signal }) {
    const refs = input.dir === undefined ? input.refs.slice(0, -1) : input.refs
    const named = input.dir ?? input.refs.at(-1)
    if (refs.length === 0 || named === undefined) throw exportTarget({})
    const dir = requireFolder(named, workspace)

    const output: Output = { exported: [], failed: [] }
    const fail = (ref: string, error: AssetloomError) =>
      output.failed.push({ ref, code: error.code, message: error.message })
    const assets = new Map<string, FoundAsset>()
    const manifest = workspace.manifest.read()
    for (const name of refs) {
      try {
        for (const found of requireAssets(manifest.assets, [name])) assets.set(found.ref, found)
      } catch (error) {
        fail(name, toAssetloomError(error))
      }
    }
    requireSpace(dir, [...assets.values()], workspace)

    const names = new Map((existsSync(dir) ? readdirSync(dir) : []).map((name) => [foldedName(name), name]))
    progress.start(assets.size, 'Exporting')
    for (const found of assets.values()) {
      signal.throwIfAborted()
      try {
        const copies = [...(await contentCopies(found, dir, input.format, workspace)), metadataCopy(found, dir, workspace)]
        for (const copy of copies) requireDistinct(copy, names, input.force)
        write(copies, workspace)
        workspace.counters.add(found.ref, 'downloads')
        output.exported.push({
          ref: found.ref,
          files: copies.slice(0, -1).map(({ target }) => target),
          metadata: copies.at(-1)!.target,
          ...(found.entry.hash !== undefined && { hash: found.entry.hash }),
          size: copies.slice(0, -1).reduce((sum, { bytes }) => sum + bytes.length, 0),
        })
      } catch (error) {
        fail(found.ref, toAssetloomError(error))
      }
      progress.advance(1, found.ref)
    }
    progress.stop()
    return output
  },
  verdict: ({ exported, failed }) =>
    failed.length > 0
      ? someFailed({ failed: failed.length, total: failed.length + exported.length, first: failed[0]!.message })
      : undefined,
  present: ({ exported, failed }) =>
    [
      ...exported.map(({ ref, files, metadata }) => `✓ ${ref} → ${files.join(', ') || metadata}`),
      ...failed.map(({ ref, message }) => `✗ ${ref}  ${message}`),
    ].join('\n'),
})

/**
 * The folder as an absolute path; only what would be made new must have a name that every system can write.
 * @throws NAME_REFUSED, EXPORT_NO_FOLDER
 */
function requireFolder(named: string, workspace: Workspace): string {
  const dir = resolve(workspace.options.root, named)
  for (let at = dir; !existsSync(at); at = dirname(at)) {
    const why = segmentRefusal(basename(at))
    if (why) throw nameRefused({ name: named, why })
  }
  if (existsSync(dir) && !statSync(dir).isDirectory()) throw exportNoFolder({ dir: named })
  return dir
}

/** @throws DISK_FULL */
function requireSpace(dir: string, assets: readonly FoundAsset[], workspace: Workspace): void {
  const metadataBytes = 4096
  const neededBytes = assets.reduce(
    (sum, { entry }) =>
      sum +
      (entry.size ?? 0) +
      Object.values(entry.formats ?? {}).reduce((all, { size }) => all + size, 0) +
      metadataBytes,
    0,
  )
  let freeBytes: number
  try {
    freeBytes = workspace.freeBytes(dir)
  } catch {
    // Not every file system says; then the write itself does.
    return
  }
  if (neededBytes > freeBytes) throw diskFull({ dir, neededBytes, freeBytes })
}

/** The content of an asset, checked against the manifest. */
async function contentCopies(
  found: FoundAsset,
  dir: string,
  format: (typeof exportFormats)[number],
  workspace: Workspace,
): Promise<Copy[]> {
  if (format === 'json') return []
  const { ref, entry } = found
  if (format === 'zip') {
    const pack = { name: stemOf(ref), version: entry.version }
    return [{ target: join(dir, `${stemOf(ref)}.zip`), bytes: await packBytes([found], pack, workspace) }]
  }
  const hashes = new Map<string, string>(Object.values(entry.formats ?? {}).map(({ file, hash }) => [file, hash]))
  return filesOf(entry).map((file) => {
    const hash = file === entry.file ? entry.hash : hashes.get(file)
    const { bytes, path } = readAssetFile(ref, { ...entry, file, ...(hash && { hash }) }, workspace)
    return { target: join(dir, `${stemOf(ref)}${extname(file)}`), bytes, modifiedMs: statSync(path).mtimeMs }
  })
}

function metadataCopy({ ref, entry }: FoundAsset, dir: string, workspace: Workspace): Copy {
  const metadata = { ...toRow(ref, entry), exported: workspace.timestamp() }
  return {
    target: join(dir, `${stemOf(ref)}.json`),
    bytes: new TextEncoder().encode(`${JSON.stringify(metadata, null, 2)}\n`),
  }
}

const stemOf = (ref: string) => ref.replaceAll('/', '-')

/** @throws NAME_COLLISION, EXPORT_EXISTS */
function requireDistinct({ target, bytes }: Copy, names: Map<string, string>, force: boolean): void {
  const name = basename(target)
  const first = names.get(foldedName(name))
  if (first !== undefined && first !== name) throw nameCollision({ name, first })
  // Metadata bears the time of the export; ours from an earlier one is written anew.
  const isOurs =
    first !== undefined &&
    (contentHash(readFileSync(target)) === contentHash(bytes) || (name.endsWith('.json') && isMetadata(target)))
  if (first !== undefined && !isOurs && !force) throw exportExists({ file: target })
  names.set(foldedName(name), name)
}

function isMetadata(file: string): boolean {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as { ref?: unknown; exported?: unknown }
    return content.ref === basename(file, '.json') && typeof content.exported === 'string'
  } catch {
    return false
  }
}

/** All files of one asset or, when one of them fails, none that was not there before. */
function write(copies: readonly Copy[], workspace: Workspace): void {
  const made: string[] = []
  for (const { target, bytes, modifiedMs } of copies) {
    const isNew = !existsSync(target)
    try {
      workspace.writeVerified(target, bytes, modifiedMs)
    } catch (cause) {
      for (const one of made) rmSync(one, { force: true })
      throw exportWrite({ file: target, why: (cause as Error).message }, { cause })
    }
    if (isNew) made.push(target)
  }
}
