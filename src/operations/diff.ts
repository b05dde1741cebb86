import { existsSync, readFileSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { byteSize } from '../core/value-representation.ts'
import { readState } from './asset-state.ts'
import { compareStates, type SoundMeasures } from './compare-states.ts'
import { emphasized } from './emphasis.ts'
import { defineOperation } from './operation.ts'
import { presentUnified } from './present-unified.ts'
import { table } from './table.ts'

const noPicture = defineError('DIFF_NO_PICTURE', {
  summary: 'A picture of differences was asked for where no picture differs.',
  message: (d: { before: string; after: string }) => `No picture differs between ${d.before} and ${d.after}, so there is none to write.`,
  hint: () => 'Leave --out away.',
  exit: 2,
})
const outInvalid = defineError('DIFF_OUT_INVALID', {
  summary: 'The file for a picture of differences cannot be that.',
  message: (d: { file: string; why: string }) => `${d.file} cannot hold the differences: ${d.why}.`,
  hint: () => 'Name a new file that ends in .png, outside the folder of assets.',
  exit: 2,
})

const side = z.object({
  ref: z.string(),
  version: z.string(),
  isPresent: z.boolean().describe('As it lies there now, be it recorded or not.'),
})
const change = z.enum(['added', 'removed', 'changed'])
const fileFacts = z.object({ file: z.string(), hash: z.string(), sizeBytes: z.number().int() })
const pictureSize = z.object({ widthPx: z.number().int(), heightPx: z.number().int() })
const soundMeasures = z.object({
  durationMs: z.number(),
  sampleRateHz: z.number(),
  channels: z.number().int(),
  loudnessLufs: z.number().nullable(),
  peakDb: z.number().nullable(),
})
const cssValue = z.union([z.string(), z.number(), z.record(z.string(), z.union([z.string(), z.number()]))])

const outputSchema = z.object({
  before: side,
  after: side,
  isSame: z.boolean(),
  metadata: z.array(
    z.object({
      field: z.string(),
      change,
      before: z.unknown().optional(),
      after: z.unknown().optional(),
      added: z.array(z.string()).optional().describe('Of sets such as tags.'),
      removed: z.array(z.string()).optional(),
      colorDistance: z.number().optional().describe('ΔE OK.'),
    }),
  ),
  files: z.array(
    z.object({
      file: z.string(),
      change,
      before: fileFacts.nullable(),
      after: fileFacts.nullable(),
      text: z.object({ unified: z.string(), addedLines: z.number().int(), removedLines: z.number().int() }).optional(),
      picture: z
        .object({
          before: pictureSize,
          after: pictureSize,
          pixels: z
            .object({
              total: z.number().int(),
              different: z.number().int().describe('Pixels that look different.'),
              percent: z.number().describe('Of the smallest frame that holds both.'),
              unequal: z.number().int().describe('Pixels that differ at all, be it unseen.'),
            })
            .optional(),
        })
        .optional(),
      sound: z.object({ before: soundMeasures, after: soundMeasures }).optional(),
      why: z.string().optional().describe('Why the content could not be compared.'),
    }),
  ),
  tokens: z.array(
    z.object({
      token: z.string(),
      mode: z.string().optional(),
      type: z.string(),
      change,
      before: cssValue.optional(),
      after: cssValue.optional(),
      colorDistance: z.number().optional().describe('ΔE OK.'),
    }),
  ),
  out: z.string().optional().describe('Absolute path of the picture of differences.'),
})
type Output = z.output<typeof outputSchema>

export default defineOperation({
  input: z.strictObject({
    before: z.string().min(1).describe('The earlier state: REF, REF@1.0.0, REF@label or REF@branch.'),
    after: z.string().min(1).describe('The later state, of the same asset or another; REF alone is what lies there now.'),
    out: z.string().min(1).optional().describe('PNG to write in which differing pixels are red.'),
  }),
  output: outputSchema,
  positional: ['before', 'after'],
  // For --out; without it nothing is written.
  effect: 'write',
  paths: ({ out }) => [out],
  example: 'assetloom diff LOGO-ACME-MARK001@1.0.0 LOGO-ACME-MARK001 --out diff.png',
  async run(input, { workspace, signal }): Promise<Output> {
    const out = input.out === undefined ? undefined : requireOut(input.out, workspace.options)
    const [before, after] = [await readState(input.before, workspace), await readState(input.after, workspace)]
    const { png, ...found } = await compareStates(before, after, { workspace, wantsPng: out !== undefined, signal })
    if (out !== undefined) {
      if (!png) throw noPicture(input)
      workspace.writeVerified(out, png)
    }
    const sideOf = ({ ref, version, isPresent }: typeof before) => ({ ref, version, isPresent })
    return {
      before: sideOf(before),
      after: sideOf(after),
      isSame: found.metadata.length + found.files.length + found.tokens.length === 0,
      ...found,
      tokens: [...found.tokens],
      ...(out !== undefined && { out }),
    }
  },
  present: (output) =>
    [
      `${nameOf(output.before)} → ${nameOf(output.after)}`,
      ...(output.isSame ? ['no difference'] : []),
      ...table(output.metadata.map((one) => [one.field, ...valuesOf(one)])),
      ...table(output.tokens.map((one) => [one.mode === undefined ? one.token : `${one.token} (${one.mode})`, ...valuesOf(one)])),
      ...output.files.flatMap(presentFile),
      ...(output.out === undefined ? [] : [`✓ ${output.out}`]),
    ].join('\n'),
})

/** @throws DIFF_OUT_INVALID for a file that is no PNG, or stands where assets do */
function requireOut(file: string, { root, assetsDir }: { root: string; assetsDir: string }): string {
  const path = resolve(root, file)
  if (!/\.png$/i.test(file)) throw outInvalid({ file, why: 'its name does not end in .png' })
  if (path.startsWith(resolve(root, assetsDir) + sep)) throw outInvalid({ file, why: 'it lies among the assets' })
  if (existsSync(path) && !readFileSync(path).subarray(0, 4).equals(Buffer.from('\x89PNG', 'latin1')))
    throw outInvalid({ file, why: 'another file stands there that is no PNG' })
  return path
}

const nameOf = ({ ref, version, isPresent }: Output['before']) => `${ref}@${version}${isPresent ? ' (now)' : ''}`

/** The values before and after as cells of a table. */
function valuesOf(one: { before?: unknown; after?: unknown; added?: string[] | undefined; removed?: string[] | undefined; colorDistance?: number | undefined }): string[] {
  const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)).replace(/\s+/g, ' ')
  if (one.added && one.removed)
    return [[...one.removed.map((word) => emphasized(`-${word}`, 'removed')), ...one.added.map((word) => emphasized(`+${word}`, 'added'))].join(' ')]
  const before = one.before === undefined ? '' : emphasized(shown(one.before), 'removed')
  const after = one.after === undefined ? '' : emphasized(shown(one.after), 'added')
  return [`${before} → ${after}${one.colorDistance === undefined ? '' : `  ΔE ${one.colorDistance}`}`]
}

