import * as z from 'zod'
import { findAsset } from '../core/find-asset.ts'
import { cacheStrategies } from '../core/cache-strategy.ts'
import { siteLists, type Site } from '../core/site.ts'
import type { Workspace } from '../workspace.ts'
import { defineOperation } from './operation.ts'

const refs = z.array(z.string())
const siteSchema = z.object({
  id: z.string(),
  root: z.string(),
  template: z.string().optional(),
  assets: z.object(Object.fromEntries(siteLists.map((name) => [name, refs])) as Record<(typeof siteLists)[number], typeof refs>),
  assetPreferences: z.object({ autoImport: z.boolean(), versionPinning: z.boolean(), cacheStrategy: z.enum(cacheStrategies) }),
  config: z.record(z.string(), z.unknown()),
  pins: z.record(z.string(), z.string()),
  problems: z.array(z.object({ ref: z.string(), code: z.enum(['missing', 'outdated']), message: z.string() })),
})

export default defineOperation({
  input: z.strictObject({ site: z.string().optional().describe('Only this one.') }),
  output: z.object({ sites: z.array(siteSchema) }),
  positional: ['site'],
  effect: 'read',
  example: 'assetloom sites',
  async run({ site }, { workspace }) {
    const sites = await workspace.sites()
    const shown = site === undefined ? sites.all() : [sites.find(site)!]
    return { sites: shown.map((one) => ({ ...plain(one), problems: problemsOf(one, workspace) })) }
  },
  present: ({ sites }) =>
    sites.length === 0
      ? 'There are no sites: assetloom apply configs/site-templates/… <site> makes one, and the options declare them.'
      : sites
          .flatMap(({ id, root, template, assets, assetPreferences, pins, problems }) => [
            `${id}  ${root}${template === undefined ? '' : `  from ${template}`}  cache ${assetPreferences.cacheStrategy}${assetPreferences.versionPinning ? ', versions pinned' : ''}`,
            ...siteLists.flatMap((list) => assets[list].map((ref) => `  ${ref}${pins[ref] === undefined ? '' : `@${pins[ref]}`}`)),
            ...problems.map(({ message }) => `! ${message}`),
          ])
          .join('\n'),
})

function plain({ template, ...site }: Site) {
  const assets = Object.fromEntries(siteLists.map((name) => [name, [...site.assets[name]]])) as Record<(typeof siteLists)[number], string[]>
  return { ...site, ...(template !== undefined && { template }), assets, config: { ...site.config }, pins: { ...site.pins } }
}

function problemsOf({ id, assets: lists, pins }: Site, workspace: Workspace) {
  const { assets } = workspace.manifest.read()
  const missing = [...new Set([...siteLists.flatMap((name) => lists[name]), ...Object.keys(pins)])]
    .filter((ref) => !findAsset(assets, ref))
    .map((ref) => ({ ref, code: 'missing' as const, message: `${id} names ${ref}, which the project does not have` }))
  const outdated = Object.entries(pins).flatMap(([ref, pinned]) => {
    const version = findAsset(assets, ref)?.entry.version
    if (version === undefined || version === pinned) return []
    return [{ ref, code: 'outdated' as const, message: `${id} keeps ${ref} ${pinned}; the library has ${version}` }]
  })
  return [...missing, ...outdated]
}
