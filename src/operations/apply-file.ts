import { basename, extname, join } from 'node:path'
import { statSync } from 'node:fs'
import { defineError } from '../core/errors.ts'
import type { Application } from '../core/kinds/kind.ts'
import type { Site } from '../core/site.ts'
import { withStyleRegion } from '../core/style-region.ts'
import type { SitesChange, WorkspaceSites } from '../workspace.ts'
import type { Applied, Applying } from './apply.ts'
import { fileExists } from './asset-change.ts'
import { fileUnreadable } from './read-source.ts'
import { addToSite } from './site-item.ts'
import { placeSiteFiles, type WrittenFile } from './site-files.ts'

/* Applications that end in one file. */

type Adopt = (change: SitesChange) => string[]
type To<T extends Application['to']> = Extract<Application, { to: T }>

const targetNeeded = defineError('TARGET_NEEDED', {
  summary: 'apply was not told what to apply an asset to, and the asset has no place of its own.',
  message: (d: { ref: string; what: string }) => `${d.ref} is applied to ${d.what}, and none was named.`,
  hint: (d) => `assetloom apply ${d.ref} <target>`,
  exit: 2,
})
const targetUnfit = defineError('TARGET_UNFIT', {
  summary: 'An asset cannot be applied to the file that was named.',
  message: (d: { ref: string; target: string; allowed: readonly string[] }) =>
    `${d.ref} cannot be applied to ${d.target}; allowed: ${d.allowed.join(', ')}.`,
  exit: 2,
})

export function neededTarget(ref: string, what: string): Error {
  return targetNeeded({ ref, what })
}

/** Where a target lies: in the site of that id, or at a path relative to the root. @param own - the file in a site when no other is named */
function placeOf(target: string | undefined, own: string, sites: WorkspaceSites): { path: string; site: Site | undefined } {
  const named = target === undefined ? sites.find(undefined) : sites.all().find(({ id }) => id === target)
  if (named || target === undefined) return { path: sites.pathIn(named?.root ?? '.', own), site: named }
  const path = sites.pathIn('.', target)
  return { path, site: sites.around(path) }
}

const nothing = { changed: [], added: [], missing: [], isListed: false }

/** Carry out a change of one file that was read before: what somebody wrote meanwhile stays. */
function writeEdited(
  applying: Applying,
  adopt: Adopt,
  edit: { path: string; site: Site | undefined; before: Uint8Array | undefined; text: string },
): { files: WrittenFile[]; adopted: string[]; isListed: boolean; site: string | null } {
  const { sites, input, found } = applying
  const bytes = new TextEncoder().encode(edit.text)
  const file = sites.shown(edit.path)
  const isSame = edit.before !== undefined && Buffer.compare(edit.before, bytes) === 0
  return sites.change(input.dryRun, (change) => {
    const now = sites.bytesAt(edit.path)
    if (Buffer.compare(now ?? Buffer.alloc(0), edit.before ?? Buffer.alloc(0)) !== 0) throw fileExists({ file })
    const adopted = adopt(change)
    const { isListed } = listed(change, applying, edit.site)
    if (!isSame) change.place(edit.path, bytes)
    const state = isSame ? 'current' : edit.before === undefined ? 'new' : 'outdated'
    const action = isSame ? 'keep' : edit.before === undefined ? 'write' : 'update'
    return { files: [{ file, state, action }], adopted, isListed, site: edit.site?.id ?? null }
  })

  function listed(change: SitesChange, { found: { ref, kind, version } }: Applying, site: Site | undefined) {
    if (!site || found.kind.siteList === undefined) return { isListed: false }
    return addToSite(change.file, sites.all(change.file).find(({ id }) => id === site.id)!, { ref, kind: kind.name, version }, input.repin)
  }
}

export async function applyStylesheet({ file, text }: To<'stylesheet'>, applying: Applying, adopt: Adopt): Promise<Applied> {
  const { input, found, sites } = applying
  const { path, site } = placeOf(input.target, file, sites)
  const allowed = extname(file) === '.scss' ? ['.scss'] : ['.css', '.pcss', '.postcss', '.scss']
  if (!allowed.includes(extname(path))) throw targetUnfit({ ref: found.ref, target: sites.shown(path), allowed: allowed.map((one) => `a ${one} file`) })
  const before = sites.bytesAt(path)
  const region = withStyleRegion(before === undefined ? '' : new TextDecoder().decode(before), found.ref, text)
  if (region.isEdited && !input.force) throw fileExists({ file: `${sites.shown(path)} (the part of ${found.ref}, which was edited)`, canForce: true })
  return { ...nothing, ...writeEdited(applying, adopt, { path, site, before, text: region.sheet }) }
}

