import { existsSync, readFileSync, utimesSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import valid from 'semver/functions/valid.js'
import { contentHash, hash8 } from '../core/digest.ts'
import { formatOfExtension } from '../core/media.ts'
import type { VersionState, Workspace } from '../workspace.ts'

/** An asset at the version that stands behind `@`. */
export interface PinnedAsset {
  state: VersionState
  /** `webp` of `TOKEN@1.2.0.webp`. */
  extension: string | undefined
  /** The history of the asset: a branch moves without the manifest. */
  watch: string[]
  signature: string
  /** Lay a file of it into `.assetloom` and say where. @param file - as the entry of that version names it */
  lay(file: string): Promise<string>
}

/** Reads pinned versions; what a version was once laid down as stands there for the next build. */
export interface PinnedAssets {
  /** @throws VERSION_UNKNOWN, VERSION_BYTES_GONE */
  find(ref: string, version: string): Promise<PinnedAsset>
  /** Text that changes when a pinned module would; undefined before the first is asked for. */
  signature(ref: string, version: string): string | undefined
  /** Lay all files of a version into one folder, where they find each other. @returns the folder that stands for the project */
  layAll(state: VersionState): Promise<string>
}

export function createPinnedAssets(workspace: Workspace): PinnedAssets {
  const { paths, served } = workspace
  let versions: Awaited<ReturnType<Workspace['versions']>> | undefined

  const split = (version: string) => {
    const extension = extname(version)
    const isFormat = valid(version) === null && formatOfExtension(extension) !== undefined
    return isFormat ? { version: version.slice(0, -extension.length), extension: extension.slice(1) } : { version, extension: undefined }
  }

  return {
    async find(ref, spelled) {
      const { version, extension } = split(spelled)
      versions ??= await workspace.versions()
      const state = await versions.readVersion(ref, version)
      return {
        state,
        extension,
        watch: [paths.manifest, join(paths.history, `${ref}.jsonl`)],
        signature: versions.signature(ref, version)!,
        async lay(name) {
          const { hash, file, read } = state.files.find((one) => one.file === name)!
          const bytes = await read()
          return served.ensure(hash, basename(file), () => bytes)
        },
      }
    },
    signature: (ref, version) => versions?.signature(ref, split(version).version),
    async layAll({ files }) {
      const contents = await Promise.all(files.map(async ({ file, hash, read }) => ({ file, hash, bytes: await read() })))
      const folder = join(paths.pinned, hash8(contentHash(new TextEncoder().encode(files.map(({ hash }) => hash).join('\n')))))
      for (const { file, hash, bytes } of contents) {
        const path = join(folder, file)
        if (!existsSync(path) || contentHash(readFileSync(path)) !== hash) workspace.writeVerified(path, bytes)
      }
      noteUse(folder)
      return folder
    },
  }
}

/** By the time of the folder: `cache optimize` takes away what nobody asked for any more. */
function noteUse(folder: string): void {
  try {
    const now = new Date()
    utimesSync(folder, now, now)
  } catch {
    // A read-only project: nothing is taken away there either.
  }
}
