import { basename, resolve } from 'node:path'
import pLimit from 'p-limit'
import * as z from 'zod'
import { type AssetloomError, defineError, toAssetloomError } from '../core/errors.ts'
import { issueToken } from '../core/issue-token.ts'
import { refOf } from '../core/manifest.ts'
import { detectVariant } from '../core/variant.ts'
import type { Workspace } from '../workspace.ts'
import { refreshSources } from './asset-change.ts'
import { entryRowSchema, measures, toRow, type EntryRow } from './entry-row.ts'
import {
  colorEntry,
  declareFamily,
  issueFreeToken,
  mediaEntry,
  resolveShared,
  type SharedParts,
} from './import-entry.ts'
import { defineOperation } from './operation.ts'
import { stageMedia } from './read-source.ts'

const nothingToImport = defineError('NOTHING_TO_IMPORT', {
  summary: 'import was given no file that exists.',
  message: (d: { patterns: string[] }) => `No file matches ${d.patterns.join(', ') || 'nothing: no file was named'}.`,
  hint: () => 'Name files, folders or globs; quote a glob so that it reaches Assetloom: "brand/**/*.png".',
  exit: 2,
})
const duplicate = defineError('DUPLICATE', {
  summary: 'The same bytes are in the library already.',
  message: (d: { file: string; token: string }) => `${d.file} is the same, byte for byte, as ${d.token}.`,
  hint: (d) => `Use asset:${d.token}, or pass --allow-duplicate.`,
  exit: 5,
})
const someFailed = defineError('IMPORT_INCOMPLETE', {
  summary: 'Some files were not imported; the others were.',
  message: (d: { failed: number; total: number; first: string }) =>
    `${d.failed} of ${d.total} not imported. First: ${d.first}`,
})
const colorInvalid = defineError('COLOR_INVALID', {
  summary: 'A colour is not #RRGGBB.',
  message: (d: { color: string }) => `${JSON.stringify(d.color)} is no colour.`,
  hint: () => 'Write it as #RRGGBB, quoted for the shell: --color "#FF6B35".',
  exit: 2,
})
/** Files in work at once: enough to overlap disk and decoding. */
const concurrency = 4

const inputSchema = z.strictObject({
  files: z.array(z.string()).default([]).describe('Files, folders or globs.'),
  color: z.string().optional().describe('A colour instead of files, as #RRGGBB.'),
  category: z.string().optional().describe('Category, e.g. Logos, Icons, "Sound Effects".'),
  family: z.string().optional().describe('Family, capital letters; must be declared.'),
  newFamily: z.string().min(1).optional().describe('Declare the family with this display name.'),
  variant: z.string().optional().describe('Variant, capital letters. Default: detected from name and shape.'),
  tags: z.array(z.string().min(1)).default([]).describe('Tags, separated by commas.'),
  description: z.string().optional().describe('What it shows.'),
  alt: z.string().optional().describe('Text for those who do not see it.'),
  usageRights: z.string().optional().describe('Who may use it for what.'),
  license: z.string().optional().describe('Licence, e.g. CC-BY-4.0.'),
  author: z.string().optional().describe('Who made it.'),
  move: z.boolean().default(false).describe('Take the source away after a successful import.'),
  copy: z.boolean().default(true).describe('Leave the source where it is.'),
  allowDuplicate: z.boolean().default(false).describe('Import even what is there already, byte for byte.'),
})
type Input = z.output<typeof inputSchema>

const importedSchema = entryRowSchema.extend({
  detected: z.string().optional(),
  stripped: z.array(z.string()).optional(),
})
const outputSchema = z.object({
  imported: z.array(importedSchema),
  failed: z.array(z.object({ file: z.string(), code: z.string(), message: z.string(), token: z.string().optional() })),
})
type Output = z.output<typeof outputSchema>

