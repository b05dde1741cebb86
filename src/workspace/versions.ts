import { dirname } from 'node:path'
import { defineError, isAssetloomError } from '../core/errors.ts'
import { contentHash } from '../core/digest.ts'
import { requireAsset } from '../core/find-asset.ts'
import type { Entry } from '../core/manifest.ts'
import { branchesOf, requireVersion, requireVersionName, tipOf, type AssetHistory } from '../core/version/find-version.ts'
import { mainBranch, type HistoryLine } from '../core/version/history-line.ts'
import { snapshotOf, type VersionState } from '../core/version/snapshot.ts'
import type { HistoryFiles } from '../store/history-files.ts'
import { readVersion } from '../store/read-version.ts'
import type { VersionBlobs } from '../store/version-blobs.ts'
import { madeUpLine } from '../store/version-recorder.ts'
import type { ReadItem, Workspace } from '../workspace.ts'

export type { AssetHistory, HistoryLine, VersionState }

const branchExists = defineError('BRANCH_EXISTS', {
  summary: 'A branch was to be made that is there already.',
  message: (d: { ref: string; branch: string; version: string }) => `${d.ref} has a branch ${d.branch} at ${d.version} already.`,
  hint: (d) => `assetloom update ${d.ref} --branch ${d.branch} … writes to it.`,
  exit: 5,
  http: 409,
})

const branchUnknown = defineError('BRANCH_UNKNOWN', {
  summary: 'An asset has no branch of a name.',
  message: (d: { ref: string; branch: string; known: readonly string[] }) =>
    `${d.ref} has no branch ${JSON.stringify(d.branch)}${d.known.length > 0 ? `; it has ${d.known.join(', ')}` : ''}.`,
  hint: (d) => `assetloom branch ${d.ref} ${d.branch} makes it.`,
  http: 404,
})

const branchMoved = defineError('BRANCH_MOVED', {
  summary: 'A branch was changed by another process at the same moment.',
  message: (d: { ref: string; branch: string }) => `Somebody else changed ${d.ref} on ${d.branch} just now; nothing was written.`,
  hint: () => 'Run the command again.',
  exit: 5,
  http: 409,
})

/** A new state for a branch. */
export interface BranchChange {
  branch: string
  /** The version it was made of; must still be the newest of the branch. */
  parent: string
  version: string
  entry: Entry
  /** Bytes of its files that are kept nowhere yet. */
  files: readonly Uint8Array[]
  message?: string | undefined
}

/** What is known of the states that assets had. */
export interface WorkspaceVersions {
  /** @param name - token, id or alias @throws ASSET_UNKNOWN, HISTORY_CONFLICT, HISTORY_DAMAGED */
  history(name: string): AssetHistory
  /** @param version - a version, label or branch @throws VERSION_UNKNOWN; reading bytes throws VERSION_BYTES_GONE */
  readVersion(name: string, version: string): Promise<VersionState>
  /** The library item of a state. @throws ITEM_INVALID, VERSION_BYTES_GONE */
  readItem(state: VersionState): Promise<ReadItem>
  /** Text that changes when a version, label or branch comes to mean another state; undefined when it means none. */
  signature(name: string, version: string): string | undefined
  /** The newest version of a branch. @throws BRANCH_UNKNOWN */
  requireBranch(history: AssetHistory, branch: string): HistoryLine
  /** Begin a branch at the present version. @throws BRANCH_EXISTS, VERSION_NAME_INVALID */
  createBranch(name: string, branch: string, message: string | undefined): HistoryLine
  /** Add a state to a branch; manifest and files stay as they are. @throws BRANCH_MOVED */
  writeBranch(name: string, change: BranchChange): HistoryLine
  /** Every digest that a history, or a state that it tells of, names: blobs that must stay. */
  reachable(): Promise<Set<string>>
}

