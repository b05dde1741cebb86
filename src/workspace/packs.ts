import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, extname, resolve } from 'node:path'
import { contentHash } from '../core/digest.ts'
import { defineError, isAssetloomError } from '../core/errors.ts'
import { recordedFiles, type Entry } from '../core/manifest.ts'
import { formatOfExtension } from '../core/media.ts'
import { checkLayout, packLimits, parseLayout, refuserOf, type Refuse } from '../core/pack-check.ts'
import { formatLayout, installedPath, layoutFile, withPaths, type PackedAsset, type PackLayout } from '../core/pack-layout.ts'
import { openPackFolder } from '../store/pack-folder.ts'
import { openPackZip, writePackZip, type PackFiles } from '../store/pack-zip.ts'
import { confine } from '../store/project-folder.ts'
import type { Workspace } from '../workspace.ts'

const packUnreadable = defineError('PACK_UNREADABLE', {
  summary: 'There is no pack where one was named.',
  message: (d: { source: string; why: string }) => `${d.source} is no pack that can be read: ${d.why}.`,
  hint: () => `Name a zip that assetloom package made, a folder with an ${layoutFile}, or an https address.`,
})

/** A pack whose every byte was checked, its files lying ready to be placed. */
export interface OpenPack {
  layout: PackLayout
  /** Temporary file by path in the pack. */
  staged: ReadonlyMap<string, string>
  /** Drop what was not placed. */
  drop(): void
}

