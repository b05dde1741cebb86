import { basename } from 'node:path'
import * as z from 'zod'
import { contentHash } from '../core/digest.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { valueRepresentation } from '../core/value-representation.ts'
import type { Workspace } from '../workspace.ts'
import { describeContent } from './asset-change.ts'
import { readState, type AssetState } from './asset-state.ts'
import { contentOf } from './info.ts'
import { defineOperation } from './operation.ts'

export default defineOperation({
  input: z.strictObject({ ref: z.string().min(1).describe('Token, id or alias; with @version as it was then.') }),
  output: z.object({
    ref: z.string(),
    version: z.string(),
    kind: z.string(),
    valueRepresentation: z.string().max(400).describe('The content in short.'),
  }),
  positional: ['ref'],
  effect: 'read',
  example: 'assetloom summary LOGO-ACME-MARK001',
  async run({ ref: name }, { workspace }) {
    const state = await readState(name, workspace)
    const { ref, version, entry } = state
    return { ref, version, kind: entry.kind, valueRepresentation: await representationOf(state, workspace) }
  },
  present: ({ ref, valueRepresentation: text }) => `${ref}  ${text}`,
})

async function representationOf({ entry, files, isPresent }: AssetState, workspace: Workspace): Promise<string> {
  if (isItem(entry)) return isPresent ? (await contentOf(entry, workspace)).valueRepresentation : valueRepresentation(entry)
  const own = files.find(({ role }) => role === 'own')
  if (!own) return valueRepresentation(entry)
  const media = await workspace.readMedia(await own.read(), basename(own.file))
  const read = structuredClone(entry)
  describeContent(read, media, contentHash(media.bytes))
  return valueRepresentation(read)
}
