import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { defineError } from '../core/errors.ts'
import type { Manifest } from '../core/manifest.ts'
import { didYouMean } from '../core/near.ts'
import { requireSiteTarget } from '../core/site-target.ts'
import { joinSites, type Site, type SitesFile } from '../core/site.ts'
import { withFields } from '../store/item-fields.ts'
import { createLibraryFiles, type LibraryFiles } from '../store/library-files.ts'
import { packageFolder } from '../store/package-folder.ts'
import { confine, isInside, projectRelative } from '../store/project-folder.ts'
import { mergeIntoText, withPromptStyle } from '../store/settings-text.ts'
import { formatSitesFile, readSitesFile } from '../store/sites-file.ts'
import type { Workspace } from '../workspace.ts'

const siteUnknown = defineError('SITE_UNKNOWN', {
  summary: 'There is no site of this id.',
  message: (d: { site: string; ids: readonly string[] }) => `There is no site ${JSON.stringify(d.site)}.`,
  hint: (d) =>
    d.ids.length === 0
      ? 'No site is declared yet: sites: { main: { root: "sites/main" } } in assetloom.config.ts declares one, assetloom apply configs/site-templates/… <site> makes one.'
      : `${didYouMean(d.site, d.ids) ?? ''} Sites are ${d.ids.join(', ')}.`.trim(),
  exit: 2,
})
const siteNeeded = defineError('SITE_NEEDED', {
  summary: 'There are several sites, and the command was not told which.',
  message: (d: { ids: readonly string[] }) => `There are ${d.ids.length} sites, and none was named: ${d.ids.join(', ')}.`,
  hint: () => 'Name the site.',
  exit: 2,
})
const sitePathTaken = defineError('SITE_PATH', {
  summary: 'A file was to be written where something else stands: a folder, or a file where a folder must be.',
  message: (d: { file: string }) => `${d.file} cannot be written: a folder stands there.`,
  exit: 5,
})

/** A change of the sites, of the manifest and of files, made as one. */
export interface SitesChange {
  manifest: Manifest
  file: SitesFile
  /** Write a file. @param path - absolute, from {@link WorkspaceSites.pathIn} */
  place(path: string, bytes: Uint8Array): void
}

/** Sites, and what commands write into them. */
export interface WorkspaceSites {
  /** `assets/sites.json` as it stands. @throws SITES_DAMAGED */
  read(): SitesFile
  /** Every site, by id. @param file - a draft in place of what stands */
  all(file?: SitesFile): Site[]
  /**
   * The site of an id. Without one: the only site, or undefined when there is none and the project itself is meant.
   * @throws SITE_UNKNOWN, SITE_NEEDED
   */
  find(id: string | undefined): Site | undefined
  /** The innermost site that a file lies in. @param path - absolute */
  around(path: string): Site | undefined
  /** As {@link around}, for many files. @param sites - from {@link all} */
  locate(sites: readonly Site[]): (path: string) => Site | undefined
  /**
   * Where a file of a site or of the project stands; nothing may leave them, by spelling or through a link.
   * @param root - of the site, relative to the project; `.` is the project
   * @returns absolute path
   * @throws PATH_OUTSIDE, SITE_TARGET
   */
  pathIn(root: string, target: string): string
  /** Relative to the project, POSIX. */
  shown(path: string): string
  /** Bytes of a file, or undefined when there is none. @throws SITE_PATH for a folder */
  bytesAt(path: string): Uint8Array | undefined
  /**
   * Change sites, manifest and files under the lock of all processes: all of it stands afterwards, or nothing.
   * @param isDryRun - do it on copies and write nothing
   * @throws WRITE_FAILED
   */
  change<T>(isDryRun: boolean, work: (change: SitesChange) => T): T
  /** The items that ship with the package. */
  readonly starter: LibraryFiles
  readonly withFields: typeof withFields
  readonly mergeIntoText: typeof mergeIntoText
  readonly withPromptStyle: typeof withPromptStyle
}

export function createWorkspaceSites(workspace: Workspace): WorkspaceSites {
  const { paths, options, manifest } = workspace
  const path = join(paths.assets, 'sites.json')
  const shown = (one: string) => projectRelative(paths.root, one)
  const read = () => readSitesFile(path, shown(path))
  const all = (file = read()) => joinSites(options.sites, file)
  const locate = (sites: readonly Site[]) => {
    const innermostFirst = sites
      .map((site) => ({ site, folders: spellingsOf(site.root === '.' ? paths.root : join(paths.root, site.root)) }))
      .sort((a, b) => b.folders[0]!.length - a.folders[0]!.length)
    return (file: string) => innermostFirst.find(({ folders }) => folders.some((folder) => isInside(folder, file)))?.site
  }
  return {
    read,
    all,
    find(id) {
      const sites = all()
      const ids = sites.map((site) => site.id)
      if (id === undefined) {
        if (sites.length > 1) throw siteNeeded({ ids })
        return sites[0]
      }
      const site = sites.find((one) => one.id === id)
      if (!site) throw siteUnknown({ site: id, ids })
      return site
    },
    around: (file) => locate(all())(file),
    locate,
    pathIn(root, target) {
      const folder = confine(paths.root, join(paths.root, root))
      const inside = target.replace(/^(?:\.\/)+|\/+$/g, '')
      if (inside === '.') return folder
      return confine(statSync(folder, { throwIfNoEntry: false }) ? folder : paths.root, join(folder, requireSiteTarget(inside)))
    },
    shown,
    bytesAt(file) {
      const stat = statSync(file, { throwIfNoEntry: false })
      if (!stat) return undefined
      if (!stat.isFile()) throw sitePathTaken({ file: shown(file) })
      return readFileSync(file)
    },
    change(isDryRun, work) {
      if (isDryRun) return work({ manifest: manifest.read(), file: read(), place() {} })
      const staged: string[] = []
      try {
        return manifest.update((draft, files) => {
          const file = read()
          const before = formatSitesFile(file)
          const place = (target: string, bytes: Uint8Array) => {
            const temporary = workspace.stageBytesNow(bytes)
            staged.push(temporary)
            files.place(temporary, target)
          }
          const result = work({ manifest: draft, file, place })
          const text = formatSitesFile(file)
          if (text !== before) place(path, new TextEncoder().encode(text))
          return result
        })
      } finally {
        for (const temporary of staged) workspace.dropTemporary(temporary)
      }
    },
    starter: createLibraryFiles({ root: packageFolder() ?? paths.root, folder: 'library' }),
    withFields,
    mergeIntoText,
    withPromptStyle,
  }
}

/** Bundlers name files by where links lead; commands as they were spelled. */
function spellingsOf(folder: string): string[] {
  const real = existsSync(folder) ? realpathSync(folder) : folder
  return real === folder ? [folder] : [folder, real]
}
