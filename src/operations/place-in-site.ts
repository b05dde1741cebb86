import * as z from 'zod'
import { frameworkOf } from '../core/kinds/code-files.ts'
import type { Item, LibraryKind, SiteFile } from '../core/kinds/kind.ts'
import type { SitesFile } from '../core/site.ts'
import type { WorkspaceSites } from '../workspace.ts'
import { refreshSources } from './asset-change.ts'
import type { OperationContext } from './operation.ts'
import { precompileAfter, precompiledSchema } from './site-cache.ts'
import { addToSite, adopter, type FoundSiteItem } from './site-item.ts'
import { placeSiteFiles, writtenFileSchema, writtenLine, type MergedSiteFile } from './site-files.ts'

export const placedSchema = z.object({
  ref: z.string(),
  version: z.string(),
  site: z.string().nullable().describe('null: the project itself.'),
  files: z.array(writtenFileSchema),
  importLine: z.string().optional().describe('How code of the site gets at it.'),
  isListed: z.boolean().describe('It was added to the list of the site.'),
  pinned: z.string().optional().describe('The version that the site keeps.'),
  adopted: z.array(z.string()).describe('Items of the starter library that the project now has.'),
  isDryRun: z.boolean(),
  precompiled: precompiledSchema,
})
export type Placed = z.output<typeof placedSchema>

export interface PlaceInput {
  site?: string | undefined
  slots: Readonly<Record<string, string>>
  props: Readonly<Record<string, string>>
  to?: string | undefined
  /** Copy nothing: the site imports it from the library. */
  byImport: boolean
  repin: boolean
  onConflict: 'refuse' | 'keep' | 'replace'
  merged?: ReadonlyMap<string, MergedSiteFile> | undefined
  dryRun: boolean
}

/** Put an item into a site. @throws SITE_UNKNOWN, SITE_NEEDED, SITE_PINNED, USE_REFUSED, FILE_EXISTS */
export async function placeInSite(found: FoundSiteItem, input: PlaceInput, context: OperationContext): Promise<Placed> {
  const { workspace } = context
  const { ref, item, kind, version } = found
  const sites = await workspace.sites()
  const site = sites.find(input.site)
  const root = site?.root ?? '.'
  const before = filledBefore(ref, sites.shown(sites.pathIn(root, input.to ?? '.')), sites.read())
  const filled = { slots: { ...before.slots, ...input.slots }, props: { ...before.props, ...input.props } }
  const settings = kind.configure?.(item).target
  const wanted = input.byImport ? [] : wantedFiles(found, root, { ...filled, target: input.to }, sites)
  const adopt = await adopter(found.adopted, workspace)
  const done = sites.change(input.dryRun, (change) => {
    const adopted = adopt(change)
    const now = sites.all(change.file).find(({ id }) => id === site?.id)
    const listed = now ? addToSite(change.file, now, { ref, kind: kind.name, version }, input.repin) : { isListed: false }
    const files = placeSiteFiles(change, sites, { root, ref, version, files: wanted, onConflict: input.onConflict, merged: input.merged, filled: withValues(filled) })
    if (settings !== undefined) delete change.file.files[sites.shown(sites.pathIn(root, settings))]
    return { adopted, files, ...listed }
  })
  if (!input.dryRun && done.adopted.length > 0) await refreshSources(workspace)
  const line = importLine(item, wanted[0]?.target, done.pinned)
  if (!input.dryRun) workspace.counters.add(ref, 'usageCount')
  const precompiled = input.dryRun ? {} : await precompileAfter(site?.id, context)
  return { ref, version, site: site?.id ?? null, ...done, ...(line !== undefined && { importLine: line }), isDryRun: input.dryRun, ...precompiled }
}

/** The files that an item is to have in a site. The settings of a module are the site's from the first time on. */
export function wantedFiles(
  { item, kind }: FoundSiteItem,
  root: string,
  wish: Parameters<NonNullable<LibraryKind['place']>>[1],
  sites: WorkspaceSites,
): SiteFile[] {
  const settings = kind.configure?.(item).target
  return kind.place!(item, wish).filter(({ target }) => target !== settings || sites.bytesAt(sites.pathIn(root, target)) === undefined)
}

export function placedText({ ref, site, files, importLine, isListed, pinned, adopted, isDryRun, precompiled }: Placed): string {
  return [
    ...(isDryRun ? ['Nothing is changed.'] : []),
    ...adopted.map((one) => `✓ ${one}  from the starter library`),
    ...files.map(writtenLine),
    ...(isListed ? [`✓ ${ref} is in the list of the site ${site}`] : []),
    ...(pinned === undefined ? [] : [`  ${site} keeps version ${pinned}`]),
    ...(importLine === undefined ? [] : [`  ${importLine}`]),
    ...(precompiled ? [`  ${precompiled} pictures of ${site} made`] : []),
  ].join('\n')
}

interface Filled {
  slots?: Record<string, string> | undefined
  props?: Record<string, string> | undefined
}

/** What the copy of an item at a place, or anywhere under it, was filled with: it keeps that until it is told otherwise. */
function filledBefore(ref: string, place: string, { files }: SitesFile): Filled {
  const found = Object.entries(files).find(
    ([file, one]) => one.ref === ref && (one.slots ?? one.props) && (place === '' || file === place || file.startsWith(`${place}/`)),
  )
  return found?.[1] ?? {}
}

function withValues({ slots, props }: Required<Filled>): { slots?: Record<string, string>; props?: Record<string, string> } {
  const hasAny = (values: object | undefined) => Object.keys(values ?? {}).length > 0
  return { ...(slots && hasAny(slots) && { slots }), ...(props && hasAny(props) && { props }) }
}

/** How code gets at a copy, or without one at the item itself. */
function importLine(item: Item, target: string | undefined, pinned: string | undefined): string | undefined {
  const pascal = item.name.split(/[-_]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  const name = /^\d/.test(pascal) ? `_${pascal}` : pascal
  const isComponent = typeof item.fields.code === 'string' && frameworkOf(item.fields.code) !== undefined
  if (target === undefined) return `import ${isComponent ? name : name.charAt(0).toLowerCase() + name.slice(1)} from "asset:${item.id}${pinned === undefined ? '' : `@${pinned}`}"`
  // Pages are reached by their address, and the files of a module know each other.
  return isComponent && !/^src\/pages\//.test(target) ? `import ${name} from '/${target}'` : undefined
}
