import { defineError } from '../core/errors.ts'
import { findAsset } from '../core/find-asset.ts'
import type { Application } from '../core/kinds/kind.ts'
import { changedSettings, followPreset, mergeSettings, type Settings } from '../core/settings.ts'
import { siteId, siteOption } from '../core/site.ts'
import type { SitesChange } from '../workspace.ts'
import type { Applied, Applying } from './apply.ts'
import { neededTarget } from './apply-file.ts'
import { addToSite, adoptable, adopter } from './site-item.ts'

const siteInvalid = defineError('SITE_INVALID', {
  summary: 'A new site was given an id or a folder that no site can have.',
  message: (d: { what: string; value: string; why: string }) => `${JSON.stringify(d.value)} can be no ${d.what} of a site: it ${d.why}.`,
  hint: () => 'assetloom apply configs/site-templates/… my-site --root sites/my-site',
  exit: 2,
})
const rootStands = defineError('SITE_ROOT_STANDS', {
  summary: 'A site that has a folder was given another.',
  message: (d: { site: string; root: string; wanted: string }) => `The site ${d.site} stands in ${d.root}, and not in ${d.wanted}.`,
  hint: () => 'Leave --root out; a site is moved by hand: its folder, and root in the options or in sites.json.',
  exit: 5,
})

/**
 * Make a site from a template, or bring one up to date: settings that were changed here stay, those that were not
 * follow the template, and what it recommends is added where the site imports by itself.
 */
export async function applySite(
  { recommended }: Extract<Application, { to: 'site' }>,
  { input, found, set, workspace, sites }: Applying,
  adopt: (change: SitesChange) => string[],
): Promise<Applied> {
  const { ref, item, version } = found
  const id = input.target
  if (id === undefined) throw neededTarget(ref, 'a site')
  const checkedId = siteId.safeParse(id)
  if (!checkedId.success) throw siteInvalid({ what: 'id', value: id, why: checkedId.error.issues[0]!.message })
  const known = sites.all().find((site) => site.id === id)
  const checkedRoot = siteOption.shape.root.safeParse(input.root ?? known?.root ?? `sites/${id}`)
  if (!checkedRoot.success) throw siteInvalid({ what: 'folder', value: input.root!, why: checkedRoot.error.issues[0]!.message })
  const root = checkedRoot.data
  if (known && known.root !== root) throw rootStands({ site: id, root: known.root, wanted: root })
  sites.pathIn(root, 'package.json')

  const doesImport = known?.assetPreferences.autoImport ?? workspace.options.sites[id]?.assetPreferences?.autoImport ?? true
  const wanted = doesImport ? recommended : []
  const adoptRecommended = await adopter(await adoptable(wanted, workspace.manifest.read().assets, workspace), workspace)
  const preset = mergeSettings({}, item.fields.config as Settings)
  return sites.change(input.dryRun, (change) => {
    const record = (change.file.sites[id] ??= {})
    if (!known) record.root = root
    const before = record.config ?? {}
    const followed = record.template ? followPreset(record.template.config, before, preset) : mergeSettings(preset, before)
    record.config = { ...mergeSettings(followed, set) }
    record.template = { ref, version, config: { ...preset } }
    const adopted = [...adopt(change), ...adoptRecommended(change)]
    const there = wanted.flatMap((one) => findAsset(change.manifest.assets, one) ?? [])
    const added = there.filter(({ ref: one, entry: { kind, version: present } }) => {
      const site = sites.all(change.file).find((other) => other.id === id)!
      return addToSite(change.file, site, { ref: one, kind, version: present }, input.repin).isListed
    })
    return {
      site: id,
      files: [],
      changed: changedSettings(before, record.config),
      isListed: false,
      added: added.map((one) => one.ref),
      missing: wanted.filter((one) => findAsset(change.manifest.assets, one) === undefined),
      adopted,
    }
  })
}
