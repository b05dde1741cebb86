import { resolve } from 'node:path'
import * as z from 'zod'
import { contentHash } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import { requireAsset } from '../core/find-asset.ts'
import type { Entry } from '../core/manifest.ts'
import { formatOfExtension, type MediaFormat } from '../core/media.ts'
import { compressionLevels, parseSizeText, refinementType, sizeText, type RefineRequest } from '../core/refinement.ts'
import { byteSize } from '../core/value-representation.ts'
import {
  changedMeanwhile,
  describeContent,
  readAssetFile,
  recordChange,
  refreshSources,
  requireFree,
  withExtension,
} from './asset-change.ts'
import { entryRowSchema, measures, toRow } from './entry-row.ts'
import { defineOperation } from './operation.ts'
import { messageField } from './version-fields.ts'

const nothingToRefine = defineError('NOTHING_TO_REFINE', {
  summary: 'refine was not told what to do.',
  message: (d: { ref: string }) => `Nothing was given to do to ${d.ref}.`,
  hint: () => 'Give --compress low|medium|high, --resize 600x400, --convert webp or --optimise-svg.',
  exit: 2,
})
const refineUnreadable = defineError('REFINE_FORMAT_UNKNOWN', {
  summary: 'The manifest does not say what format a file has.',
  message: (d: { ref: string; mediaType: string | undefined }) =>
    `${d.ref} has the media type ${JSON.stringify(d.mediaType ?? '')}, which cannot be refined.`,
  hint: () => 'Run assetloom sync, which reads the file again.',
})
const sideSchema = z.object({ size: z.number().int(), hash: z.string() })

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('Token or alias.'),
    compress: z
      .enum(compressionLevels)
      .optional()
      .describe('How hard: low is hardly seen or heard, high is the smallest.'),
    resize: sizeText
      .optional()
      .describe('Largest size as WIDTHxHEIGHT, WIDTH or xHEIGHT; the shape is kept, nothing is enlarged.'),
    convert: z.string().min(1).optional().describe('Another format: png, webp, avif, jpg, gif; mp3, ogg, wav.'),
    optimiseSvg: z.boolean().default(false).describe('Make an SVG smaller without changing what it shows.'),
    force: z.boolean().default(false).describe('Take the result even when it is not smaller.'),
    message: messageField,
  }),
  output: entryRowSchema.extend({
    changed: z.boolean().describe('False when the result was no smaller than what is there, or the same.'),
    before: sideSchema,
    after: sideSchema,
    note: z.string().optional(),
  }),
  positional: ['ref'],
  effect: 'write',
  example: 'assetloom refine PHOTO-ACME-HERO001 --resize 1600x --compress medium --convert webp',
  async run(input, { workspace }) {
    const request: RefineRequest = {
      ...(input.compress && { compress: input.compress }),
      ...(input.resize && { resize: parseSizeText(input.resize) }),
      ...(input.convert && { convert: formatOfExtension(input.convert)?.extension ?? input.convert }),
      ...(input.optimiseSvg && { optimiseSvg: true }),
    }
    const type = refinementType(request)
    if (type === '') throw nothingToRefine({ ref: input.ref })
    const { ref, entry: known } = requireAsset(workspace.manifest.read().assets, input.ref)
    const { bytes, format } = readAssetFile(ref, known, workspace)
    const made = await workspace.refineMedia(bytes, requireFormat(ref, known, format), request)
    const before = { size: bytes.length, hash: contentHash(bytes) }
    const media = await workspace.readMedia(made.bytes, `${ref}.${made.format.extension}`)
    const after = { size: media.bytes.length, hash: contentHash(media.bytes) }
    const note =
      known.source.type === 'spec'
        ? `${known.source.spec} makes this asset: put the step into its post_processing to keep it.`
        : undefined
    const isOnlySmaller = !request.convert && !request.resize
    if (after.hash === before.hash || (isOnlySmaller && after.size >= before.size && !input.force))
      return {
        ...toRow(ref, known),
        changed: false,
        before,
        after: before,
        note: 'It is as small already as this would make it.',
      }

    const temporary = await workspace.stageBytes(media.bytes, after.hash)
    try {
      const row = workspace.manifest.update((draft, changes) => {
        const { entry } = requireAsset(draft.assets, ref)
        if (entry.hash !== known.hash || entry.file !== known.file) throw changedMeanwhile({ ref })
        const target = withExtension(entry.file!, made.format.extension)
        if (target !== entry.file) {
          requireFree(target, workspace)
          changes.remove(resolve(workspace.options.root, entry.file!))
        }
        changes.place(temporary, resolve(workspace.options.root, target))
        describeContent(entry, media, after.hash)
        entry.file = target
        recordChange(entry, workspace)
        entry.refinements = [
          ...(entry.refinements ?? []),
          { date: entry.modified, type, ...(request.compress && { level: request.compress }), before, after },
        ]
        return toRow(ref, entry)
      }, { message: input.message })
      await refreshSources(workspace)
      workspace.log.write({
        event: 'ASSET_REFINED',
        level: 'info',
        subsystem: 'refine',
        ref,
        type,
        before: before.size,
        after: after.size,
        message: `Refined ${ref}: ${type}.`,
      })
      return { ...row, changed: true, before, after, ...(note && { note }) }
    } finally {
      workspace.dropTemporary(temporary)
    }
  },
  present: (row) =>
    row.changed
      ? [
          `✓ ${row.ref}  ${measures(row)}  ${byteSize(row.before.size)} → ${byteSize(row.after.size)}  ${row.file ?? ''}  version ${row.version}`,
          ...(row.note ? [`! ${row.note}`] : []),
        ].join('\n')
      : `· ${row.ref}  ${byteSize(row.before.size)}: ${row.note ?? 'nothing changed'}`,
})

/** @throws REFINE_FORMAT_UNKNOWN */
export function requireFormat(ref: string, { mediaType }: Entry, format: MediaFormat | undefined): MediaFormat {
  if (!format) throw refineUnreadable({ ref, mediaType })
  return format
}