export default defineOperation({
  input: inputSchema,
  output: outputSchema,
  positional: ['files'],
  effect: 'write',
  paths: ({ files }) => files,
  isDestructive: ({ move }) => move,
  example: 'assetloom import brand/avatar.png --category Logos --family AIOTIZE --tags primary,official',
  async run(input, { workspace, progress, signal }) {
    const shared = resolveShared(input, workspace)
    if (input.color !== undefined) return importColor(input, shared, workspace)

    const files = await workspace.findFiles(input.files)
    if (files.length === 0) throw nothingToImport({ patterns: input.files })
    const output: Output = { imported: [], failed: [] }
    const fail = (file: string, error: AssetloomError, token?: string) =>
      output.failed.push({ file, code: error.code, message: error.message, ...(token && { token }) })

    progress.start(files.length, 'Importing')
    const limit = pLimit(concurrency)
    const staged = (
      await Promise.all(
        files.map((file) =>
          limit(async () => {
            if (signal.aborted) return undefined
            try {
              return await stageMedia(file, workspace)
            } catch (error) {
              fail(file, toAssetloomError(error))
              return undefined
            } finally {
              progress.advance(1, basename(file))
            }
          }),
        ),
      )
    ).filter((one) => one !== undefined)
    progress.stop()
    try {
      signal.throwIfAborted()
      if (staged.length === 0) return output

      workspace.manifest.update((draft, changes) => {
        declareFamily(draft, input, shared)
        const byHash = new Map(
          Object.values(draft.assets).flatMap((entry) => (entry.hash ? [[entry.hash, refOf(entry)] as const] : [])),
        )
        for (const { file, media, hash, temporary } of staged) {
          const known = byHash.get(hash)
          if (known && !input.allowDuplicate) {
            workspace.dropTemporary(temporary)
            fail(file, duplicate({ file, token: known }), known)
            continue
          }
          try {
            const detected = shared.variant
              ? undefined
              : detectVariant(basename(file), media.facts, shared.category.name)
            const parts = {
              prefix: shared.category.prefix,
              family: shared.family,
              variant: shared.variant ?? detected!.variant,
            }
            const { token, target } = issueFreeToken(draft, parts, media.format.extension, shared, workspace)
            const entry = mediaEntry({ token, target, file, media, hash, input, shared, workspace })
            changes.place(temporary, resolve(workspace.options.root, target))
            if (input.move) changes.remove(resolve(workspace.options.root, file))
            draft.assets[token] = entry
            byHash.set(hash, token)
            output.imported.push({
              ...toRow(token, entry),
              ...(detected && { detected: `${detected.variant}: ${detected.reason}` }),
              ...(media.stripped.length > 0 && { stripped: media.stripped }),
            })
          } catch (error) {
            workspace.dropTemporary(temporary)
            fail(file, toAssetloomError(error))
          }
        }
      })
    } catch (error) {
      for (const { temporary } of staged) workspace.dropTemporary(temporary)
      throw error
    }
    await refreshSources(workspace)
    for (const row of output.imported)
      workspace.log.write({
        event: 'ASSET_IMPORTED',
        level: 'info',
        subsystem: 'import',
        ref: row.ref,
        file: row.file,
        message: `Imported ${row.ref}.`,
      })
    return output
  },
  verdict: ({ imported, failed }) =>
    failed.length > 0
      ? someFailed({ failed: failed.length, total: failed.length + imported.length, first: failed[0]!.message })
      : undefined,
  present: ({ imported, failed }) =>
    [
      ...imported.map(
        (row) =>
          `✓ ${row.ref}  ${measures(row)}  ${row.file ?? ''}${row.detected ? `  (variant ${row.detected})` : ''}${row.stripped ? `\n    taken out: ${row.stripped.join(', ')}` : ''}`,
      ),
      ...failed.map((one) => `✗ ${one.file}  ${one.message}`),
      ...(imported.length === 1 && failed.length === 0 ? [`  import asset from "asset:${imported[0]!.ref}"`] : []),
    ].join('\n'),
})

async function importColor(input: Input, shared: SharedParts, workspace: Workspace): Promise<Output> {
  const hex = /^#[0-9a-f]{6}$/i.exec(input.color!)?.[0].toUpperCase()
  if (!hex) throw colorInvalid({ color: input.color! })
  const row = workspace.manifest.update((draft): EntryRow | { failed: string } => {
    declareFamily(draft, input, shared)
    const known = Object.values(draft.assets).find((entry) => entry.colorHex === hex && entry.family === shared.family)
    if (known && !input.allowDuplicate) return { failed: refOf(known) }
    const token = issueToken(draft, {
      prefix: shared.category.prefix,
      family: shared.family,
      variant: shared.variant ?? 'MAIN',
    })
    const entry = colorEntry(token, hex, input, shared, workspace)
    draft.assets[token] = entry
    return toRow(token, entry)
  })
  if ('failed' in row) {
    const token = String(row.failed)
    const error = duplicate({ file: hex, token })
    return { imported: [], failed: [{ file: hex, code: error.code, message: error.message, token }] }
  }
  await refreshSources(workspace)
  return { imported: [row as EntryRow], failed: [] }
}
