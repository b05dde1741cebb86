import { dirname } from 'node:path'
import * as z from 'zod'
import { extendLock } from '../core/graph/lock.ts'
import { placeOfName } from '../core/kinds/item-id.ts'
import { settingsOf } from '../core/settings.ts'
import { refreshSources, requireFree } from './asset-change.ts'
import { copiedItem } from './copied-item.ts'
import { requireOwnName } from './new-item.ts'
import { recordItems } from './library-items.ts'
import { defineOperation } from './operation.ts'
import { adopter, findItem } from './site-item.ts'

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('Id of the item to begin with; also of the starter library.'),
    id: z.string().min(1).optional().describe('Group and name of the new one, e.g. sections/hero-warm. Default: the same with -custom.'),
    set: z.record(z.string(), z.string()).default({}).describe('Another value of a field, e.g. props.0.default=Hello. What is JSON is read as that.'),
    dryRun: z.boolean().default(false).describe('Check the new item and say what would be written.'),
  }),
  output: z.object({
    ref: z.string(),
    from: z.string(),
    version: z.string().describe('Of what it was made from.'),
    files: z.array(z.string()).describe('Relative to the root.'),
    adopted: z.array(z.string()).describe('Items of the starter library that the project now has.'),
    isDryRun: z.boolean(),
  }),
  positional: ['ref', 'id'],
  effect: 'write',
  example: 'assetloom customize templates/sections/hero sections/hero-warm --set description="Hero of the bakery"',
  async run(input, { workspace }) {
    const { ref, item, kind, version, adopted: starters } = await findItem('customize', input.ref, workspace)
    const place = placeOfName(kind, input.id ?? `${item.group}/${item.name}-custom`)
    const { library } = workspace
    const sites = await workspace.sites()
    const file = library.fileOf(place.id)
    const source = starters.find(({ read }) => read.item.id === ref)
    const own = source ? source.files.get(item.file)! : library.bytesOf(item.file)
    const dependencies = { ...item.head.dependencies, [ref]: `^${version}` }
    const copied = await copiedItem({ item, own }, place, { dependencies }, workspace)
    const changed = sites.withFields(copied.own, settingsOf(input.set))
    const read = await library.check(file, changed, copied.contents)
    const written = new Map([[file, changed], ...[...copied.contents].map(([name, bytes]) => [`${dirname(file)}/${name}`, bytes] as const)])
    const adopt = await adopter(starters, workspace)
    const adopted = sites.change(input.dryRun, (change) => {
      const names = adopt(change)
      for (const [path, bytes] of written) {
        requireFree(path, workspace)
        requireOwnName(path, place, Object.keys(change.manifest.assets), workspace)
        change.place(sites.pathIn('.', path), bytes)
      }
      recordItems(change.manifest, [read], workspace)
      extendLock(change.manifest)
      return names
    })
    if (!input.dryRun) await refreshSources(workspace)
    return { ref: place.id, from: ref, version, files: [...written.keys()], adopted, isDryRun: input.dryRun }
  },
  present: ({ ref, from, version, files, isDryRun }) =>
    [`${isDryRun ? 'Would make' : '✓'} ${ref}  from ${from} ${version}`, ...files.map((file) => `  ${file}`)].join('\n'),
})
