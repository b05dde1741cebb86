import { basename, dirname, extname, resolve } from 'node:path'
import { existsSync, statSync } from 'node:fs'
import * as z from 'zod'
import { defineError, toAssetloomError, type AssetloomError } from '../core/errors.ts'
import { requireAssets, type FoundAsset } from '../core/find-asset.ts'
import { nameRefused, segmentRefusal } from '../core/names.ts'
import { byteSize } from '../core/value-representation.ts'
import type { Workspace } from '../workspace.ts'
import { copiesOf, createCopyWriter, exportFormats, metadataOf, singleCopy, type ExportFormat } from './export-copies.ts'
import { defineOperation } from './operation.ts'

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
const diskFull = defineError('DISK_FULL', {
  summary: 'There is too little space for what is to be written.',
  message: (d: { dir: string; neededBytes: number; freeBytes: number }) =>
    `${d.dir} has ${byteSize(d.freeBytes)} free; ${byteSize(d.neededBytes)} are needed.`,
  hint: () => 'Free space or export to another disk.',
})
const exportOneFile = defineError('EXPORT_ONE_FILE', {
  summary: 'Several assets were to be exported to one file.',
  message: (d: { file: string; count: number }) => `${d.file} is one file, and ${d.count} assets are to be exported.`,
  hint: () => 'Name a folder; assetloom package puts several assets into one zip.',
  exit: 2,
})
const someFailed = defineError('EXPORT_INCOMPLETE', {
  summary: 'Some assets were not exported; the others were.',
  message: (d: { failed: number; total: number; first: string }) =>
    `${d.failed} of ${d.total} not exported. First: ${d.first}`,
})

const exportedSchema = z.object({
  ref: z.string(),
  files: z.array(z.string()).describe('Absolute paths of the copies; none for a colour.'),
  metadata: z.string().optional().describe('Absolute path of the metadata, unless it stands in the zip or in document.'),
  document: z.record(z.string(), z.unknown()).optional().describe('The metadata itself, of json without a target.'),
  hash: z.string().optional(),
  size: z.number().int(),
})

const outputSchema = z.object({
  exported: z.array(exportedSchema),
  failed: z.array(z.object({ ref: z.string(), code: z.string(), message: z.string() })),
})
type Output = z.output<typeof outputSchema>

export default defineOperation({
  input: z.strictObject({
    refs: z
      .array(z.string().min(1))
      .default([])
      .describe('Tokens, aliases or globs over refs; without --dir the last is the target. A single one as json needs none.'),
    dir: z.string().min(1).optional().describe('Folder to export to, or for one asset as json or zip the .json or .zip itself.'),
    format: z
      .enum(exportFormats)
      .default('files')
      .describe('files with metadata, the metadata alone as json, or each asset as a zip that install reads.'),
    force: z.boolean().default(false).describe('Write over files with other content.'),
  }),
  output: outputSchema,
  positional: ['refs'],
  effect: 'write',
  paths: ({ refs, dir }) => [dir ?? refs.at(-1)],
  isDestructive: ({ force }) => force,
  example: 'assetloom export LOGO-ACME-MARK001 "ICON-ACME-*" out/brand',
  async run(input, { workspace, progress, signal }) {
    const isShown = input.format === 'json' && input.dir === undefined && input.refs.length === 1
    const refs = input.dir === undefined && !isShown ? input.refs.slice(0, -1) : input.refs
    const named = isShown ? undefined : (input.dir ?? input.refs.at(-1))
    if (refs.length === 0 || (named === undefined && !isShown)) throw exportTarget({})
    const target = named === undefined ? undefined : targetOf(named, input.format, workspace)

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
    if (target?.isFile && assets.size > 1) throw exportOneFile({ file: named!, count: assets.size })
    if (target) requireSpace(target.path, [...assets.values()], workspace)

    const writer = createCopyWriter(workspace, input.force)
    progress.start(assets.size, 'Exporting')
    for (const found of assets.values()) {
      signal.throwIfAborted()
      try {
        const { ref, entry } = found
        const hash = entry.hash !== undefined && { hash: entry.hash }
        if (target) {
          const { content, metadata } = target.isFile
            ? await singleCopy(found, target.path, workspace)
            : await copiesOf(found, target.path, input.format, workspace)
          writer.write(ref, metadata ? [...content, metadata] : content)
          const size = content.reduce((sum, { bytes }) => sum + bytes.length, 0)
          output.exported.push({ ref, files: content.map((copy) => copy.target), ...(metadata && { metadata: metadata.target }), ...hash, size })
        } else output.exported.push({ ref, files: [], document: metadataOf(found, workspace), ...hash, size: 0 })
        workspace.counters.add(ref, 'downloads')
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
      ...exported.map(({ ref, files, metadata, document }) =>
        document ? JSON.stringify(document, null, 2) : `✓ ${ref} → ${files.join(', ') || metadata}`,
      ),
      ...failed.map(({ ref, message }) => `✗ ${ref}  ${message}`),
    ].join('\n'),
})

/**
 * Where to export to: a folder, or the one file whose extension says the format. Only what would be made new must have
 * a name that every system can write.
 * @throws NAME_REFUSED, EXPORT_NO_FOLDER
 */
function targetOf(named: string, format: ExportFormat, workspace: Workspace): { path: string; isFile: boolean } {
  const path = resolve(workspace.options.root, named)
  const isFolder = existsSync(path) && statSync(path).isDirectory()
  const isFile = !isFolder && extname(path).toLowerCase() === `.${format}`
  for (let at = path; !existsSync(at); at = dirname(at)) {
    const why = segmentRefusal(basename(at))
    if (why) throw nameRefused({ name: named, why })
  }
  if (existsSync(path) && !isFolder && !isFile) throw exportNoFolder({ dir: named })
  return { path, isFile }
}

/** @throws DISK_FULL */
function requireSpace(dir: string, assets: readonly FoundAsset[], workspace: Workspace): void {
  const metadataBytes = 4096
  const neededBytes = assets.reduce(
    (sum, { entry }) =>
      sum +
      (entry.size ?? 0) +
      [...Object.values(entry.formats ?? {}), ...(entry.files ?? [])].reduce((all, { size }) => all + size, 0) +
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
