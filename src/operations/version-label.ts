import * as z from 'zod'
import { requireAsset } from '../core/find-asset.ts'
import { defineError } from '../core/errors.ts'
import { isItem } from '../core/kinds/item-entry.ts'
import { labelsOf, latestLabel, requireVersion, requireVersionName } from '../core/version/find-version.ts'
import { refreshSources } from './asset-change.ts'
import { defineOperation } from './operation.ts'

const labelUnknown = defineError('LABEL_UNKNOWN', {
  summary: 'A label was to be taken away that an asset does not have.',
  message: (d: { ref: string; label: string; known: readonly string[] }) =>
    `${d.ref} has no label ${JSON.stringify(d.label)}${d.known.length > 0 ? `; it has ${d.known.join(', ')}` : ''}.`,
  http: 404,
})

const labelInFile = defineError('LABEL_IN_FILE', {
  summary: 'A label stands in the file of a library item, which says it for good.',
  message: (d: { ref: string; label: string; file: string }) => `${d.file} itself says where the label ${d.label} of ${d.ref} stands.`,
  hint: () => 'Change it there and run assetloom sync, or take it out there.',
  exit: 5,
})

const versionMissing = defineError('LABEL_NEEDS_VERSION', {
  summary: 'A label was to be set, and no version was named; or one was named for a label that is to go.',
  message: (d: { label: string; isRemoved: boolean }) =>
    d.isRemoved ? `${d.label} is to be taken away, and a version was named.` : `No version was named for ${d.label}.`,
  hint: () => 'Write assetloom version label REF NAME VERSION, or assetloom version label REF NAME --remove.',
  exit: 2,
})

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('Token, id or alias.'),
    name: z.string().min(1).describe('The label, e.g. production.'),
    version: z.string().min(1).optional().describe('The version it is to stand at; a label or a branch will do.'),
    remove: z.boolean().default(false).describe('Take the label away.'),
  }),
  output: z.object({
    ref: z.string(),
    label: z.string(),
    version: z.string().optional().describe('Absent when it was taken away.'),
    before: z.string().optional().describe('Where it stood before.'),
    labels: z.record(z.string(), z.string()),
  }),
  positional: ['ref', 'name', 'version'],
  effect: 'write',
  example: 'assetloom version label LOGO-ACME-MARK001 production 1.2.0',
  async run(input, { workspace }) {
    const { name } = input
    if (input.remove === (input.version !== undefined)) throw versionMissing({ label: name, isRemoved: input.remove })
    const history = (await workspace.versions()).history(input.ref)
    const { ref, entry: known } = history
    requireVersionName('label', name, history)
    if (isItem(known)) {
      const { item } = await workspace.library.read(known.file)
      const own = item.fields.labels
      if (own !== null && typeof own === 'object' && Object.hasOwn(own, name)) throw labelInFile({ ref, label: name, file: known.file })
    }
    const version = input.version === undefined ? undefined : requireVersion(history, input.version).version
    const done = workspace.manifest.update((draft) => {
      const { entry } = requireAsset(draft.assets, ref)
      const { [name]: before, ...others } = labelsOf(entry)
      if (version === undefined && before === undefined) throw labelUnknown({ ref, label: name, known: Object.keys(others) })
      const labels = { ...others, ...(version !== undefined && { [name]: version }) }
      if (Object.keys(labels).length > 0) entry.labels = labels
      else delete entry.labels
      return { ...(before !== undefined && { before }), labels: { ...labels, [latestLabel]: entry.version } }
    })
    await refreshSources(workspace)
    return { ref, label: name, ...(version !== undefined && { version }), ...done }
  },
  present: ({ ref, label, version, before }) =>
    version === undefined
      ? `✓ ${ref} has the label ${label} no more`
      : `✓ ${ref}@${label} is ${version}${before === undefined || before === version ? '' : `, was ${before}`}`,
})