export function createWorkspaceVersions(
  { manifest, index, library, state, options, paths, timestamp }: Workspace,
  { files, blobs }: { files: HistoryFiles; blobs: VersionBlobs },
): WorkspaceVersions {
  const historyOf = (ref: string, entry: Entry): AssetHistory => {
    const lines = files.read(ref)
    const isThere = lines.some(({ branch, version }) => branch === mainBranch && version === entry.version)
    return { ref, entry, lines: isThere ? lines : [...lines, madeUpLine(entry, lines)] }
  }
  const history = (name: string): AssetHistory => {
    const found = index.find(name) ?? requireAsset(manifest.read().assets, name)
    return historyOf(found.ref, found.entry)
  }
  const authored = (line: HistoryLine): HistoryLine => ({
    ...line,
    ...(options.userName && { author: options.userName }),
  })
  /** Under the lock of the manifest, with the line of the present state written. */
  const add = (name: string, lineOf: (history: AssetHistory) => HistoryLine): HistoryLine =>
    state.exclusive(() => {
      const { ref, entry } = requireAsset(manifest.read().assets, name)
      const written = files.read(ref)
      const known = historyOf(ref, entry)
      const line = authored(lineOf(known))
      if (known.lines.length > written.length) blobs.keep(new TextEncoder().encode(snapshotOf(entry)))
      blobs.flush()
      files.append(ref, [...known.lines.slice(written.length), line])
      return line
    })

  return {
    history,
    readVersion: (name, version) => readVersion(history(name), version, { root: paths.root, blobs }),
    async readItem({ entry, files: parts }) {
      const bytes = new Map(await Promise.all(parts.map(async ({ file, read }) => [file, await read()] as const)))
      const below = `${dirname(entry.file!)}/`
      const contents = new Map([...bytes].map(([file, content]) => [file.slice(below.length), content]))
      return library.check(entry.file!, bytes.get(entry.file!)!, contents)
    },
    signature(name, version) {
      try {
        const { digest, version: found } = requireVersion(history(name), version)
        return `${found} ${digest}`
      } catch (error) {
        if (isAssetloomError(error)) return undefined
        throw error
      }
    },
    requireBranch({ ref, lines }, branch) {
      const tip = branch === mainBranch ? undefined : tipOf(lines, branch)
      if (!tip) throw branchUnknown({ ref, branch, known: branchesOf(lines) })
      return tip
    },
    createBranch: (name, branch, message) =>
      add(name, (known) => {
        requireVersionName('branch', branch, known)
        const { ref, entry, lines } = known
        const there = tipOf(lines, branch)
        if (there) throw branchExists({ ref, branch, version: there.version })
        const { version, digest } = lines.findLast((line) => line.branch === mainBranch && line.version === entry.version)!
        return { version, digest, date: timestamp(), parent: version, branch, ...(message !== undefined && { message }) }
      }),
    writeBranch: (name, { branch, parent, version, entry, files: contents, message }) =>
      add(name, ({ ref, lines }) => {
        if (tipOf(lines, branch)?.version !== parent) throw branchMoved({ ref, branch })
        for (const bytes of contents) blobs.keep(bytes, contentHash(bytes))
        const digest = blobs.keep(new TextEncoder().encode(snapshotOf(entry)))
        return { version, digest, date: timestamp(), parent, branch, ...(message !== undefined && { message }) }
      }),
    async reachable() {
      const reached = new Set<string>()
      for (const ref of index.refs())
        for (const { digest } of files.read(ref)) {
          reached.add(digest)
          const snapshot = await blobs.get(digest)
          for (const hash of new TextDecoder().decode(snapshot).match(/sha256:[0-9a-f]{64}/g) ?? []) reached.add(hash)
        }
      for (const { entry } of index.startingWith(''))
        for (const hash of JSON.stringify(entry).match(/sha256:[0-9a-f]{64}/g) ?? []) reached.add(hash)
      return reached
    },
  }
}