export interface WorkspacePacks {
  /** A pack as a zip; equal layouts and files give equal bytes. */
  zip(layout: PackLayout, files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array>
  /** Whether a file was written as a pack, and may be written anew. */
  isPack(file: string): boolean
  /**
   * Check a pack as a whole and stage its files; nothing outside `.assetloom` is written.
   * @param source - a zip, a folder or an address
   * @throws PACK_REFUSED, PACK_NEWER, PACK_UNREADABLE, PACK_DOWNLOAD_FAILED, STAGING_FAILED
   */
  open(source: string, signal: AbortSignal): Promise<OpenPack>
  /** An entry with the digests of the files as they lie there; a file that is missing has none. */
  onDisk(entry: Entry): Entry
  /** @param file - relative to the project */
  exists(file: string): boolean
  /** The absolute path of a file that is to be written. @throws PATH_OUTSIDE when a link leads out of the project */
  targetOf(file: string): string
}

export function createWorkspacePacks(workspace: Workspace): WorkspacePacks {
  const { root } = workspace.paths

  /** @throws PACK_REFUSED when a file is not the media that the asset says, or not clean */
  const checkMedia = async (asset: PackedAsset, path: string, bytes: Uint8Array, refuse: Refuse) => {
    const name = JSON.stringify(path)
    const recorded = path === asset.file ? asset : Object.values(asset.formats ?? {}).find(({ file }) => file === path)
    const media = await workspace.readMedia(bytes, path)
    if (media.stripped.length > 0) throw refuse(`${name} holds what import takes out: ${media.stripped.join(', ')}`)
    if (media.facts.mediaType !== recorded?.mediaType)
      throw refuse(`${name} is ${media.facts.mediaType}, and ${layoutFile} says ${recorded?.mediaType ?? 'nothing'}`)
  }

  /** @throws PACK_REFUSED when the files are not the item that the asset says */
  const checkItem = async (asset: PackedAsset, contents: ReadonlyMap<string, Uint8Array>, refuse: Refuse) => {
    for (const [path, bytes] of contents) {
      // Code and prompts are text; an archive is neither that nor media.
      const format = await workspace.detectFormat(bytes)
      const isMisnamed = format && format.kind !== 'text' && formatOfExtension(extname(path)) !== format
      if ((!format && bytes.length > 0) || isMisnamed)
        throw refuse(`${JSON.stringify(path)} holds ${format?.extension ?? 'what no item of a library may hold'}`)
    }
    const main = asset.file!
    const folder = main.slice(0, main.lastIndexOf('/') + 1)
    const named = new Map([...contents].map(([path, bytes]) => [path.slice(folder.length), bytes]))
    const file = installedPath(main, workspace.options.assetsDir)
    const { item, content } = await workspace.library.check(file, contents.get(main)!, named)
    const isSame =
      content.digest === asset.digest &&
      item.kind === asset.kind &&
      item.head.version === asset.version &&
      content.files.length === (asset.files?.length ?? 0)
    if (!isSame) throw refuse(`${JSON.stringify(main)} is another item than ${layoutFile} says`)
  }

  const checkContent = async (asset: PackedAsset, contents: ReadonlyMap<string, Uint8Array>, refuse: Refuse) => {
    try {
      if (asset.id !== undefined) await checkItem(asset, contents, refuse)
      else for (const [path, bytes] of contents) await checkMedia(asset, path, bytes, refuse)
    } catch (error) {
      if (!isAssetloomError(error) || error.code === 'PACK_REFUSED') throw error
      throw refuse(`${JSON.stringify(asset.file)} is not sound: ${error.message.replace(/\.$/, '')}`)
    }
  }

  const openFiles = async (source: string, signal: AbortSignal, refuse: Refuse): Promise<PackFiles> => {
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source)) {
      const { downloadPack } = await import('./pack-download.ts')
      return openPackZip(await downloadPack(source, signal), refuse)
    }
    const path = resolve(root, source)
    try {
      const stat = statSync(path, { throwIfNoEntry: false })
      if (stat?.isDirectory()) return openPackFolder(path, refuse)
      if (!stat?.isFile()) throw packUnreadable({ source, why: stat ? 'it is no regular file' : 'there is no such file' })
      if (stat.size > packLimits.packBytes) throw refuse(`it has ${stat.size} bytes; the most is ${packLimits.packBytes}`)
      return await openPackZip(readFileSync(path), refuse)
    } catch (error) {
      if (isAssetloomError(error)) throw error
      throw packUnreadable({ source, why: (error as Error).message }, { cause: error })
    }
  }

  return {
    zip: (layout, files) =>
      writePackZip([
        { path: layoutFile, bytes: new TextEncoder().encode(formatLayout(layout)) },
        ...layout.entries.map(({ path }) => ({ path, bytes: files.get(path)! })),
      ]),
    isPack(file) {
      // The first local header of a zip that we wrote names the layout.
      const head = readFileSync(file).subarray(0, 30 + layoutFile.length)
      return head.readUInt32BE(0) === 0x504b0304 && head.subarray(30).toString('latin1') === layoutFile
    },
    async open(source, signal) {
      const pack = basename(source.replace(/[?#].*$/, '')) || source
      const refuse = refuserOf(pack)
      const files = await openFiles(source, signal, refuse)
      const layout = parseLayout(await files.read(layoutFile), pack, refuse)
      checkLayout(layout, files.listed, refuse)
      const staged = new Map<string, string>()
      const drop = () => {
        for (const temporary of staged.values()) workspace.dropTemporary(temporary)
      }
      try {
        const sizes = new Map(layout.entries.map(({ path, size }) => [path, size]))
        for (const asset of Object.values(layout.assets)) {
          const contents = new Map<string, Uint8Array>()
          for (const { file, hash } of recordedFiles(asset as Entry)) {
            signal.throwIfAborted()
            const bytes = await files.read(file)
            if (bytes.length !== sizes.get(file) || contentHash(bytes) !== hash)
              throw refuse(`${JSON.stringify(file)} does not have the bytes that ${layoutFile} says`)
            contents.set(file, bytes)
          }
          await checkContent(asset, contents, refuse)
          for (const [path, bytes] of contents) staged.set(path, await workspace.stageBytes(bytes, contentHash(bytes)))
        }
      } catch (error) {
        drop()
        throw error
      }
      return { layout, staged, drop }
    },
    onDisk(entry) {
      const found = new Map<string, string>()
      // The files keep their names; only the digests are those of the disk.
      withPaths(entry, (file) => {
        const path = resolve(root, file)
        found.set(file, existsSync(path) ? contentHash(readFileSync(path)) : 'missing')
        return file
      })
      const withHash = <F extends { file: string }>(one: F): F => ({ ...one, hash: found.get(one.file) })
      return {
        ...entry,
        ...(entry.file !== undefined && { hash: found.get(entry.file) }),
        ...(entry.formats && {
          formats: Object.fromEntries(Object.entries(entry.formats).map(([name, one]) => [name, withHash(one)])),
        }),
        ...(entry.files && { files: entry.files.map(withHash) }),
      }
    },
    exists: (file) => existsSync(resolve(root, file)),
    targetOf: (file) => confine(root, file),
  }
}
