import { measuredMembers, type Entry } from '../manifest.ts'
import { isEqual, type Fields } from './fields.ts'
import { mergeFields, type FieldConflict, type ThreeWay } from './merge-fields.ts'

/** Members of an entry that say what its file holds and where that came from: they are taken from one side, all together. */
const contentMembers: ReadonlySet<string> = new Set([
  'kind', 'file', 'hash', 'size', 'mediaType', ...measuredMembers, 'formats', 'originalName', 'refinements', 'source',
  'qualityScore',
])
/** Members that no side decides. */
const ownMembers: ReadonlySet<string> = new Set(['token', 'id', 'version', 'created', 'modified', 'labels'])

/** Of which side the file of a merged asset is; `both` when both changed it, each otherwise. */
export type ContentSide = 'ours' | 'theirs' | 'both'

/** Merge what the manifest says of a media asset, whose file is merged apart. */
export function mergeEntries(sides: ThreeWay<Entry>): {
  /** The metadata of both, with the content of the side that changed it; ours when both did. */
  entry: Entry
  content: ContentSide
  conflicts: FieldConflict[]
} {
  const { base, ours, theirs } = sides
  const bytesOf = ({ hash, formats = {} }: Entry) => [hash, Object.entries(formats).map(([name, one]) => [name, one.hash])]
  const isOurs = isEqual(bytesOf(theirs), bytesOf(base)) || isEqual(bytesOf(theirs), bytesOf(ours))
  const content = isOurs ? 'ours' : isEqual(bytesOf(ours), bytesOf(base)) ? 'theirs' : 'both'
  const isMetadata = (member: string) => !contentMembers.has(member) && !ownMembers.has(member)
  const { value, conflicts } = mergeFields({
    base: pick(base, isMetadata),
    ours: pick(ours, isMetadata),
    theirs: pick(theirs, isMetadata),
  })
  const entry = {
    ...pick(content === 'theirs' ? theirs : ours, (member) => contentMembers.has(member)),
    ...pick(ours, (member) => ownMembers.has(member)),
    ...value,
  } as Entry
  return { entry, content, conflicts }
}

function pick(entry: Entry, takes: (member: string) => boolean): Fields {
  return Object.fromEntries(Object.entries(entry).filter(([member]) => takes(member)))
}
