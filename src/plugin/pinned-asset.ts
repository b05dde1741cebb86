import { basename, extname, join } from 'node:path'
import valid from 'semver/functions/valid.js'
import { defineError } from '../core/errors.ts'
import { formatOfExtension } from '../core/media.ts'
import { latestLabel } from '../core/version/find-version.ts'
import type { VersionState, Workspace } from '../workspace.ts'
import type { FoundAsset } from './find-asset.ts'

/** An asset at the version that stands behind `@`, or one that is borrowed: its files are none of the project's. */
export interface PinnedAsset {
  state: VersionState
  /** `webp` of `TOKEN@1.2.0.webp`. */
  extension: string | undefined
  /** Absolute; of a version its history: a branch moves without the manifest. */
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
}

const lentVersion = defineError('BORROWED_VERSION', {
  summary: "An import or a site names a version of an asset that the project does not have, and the copy in the user's own folder is of another.",
  message: (d: { ref: string; version: string; has: string }) =>
    `There is no ${d.ref}@${d.version}: the project does not have ${d.ref}, and the copy of it on this machine is of version ${d.has}, without a history.`,
  hint: (d) => `Take @${d.has}, or none. npx assetloom add ${d.ref} --local makes it the project's, which keeps its versions from then on.`,
  http: 404,
})

/** `1.2.0.webp` is the version 1.2.0 as WebP. */
function split(version: string): { version: string; extension: string | undefined } {
  const extension = extname(version)
  const isFormat = valid(version) === null && formatOfExtension(extension) !== undefined
  return isFormat ? { version: version.slice(0, -extension.length), extension: extension.slice(1) } : { version, extension: undefined }
}

/**
 * An asset that the user's own folder lends, where a version is asked for.
 * @throws BORROWED_VERSION unless it is of that version
 */
export function atLentVersion(found: FoundAsset, spelled: string): FoundAsset {
  const { version, extension } = split(spelled)
  const has = found.entry.version
  if (version !== has && version !== latestLabel) throw lentVersion({ ref: found.ref, version, has })
  return { ...found, extension: found.extension ?? extension }
}

export function createPinnedAssets(workspace: Workspace): PinnedAssets {
  const { paths } = workspace
  let versions: Awaited<ReturnType<Workspace['versions']>> | undefined

  return {
    async find(ref, spelled) {
      const { version, extension } = split(spelled)
      versions ??= await workspace.versions()
      const state = await versions.readVersion(ref, version)
      return holdState(state, { extension, watch: [paths.manifest, join(paths.history, `${ref}.jsonl`)], signature: versions.signature(ref, version)! }, workspace)
    },
    signature: (ref, version) => versions?.signature(ref, split(version).version),
  }
}

/** A state whose files are none of the project's. */
export function holdState(state: VersionState, how: Pick<PinnedAsset, 'extension' | 'watch' | 'signature'>, { served }: Workspace): PinnedAsset {
  return {
    state,
    ...how,
    async lay(name) {
      const { hash, file, read } = state.files.find((one) => one.file === name)!
      const bytes = await read()
      return served.ensure(hash, basename(file), () => bytes)
    },
  }
}