export async function applyStyle({ style }: To<'spec'>, applying: Applying, adopt: Adopt): Promise<Applied> {
  const { input, found, sites } = applying
  if (input.target === undefined) throw targetNeeded({ ref: found.ref, what: 'the file of a spec' })
  const path = sites.pathIn('.', input.target)
  const before = sites.bytesAt(path)
  if (!before) throw fileUnreadable({ file: input.target, why: 'there is no such file' })
  const edited = await sites.withPromptStyle(sites.shown(path), before, input.spec, style)
  const isSame = edited.before === style
  const written = writeEdited(applying, adopt, { path, site: sites.around(path), before, text: isSame ? new TextDecoder().decode(before) : edited.text })
  const changed = isSame ? [] : [{ setting: 'prompt.style', ...(edited.before !== undefined && { before: edited.before }), after: style }]
  return { ...nothing, ...written, changed }
}

export async function applySettings({ config }: To<'settings'>, applying: Applying, adopt: Adopt): Promise<Applied> {
  const { input, found, sites } = applying
  if (input.target === undefined) throw targetNeeded({ ref: found.ref, what: 'a .json, .yaml or .yml file' })
  const path = sites.pathIn('.', input.target)
  const before = sites.bytesAt(path)
  const text = before && new TextDecoder().decode(before)
  const merged = await sites.mergeIntoText(sites.shown(path), text, input.at?.split('.') ?? [], config)
  const isSame = text !== undefined && merged.changed.length === 0
  return { ...nothing, ...writeEdited(applying, adopt, { path, site: sites.around(path), before, text: isSame ? text : merged.text }), changed: merged.changed }
}

/** The file that a platform reads, in a site, a folder, or as it is named. */
export async function applyPlatform(application: To<'platform'>, applying: Applying, adopt: Adopt): Promise<Applied> {
  const { input, found, sites } = applying
  const { file, site } = platformPlace(application.names, input.target, found.ref, sites)
  return sites.change(input.dryRun, (change) => ({
    ...nothing,
    adopted: adopt(change),
    files: placePlatform(application, file, change, applying, input.force),
    site: site?.id ?? null,
  }))
}

export function placePlatform(application: To<'platform'>, file: string, change: SitesChange, { found, sites }: Pick<Applying, 'found' | 'sites'>, isForced: boolean): WrittenFile[] {
  const bytes = new TextEncoder().encode(application.text(basename(file)))
  return placeSiteFiles(change, sites, { root: '.', ref: found.ref, version: found.version, files: [{ target: file, bytes }], onConflict: isForced ? 'replace' : 'refuse' })
}

/**
 * Where the file of a platform stands, relative to the root: as it is named, or under the name that is there already.
 * @throws TARGET_UNFIT, SITE_NEEDED
 */
export function platformPlace(names: readonly string[], target: string | undefined, ref: string, sites: WorkspaceSites): { file: string; site: Site | undefined } {
  if (target !== undefined && names.includes(basename(target))) {
    const path = sites.pathIn('.', target)
    return { file: sites.shown(path), site: sites.around(path) }
  }
  const named = target === undefined ? sites.find(undefined) : sites.all().find(({ id }) => id === target)
  const folder = named?.root ?? target ?? '.'
  const isThere = (name: string) => statSync(sites.pathIn(folder, name), { throwIfNoEntry: false }) !== undefined
  if (!named && target !== undefined && !statSync(sites.pathIn('.', target), { throwIfNoEntry: false })?.isDirectory())
    throw targetUnfit({ ref, target, allowed: ['the id of a site', 'a folder', ...names.map((name) => join(folder, '..', name))] })
  const path = sites.pathIn(folder, names.find(isThere) ?? names[0]!)
  return { file: sites.shown(path), site: named ?? sites.around(path) }
}
