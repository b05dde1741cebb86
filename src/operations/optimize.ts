import * as z from 'zod'
import { requireAsset } from '../core/find-asset.ts'
import { libraryKind } from '../core/kinds/index.ts'
import { compressionLevels, type RefineRequest } from '../core/refinement.ts'
import { reductionNames, tightenText } from '../core/tighten-text.ts'
import { byteSize } from '../core/value-representation.ts'
import { countTokens, tokenEncoding } from '../workspace/token-count.ts'
import { readAssetFile } from './asset-change.ts'
import { changeItem } from './change-item.ts'
import { defineOperation, type OperationContext } from './operation.ts'
import refine, { requireFormat } from './refine.ts'
import { requireItem, requireText, type FoundItem } from './require-item.ts'
import { entryInProject, starterItem } from './starter-item.ts'

const outputSchema = z.object({
  ref: z.string(),
  unit: z.enum(['tokens', 'bytes']),
  before: z.number().int(),
  after: z.number().int(),
  encoding: z.string().optional().describe('What tokens were counted in.'),
  reductions: z.array(z.object({ what: z.enum(reductionNames), count: z.number().int() })).optional(),
  text: z.string().optional().describe('The shorter text of a prompt.'),
  written: z.boolean(),
  version: z.string().describe('The version that the asset has now.'),
})
type Output = z.output<typeof outputSchema>

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('A prompt or style, also of the starter library; a picture or sound.'),
    write: z.boolean().default(false).describe('Write the result as a new version. Without it, only say what it would save.'),
    compress: z
      .enum(compressionLevels)
      .default('low')
      .describe('For pictures and sounds: low is hardly seen or heard, high is the smallest.'),
  }),
  output: outputSchema,
  positional: ['ref'],
  effect: 'write',
  example: 'assetloom optimize ai-prompts/content/greeting --write',
  async run({ ref, write, compress }, context) {
    const starter = await starterItem(ref, 'optimize', context.workspace)
    if (starter) return optimizeText(starter, write, context)
    const { entry } = requireAsset(context.workspace.manifest.read().assets, ref)
    if (!libraryKind(entry.kind)) return optimizeMedia(ref, compress, write, context)
    return optimizeText(await requireItem(ref, 'optimize', context.workspace), write, context)
  },
  present({ ref, unit, before, after, reductions = [], written, version }) {
    const amount = (count: number) => (unit === 'bytes' ? byteSize(count) : `${count} tokens`)
    if (before <= after && !written) return `· ${ref}  ${amount(before)}: nothing to take away`
    const percent = before === 0 ? 0 : Math.round((1 - after / before) * 1000) / 10
    return [
      `${written ? '✓' : '·'} ${ref}  ${amount(before)} → ${amount(after)} (${percent} % less)${written ? `, version ${version}` : '; --write writes it'}`,
      ...reductions.map(({ what, count }) => `  ${what}: ${count}`),
    ].join('\n')
  },
})

async function optimizeText(found: FoundItem, write: boolean, { workspace }: OperationContext): Promise<Output> {
  const { entry, item, kind } = found
  const { text, path } = requireText(found, 'optimize')
  const { text: shorter, reductions } = tightenText(text)
  const [before, after] = [await countTokens(text), await countTokens(shorter)]
  // Styles say what they cost.
  const cost = 'tokenCost' in kind.fields && item.fields.tokenCost !== after ? { tokenCost: after } : {}
  const isNews = shorter !== text || 'tokenCost' in cost
  const isFile = path[0] === 'files'
  const change = {
    members: { ...(shorter !== text && !isFile && { [path[0] as string]: shorter }), ...cost },
    message: 'optimized',
    contents: new Map(isFile ? [[item.files[0]!.name, new TextEncoder().encode(shorter)]] : []),
  }
  const { version } = write && isNews ? await changeItem(await entryInProject(found, workspace), change, workspace) : entry
  return {
    ref: item.id,
    unit: 'tokens',
    before,
    after,
    encoding: tokenEncoding,
    reductions: reductionNames.flatMap((what) => {
      const count = reductions[what]
      return count === undefined ? [] : [{ what, count }]
    }),
    text: shorter,
    written: write && isNews,
    version,
  }
}

async function optimizeMedia(
  name: string,
  compress: NonNullable<RefineRequest['compress']>,
  write: boolean,
  context: OperationContext,
): Promise<Output> {
  const { workspace } = context
  const { ref, entry } = requireAsset(workspace.manifest.read().assets, name)
  const { bytes, format } = readAssetFile(ref, entry, workspace)
  const request: RefineRequest =
    requireFormat(ref, entry, format).extension === 'svg' ? { optimiseSvg: true } : { compress }
  if (write) {
    const done = await refine.run({ ref, optimiseSvg: false, force: false, ...request, resize: undefined }, context)
    return {
      ref,
      unit: 'bytes',
      before: done.before.size,
      after: done.after.size,
      written: done.changed,
      version: done.version,
    }
  }
  const made = await workspace.refineMedia(bytes, requireFormat(ref, entry, format), request)
  const after = Math.min(made.bytes.length, bytes.length)
  return { ref, unit: 'bytes', before: bytes.length, after, written: false, version: entry.version }
}