function presentFile({ file, change, before, after, text, picture, sound, why }: Output['files'][number]): string[] {
  const sizes = [before, after].flatMap((facts) => (facts ? byteSize(facts.sizeBytes) : [])).join(' → ')
  const facts = [
    ...(picture ? [`${pixelsOf(picture.before)} → ${pixelsOf(picture.after)}`] : []),
    ...(picture?.pixels ? [`${picture.pixels.percent} % of the pixels look different`] : []),
    ...(sound ? [`${heard(sound.before)} → ${heard(sound.after)}`] : []),
    ...(text ? [`+${text.addedLines} -${text.removedLines} lines`] : []),
    ...(why === undefined ? [] : [`not compared: ${why}`]),
  ]
  return [`${file}  ${[change, sizes, ...facts].join(', ')}`, ...(text ? presentUnified(text.unified) : [])]
}

const pixelsOf = ({ widthPx, heightPx }: { widthPx: number; heightPx: number }) => `${widthPx} × ${heightPx}`

function heard({ durationMs, loudnessLufs, peakDb }: SoundMeasures): string {
  const level = (value: number | null, unit: string) => (value === null ? [] : [`${value} ${unit}`])
  return [`${(durationMs / 1000).toFixed(2)} s`, ...level(loudnessLufs, 'LUFS'), ...level(peakDb, 'dB peak')].join(' ')
}
