import * as z from 'zod'
import { cacheStrategies, type CacheStrategy } from './cache-strategy.ts'
import { segmentRefusal } from './names.ts'
import { mergeSettings, type Settings } from './settings.ts'

/* Sites that share one library: declared in the options, with what commands added to them in `assets/sites.json`. */

/** The lists of a site; a kind names the one that its items stand in. */
export const siteLists = ['designTokens', 'stylePrompts', 'templates', 'uiComponents', 'workflows', 'modules'] as const
export type SiteList = (typeof siteLists)[number]

const ref = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_./-]*$/, 'must be the id, token or alias of an asset')

const siteRoot = z
  .string()
  .overwrite((path) => path.replace(/^(?:\.\/)+|\/+$/g, '') || '.')
  .refine(
    (path) => path === '.' || path.split('/').every((part) => segmentRefusal(part) === undefined),
    'must be a folder inside the project, relative to it, with "/" between folders',
  )
  .refine((path) => !isReserved(path), 'must not lie in node_modules, .assetloom or .git')
  .describe('Folder of the site, relative to the root.')

/** Folders of a project that no site file may stand in. */
export function isReserved(path: string): boolean {
  return /(?:^|\/)(?:node_modules|\.assetloom|\.git)(?:\/|$)/i.test(path)
}

const list = z.array(ref).optional()
const assets = z
  .strictObject({ designTokens: list, stylePrompts: list, templates: list, uiComponents: list, workflows: list, modules: list })
  .describe('Refs of the library that the site uses.')

const assetPreferences = z.strictObject({
  autoImport: z.boolean().optional().describe('Applying a site template adds what it recommends. Default: true.'),
  versionPinning: z
    .boolean()
    .optional()
    .describe('The site keeps the version of each asset that it began to use. Default: false.'),
  cacheStrategy: z
    .enum(cacheStrategies)
    .optional()
    .describe(
        'How eagerly the pictures of the site are made, and how long `cache optimize` keeps them. aggressive: made before they are asked for, always kept. moderate: dropped when unused for 30 days. minimal: dropped, too, when their asset has changed. Default: moderate.',
    ),
})

/** A site as the options declare it. */
export const siteOption = z.strictObject({
  root: siteRoot,
  assets: assets.optional(),
  assetPreferences: assetPreferences.optional(),
})
export type SiteOption = z.output<typeof siteOption>

export const siteId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be a name of letters, digits, "-" and "_"')

const settings = z.record(z.string(), z.unknown())

const siteRecord = z.strictObject({
  root: siteRoot.optional().describe('Of a site that the options do not declare.'),
  template: z
    .strictObject({ ref, version: z.string(), config: settings })
    .optional()
    .describe('The site template that was applied, with its settings as they were then.'),
  config: settings.optional(),
  assets: assets.optional(),
  assetPreferences: assetPreferences.optional(),
  pins: z.record(ref, z.string()).optional().describe('The version of each asset that the site keeps.'),
  overrides: z.record(ref, settings).optional().describe('Settings that hold here in place of those of configs/global.'),
})
export type SiteRecord = z.output<typeof siteRecord>

/** `assets/sites.json`: what commands know of sites and of the files they wrote; committed. */
export const sitesFileSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  overrides: z.record(ref, settings).default({}).describe('Settings that hold in the whole project.'),
  sites: z.record(siteId, siteRecord).default({}),
  files: z
    .record(
      z.string(),
      z.strictObject({
        ref,
        version: z.string(),
        hash: z.string().regex(/^sha256:[0-9a-f]{64}$/),
        slots: z.record(z.string(), z.string()).optional().describe('What its slots were filled with.'),
        props: z.record(z.string(), z.string()).optional().describe('What its props were filled with.'),
      }),
    )
    .default({})
    .describe('Files that were written from assets, with their digests, relative to the root.'),
})
export type SitesFile = z.output<typeof sitesFileSchema>

export function emptySitesFile(): SitesFile {
  return { $schema: '../node_modules/assetloom/schema/sites.json', version: 1, overrides: {}, sites: {}, files: {} }
}

/** A site with everything that options and file say of it. */
export interface Site {
  id: string
  /** Relative to the project; `.` is the project itself. */
  root: string
  assets: Readonly<Record<SiteList, readonly string[]>>
  assetPreferences: { autoImport: boolean; versionPinning: boolean; cacheStrategy: CacheStrategy }
  config: Settings
  /** Version by ref. */
  pins: Readonly<Record<string, string>>
  /** The ref of its site template. */
  template?: string
}

/** What the options declare comes first, and stands above the file. */
export function joinSites(options: Readonly<Record<string, SiteOption>>, file: SitesFile): Site[] {
  const ids = [...new Set([...Object.keys(options), ...Object.keys(file.sites)])].sort()
  return ids.flatMap((id) => {
    const declared = Object.hasOwn(options, id) ? options[id] : undefined
    const record = Object.hasOwn(file.sites, id) ? file.sites[id]! : {}
    const root = declared?.root ?? record.root
    // A record of a site that the options declared once, and declare no more, names no folder.
    if (root === undefined) return []
    const refs = siteLists.map((name) => [name, [...new Set([...(declared?.assets?.[name] ?? []), ...(record.assets?.[name] ?? [])])]] as const)
    const given = { ...record.assetPreferences, ...declared?.assetPreferences }
    return [
      {
        id,
        root,
        assets: Object.fromEntries(refs) as unknown as Site['assets'],
        assetPreferences: {
          autoImport: given.autoImport ?? true,
          versionPinning: given.versionPinning ?? false,
          cacheStrategy: given.cacheStrategy ?? 'moderate',
        },
        config: record.config ?? {},
        pins: record.pins ?? {},
        ...(record.template && { template: record.template.ref }),
      },
    ]
  })
}

/**
 * What settings of `configs/global` come to: the item's own, its override for the site, the project's and the site's layer.
 * @throws SETTING_REFUSED
 */
export function effectiveSettings(
  ref: string,
  item: { config: Settings; overrides?: readonly { site: string; config: Settings }[] | undefined },
  file: SitesFile,
  site: string | undefined,
): Settings {
  const ofItem = (item.overrides ?? []).filter((one) => one.site === site).map(({ config }) => config)
  const ofSite = site === undefined ? undefined : file.sites[site]?.overrides?.[ref]
  return [...ofItem, file.overrides[ref] ?? {}, ofSite ?? {}].reduce<Settings>((below, layer) => mergeSettings(below, layer), mergeSettings({}, item.config))
}
