import { legacyColor } from '../core/tokens/legacy-color.ts'
import { libraryKind } from '../core/kinds/index.ts'
import { isAssetloomError } from '../core/errors.ts'
import type { Entry } from '../core/manifest.ts'
import { colorDistance } from '../core/tokens/srgb.ts'
import { compareFields, type FieldChange } from '../core/version/compare-fields.ts'
import { compareText, type TextChange } from '../core/version/compare-text.ts'
import type { TokenChange } from '../core/version/compare-tokens.ts'
import { textIn } from '../core/version/text-lines.ts'
import type { Workspace } from '../workspace.ts'
import { itemOf, type AssetState, type StateFile } from './asset-state.ts'

type Media = Workspace['media']
export type PictureComparison = Awaited<ReturnType<Media['comparePictures']>>
export type SoundMeasures = Awaited<ReturnType<Media['measureSound']>>

/** A file in two states. */
export interface FileComparison {
  /** What the later state calls it; of one that is gone, the earlier. */
  file: string
  change: 'added' | 'removed' | 'changed'
  before: FileFacts | null
  after: FileFacts | null
  text?: TextChange
  picture?: Omit<PictureComparison, 'png'>
  sound?: { before: SoundMeasures; after: SoundMeasures }
  /** Why its content could not be compared beyond its bytes. */
  why?: string
}

interface FileFacts {
  file: string
  hash: string
  sizeBytes: number
}

export interface StateComparison {
  metadata: (FieldChange & { colorDistance?: number })[]
  files: FileComparison[]
  tokens: readonly TokenChange[]
  /** The differing pixels of the first picture that changed, when they were asked for. */
  png?: Uint8Array
}

/** Members of an entry that name it, count it, or follow from its files, which are compared themselves. */
const otherMembers = new Set([
  'token', 'id', 'file', 'hash', 'size', 'digest', 'files', 'formats', 'version', 'created', 'modified', 'labels', 'refinements',
])

function metadataOf(entry: Entry): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([member]) => !otherMembers.has(member)))
}

/**
 * What differs between two states: metadata, files, values of design tokens.
 * @throws VERSION_BYTES_GONE
 */
export async function compareStates(
  before: AssetState,
  after: AssetState,
  { workspace, wantsPng, signal }: { workspace: Workspace; wantsPng: boolean; signal: AbortSignal },
): Promise<StateComparison> {
  const metadata = compareFields(metadataOf(before.entry), metadataOf(after.entry)).map(withDistance)
  const roles = new Set([...before.files, ...after.files].map(({ role }) => role))
  const files: FileComparison[] = []
  let png: Uint8Array | undefined
  for (const role of roles) {
    signal.throwIfAborted()
    const [a, b] = [before, after].map((state) => state.files.find((file) => file.role === role))
    if (a?.hash === b?.hash) continue
    const { png: made, ...compared } = await compareFile(a, b, { before, after }, workspace.media, wantsPng && !png)
    png ??= made
    files.push(compared)
  }
  return { metadata, files, tokens: await compareItems(before, after, workspace), ...(png && { png }) }
}

/** Fields whose names end in `Hex` hold colours. */
function withDistance(change: FieldChange): FieldChange & { colorDistance?: number } {
  if (!change.field.endsWith('Hex') || typeof change.before !== 'string' || typeof change.after !== 'string') return change
  const [a, b] = [legacyColor(change.before), legacyColor(change.after)]
  return a && b ? { ...change, colorDistance: colorDistance(a, b) } : change
}

async function compareItems(before: AssetState, after: AssetState, workspace: Workspace): Promise<readonly TokenChange[]> {
  const kind = libraryKind(after.entry.kind)
  if (!kind?.changes || before.entry.kind !== after.entry.kind) return []
  const [a, b] = [await itemOf(before, workspace), await itemOf(after, workspace)]
  return a && b ? kind.changes(a, b) : []
}

async function compareFile(
  a: StateFile | undefined,
  b: StateFile | undefined,
  states: { before: AssetState; after: AssetState },
  media: Media,
  wantsPng: boolean,
): Promise<FileComparison & { png?: Uint8Array }> {
  const [bytesA, bytesB] = [await a?.read(), await b?.read()]
  const row = {
    file: (b ?? a)!.file,
    change: a && b ? 'changed' as const : b ? 'added' as const : 'removed' as const,
    before: factsOf(a, bytesA),
    after: factsOf(b, bytesB),
  }
  const [textA, textB] = [bytesA ? textIn(bytesA) : '', bytesB ? textIn(bytesB) : '']
  const nameOf = (file: StateFile | undefined, { version }: AssetState) => (file ? `${file.file}@${version}` : '/dev/null')
  const text = textA === undefined || textB === undefined ? undefined : compareText(textA, textB, { before: nameOf(a, states.before), after: nameOf(b, states.after) })
  if (!bytesA || !bytesB) return { ...row, ...(text && { text }) }
  return { ...row, ...(text && { text }), ...(await compareMedia(states, bytesA, bytesB, media, wantsPng)) }
}

function factsOf(file: StateFile | undefined, bytes: Uint8Array | undefined): FileFacts | null {
  return file && bytes ? { file: file.file, hash: file.hash, sizeBytes: bytes.length } : null
}

async function compareMedia(
  { before, after }: { before: AssetState; after: AssetState },
  bytesA: Uint8Array,
  bytesB: Uint8Array,
  media: Media,
  wantsPng: boolean,
): Promise<Pick<FileComparison, 'picture' | 'sound' | 'why'> & { png?: Uint8Array }> {
  if (before.entry.kind !== after.entry.kind) return {}
  try {
    if (after.entry.kind === 'image') {
      const { png, ...picture } = await media.comparePictures({ before: bytesA, after: bytesB, wantsPng })
      return { picture, ...(png && { png }) }
    }
    if (after.entry.kind === 'audio') return { sound: { before: await media.measureSound(bytesA), after: await media.measureSound(bytesB) } }
  } catch (error) {
    if (!isAssetloomError(error)) throw error
    return { why: error.message }
  }
  return {}
}
