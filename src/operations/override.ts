import * as z from 'zod'
import { changedSettings, mergeSettings, settingsOf, withoutSettings, type Settings } from '../core/settings.ts'
import { effectiveSettings } from '../core/site.ts'
import { refreshSources } from './asset-change.ts'
import { defineOperation } from './operation.ts'
import { adopter, findItem } from './site-item.ts'

const settingsSchema = z.record(z.string(), z.unknown())

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('Id of a configs/global item; also of the starter library.'),
    set: z.record(z.string(), z.string()).default({}).describe('Another value of a setting, e.g. openGraph.type=article. What is JSON is read as that.'),
    unset: z.array(z.string()).default([]).describe('Settings of this layer that go, separated by commas.'),
    site: z.string().optional().describe('Only in this site. Default: in the whole project.'),
    dryRun: z.boolean().default(false).describe('Say what would hold, change nothing.'),
  }),
  output: z.object({
    ref: z.string(),
    site: z.string().nullable(),
    overrides: settingsSchema.describe('The layer after the change.'),
    config: settingsSchema.describe('What holds now: the item with every layer above it.'),
    changed: z.array(z.object({ setting: z.string(), before: z.unknown().optional(), after: z.unknown() })),
    isDryRun: z.boolean(),
  }),
  positional: ['ref'],
  effect: 'write',
  example: 'assetloom override configs/global/performance/budgets --set budgetsBytes.script=90000',
  async run(input, { workspace }) {
    const found = await findItem('override', input.ref, workspace)
    const { ref, item } = found
    const fields = item.fields as { config: Settings; overrides?: { site: string; config: Settings }[] }
    const sites = await workspace.sites()
    const site = input.site === undefined ? undefined : sites.find(input.site)!.id
    const set = settingsOf(input.set)
    const isAsked = Object.keys(set).length + input.unset.length > 0
    const adopt = await adopter(found.adopted, workspace)
    const done = sites.change(input.dryRun || !isAsked, (change) => {
      adopt(change)
      const before = effectiveSettings(ref, fields, change.file, site)
      const record = site === undefined ? change.file : (change.file.sites[site] ??= {})
      const layer = mergeSettings(withoutSettings(record.overrides?.[ref] ?? {}, input.unset), set)
      const { [ref]: _old, ...others } = record.overrides ?? {}
      record.overrides = Object.keys(layer).length > 0 ? { ...others, [ref]: { ...layer } } : others
      const config = effectiveSettings(ref, fields, change.file, site)
      return { overrides: { ...layer }, config: { ...config }, changed: changedSettings(before, config) }
    })
    if (!input.dryRun && isAsked) await refreshSources(workspace)
    return { ref, site: site ?? null, ...done, isDryRun: input.dryRun }
  },
  present: ({ ref, site, config, changed, isDryRun }) =>
    [
      `${ref}${site === null ? '' : ` in ${site}`}${isDryRun ? ', nothing is changed' : ''}`,
      ...changed.map(({ setting, before, after }) => `✓ ${setting}: ${before === undefined ? '' : `${JSON.stringify(before)} → `}${JSON.stringify(after)}`),
      JSON.stringify(config, null, 2),
    ].join('\n'),
})
