import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Document, Scalar, YAMLMap } from 'yaml'
import { describeIssues } from '../core/check-document.ts'
import { contentHash } from '../core/digest.ts'
import type { AssetloomError } from '../core/errors.ts'
import { itemInvalid, maxContentBytes, maxItemBytes } from '../core/item-invalid.ts'
import { itemContent, type ItemContent } from '../core/kinds/item-entry.ts'
import { itemSuffix, placeOfPath, type ItemPlace } from '../core/kinds/item-id.ts'
import type { Item, ItemFile, ItemProblem } from '../core/kinds/kind.ts'
import type { Entry } from '../core/manifest.ts'
import { requireWritablePath } from '../core/names.ts'
import { renameRefs } from '../core/renamed-refs.ts'
import { isLfsPointer } from '../core/lfs-pointer.ts'
import { decodeUtf8, problemsError } from './document-problems.ts'
import { confine } from './project-folder.ts'
import type { SpecText } from './spec-text.ts'

/** An item with what the manifest records of it. */
export interface ReadItem {
  item: Item
  content: ItemContent
  /** What is doubtful about it; errors are thrown. */
  warnings: readonly ItemProblem[]
}

export interface NewNames {
  files: ReadonlyMap<string, string>
  refs?: ReadonlyMap<string, string>
}

/** The items of a folder, `assets/library` in a project, as they stand on the disk. */
export interface LibraryFiles {
  /** Files of items, relative to the project, sorted. */
  list(): string[]
  /** Where an item of an id stands, relative to the project. */
  fileOf(id: string): string
  /** @throws ITEM_INVALID for a path that is none of an item */
  placeOf(file: string): ItemPlace
  /** The bytes of an item's own file. @param file - one of {@link LibraryFiles.list} */
  bytesOf(file: string): Uint8Array
  /**
   * Read and check an item with its content files.
   * @param file - relative to the project
   * @throws ITEM_INVALID with file and line
   */
  read(file: string): Promise<ReadItem>
  /** Whether every file of an entry has the digest that it records. */
  isRecorded(entry: Entry): boolean
  /** The content files that the text of an item's file names, as it names them. @throws ITEM_INVALID */
  contentNames(file: string, bytes: Uint8Array, told?: ReadonlyMap<string, string>): Promise<readonly string[]>
  /**
   * The text of an item's file with other values for members of its head; comments and the rest stay.
   * @param changes - `undefined` takes a member away
   * @param bytes - the text; absent: the one on the disk
   */
  edited(file: string, changes: Readonly<Record<string, unknown>>, bytes?: Uint8Array): Promise<Uint8Array>
  /**
   * As {@link edited}, for an item whose content files, or the assets it refers to, are called otherwise.
   * @param names.files - new names of content files by those that the item names
   * @param names.refs - new names of assets by old ones
   */
  renamed(file: string, changes: Readonly<Record<string, unknown>>, names: NewNames, bytes?: Uint8Array): Promise<Uint8Array>
  /**
   * Check a text that is to become an item's file.
   * @param contents - its content files by name; absent: those on the disk
   * @param told - what errors call a file, where the bytes come from another place
   */
  check(file: string, bytes: Uint8Array, contents?: ReadonlyMap<string, Uint8Array>, told?: ReadonlyMap<string, string>): Promise<ReadItem>
}

/** @param input.folder - of the items, relative to the root */
export function createLibraryFiles(input: { root: string; folder: string }): LibraryFiles {
  const { folder } = input
  const placeOf = (file: string) => placeOfPath(file.slice(folder.length + 1), file)

  /** @throws ITEM_INVALID */
  const readContent = (name: string, file: string, refuse: (problem: string, hint?: string) => AssetloomError): Uint8Array => {
    let path: string
    try {
      path = confine(dirname(join(input.root, file)), join(dirname(join(input.root, file)), requireWritablePath(name)))
    } catch (error) {
      throw refuse(`names ${JSON.stringify(name)}, which is no file beside it: ${(error as Error).message.replace(/\.$/, '')}`)
    }
    const stat = statSync(path, { throwIfNoEntry: false })
    if (!stat?.isFile()) throw refuse(`names ${name}, and there is no such file`, `Write ${dirname(file)}/${name}, or take the name out.`)
    if (stat.size > maxContentBytes) throw refuse(`names ${name}, which has ${stat.size} bytes; the most is ${maxContentBytes}`)
    const bytes = readFileSync(path)
    if (isLfsPointer(bytes)) throw refuse(`names ${name}, which is a Git LFS pointer`, 'Run git lfs pull.')
    return bytes
  }

  /** An item's own file, checked against the schema of its kind. @throws ITEM_INVALID */
  const parseItem = async (file: string, bytes: Uint8Array, told: Told) => {
    const place = placeOf(file)
    const name = told.get(file) ?? file
    const { kind } = place
    const { parseSpecText } = await import('./spec-text.ts')
    const parse = (data: Uint8Array, from: string) => parseSpecText(decodeUtf8(data, from, itemInvalid), from, itemInvalid)
    const texts = parse(bytes, name)
    const [text] = texts
    if (!text || texts.length > 1) throw itemInvalid({ file: name, field: '', problem: text ? 'holds several documents; an item is one' : 'is empty' }, { location: { file: name, line: 1 } })
    const refuseAll = (problems: readonly ItemProblem[]) => problemsError(itemInvalid, name, text, problems)
    const parsed = kind.schema.safeParse(text.value)
    if (!parsed.success) throw refuseAll(describeIssues(parsed.error.issues, kind.schema, text.value))
    const head: Item['head'] = {} as Item['head']
    const fields: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(parsed.data))
      (Object.hasOwn(kind.fields, name) ? fields : (head as Record<string, unknown>))[name] = value
    if (head.id !== undefined && head.id !== place.id)
      throw refuseAll([{ path: ['id'], message: `must be ${place.id}, which follows from the path`, hint: 'Take it out; it need not be written.' }])

    const own = kind.contentFiles?.(fields) ?? []
    const names = [...new Set([...own, ...(head.files ?? [])])]
    return { place, kind, head, fields, names, parse, refuseAll }
  }

  const check = async (
    file: string,
    bytes: Uint8Array,
    contentOf: (name: string, refuse: (problem: string, hint?: string) => AssetloomError) => Uint8Array,
    told: Told = new Map(),
  ): Promise<ReadItem> => {
    const { place, kind, head, fields, names, parse, refuseAll } = await parseItem(file, bytes, told)
    const nameOf = (path: string) => told.get(path) ?? path
    const folded = new Set<string>()
    const files = names.map((name): ItemFile => {
      const path = head.files?.includes(name) ? ['files', head.files.indexOf(name)] : [fieldWith(fields, name)]
      const refuse = (message: string, hint?: string) => refuseAll([{ path, message, ...(hint && { hint }) }])
      if (folded.has(name.toLowerCase())) throw refuse(`names ${name} twice, but for capital letters`)
      folded.add(name.toLowerCase())
      return { name, file: `${dirname(file)}/${name}`, bytes: contentOf(name, refuse) }
    })
    const dataTexts = new Map<string, SpecText>()
    if (kind.hasData)
      for (const one of files) {
        const path = nameOf(one.file)
        const [data] = parse(one.bytes, path)
        if (!data) throw itemInvalid({ file: path, field: '', problem: 'is empty' }, { location: { file: path, line: 1 } })
        dataTexts.set(one.name, data)
        one.data = data.value
      }
    const item: Item = { id: place.id, kind: kind.name, group: place.group, name: place.name, file, head, fields, files }
    const problems = (await kind.problems?.(item)) ?? []
    const errors = problems.filter(({ severity }) => severity !== 'warning')
    const within = errors.find((problem) => problem.file !== undefined)
    if (within) {
      const data = dataTexts.get(within.file!)!
      throw problemsError(itemInvalid, nameOf(`${dirname(file)}/${within.file!}`), data, errors.filter((problem) => problem.file === within.file))
    }
    if (errors.length > 0) throw refuseAll(errors)
    return { item, content: itemContent(item, bytes), warnings: problems.filter(({ severity }) => severity === 'warning') }
  }

  const edit = async (
    file: string,
    changes: Readonly<Record<string, unknown>>,
    { files, refs = new Map() }: NewNames,
    bytes: Uint8Array = readFileSync(join(input.root, file)),
  ): Promise<Uint8Array> => {
    const { isMap, isScalar, parseDocument, visit } = await import('yaml')
    const text = new TextDecoder().decode(bytes)
    const document = parseDocument(text)
    const hasNames = files.size > 0 || refs.size > 0
    const spliced = hasNames ? undefined : splice(text, document, changes)
    if (spliced !== undefined) return new TextEncoder().encode(spliced)
    let isSame = true
    if (hasNames)
      visit(document, {
        Scalar(place, node, path) {
          if (typeof node.value !== 'string') return
          const pair = path.at(-1) as { key?: unknown } | undefined
          // What a text says, and where a site puts a file, is no name of ours.
          const isOther = place !== 'key' && isScalar(pair?.key) && otherTexts.has(String(pair.key.value))
          const newName = place === 'key' || isOther ? undefined : files.get(node.value)
          const value = newName ?? (isOther ? undefined : refs.get(node.value)) ?? renameRefs(node.value, refs)
          isSame &&= value === node.value
          node.value = value
        },
      })
    for (const [member, value] of Object.entries(changes)) {
      if (value === undefined && !document.has(member)) continue
      isSame = false
      const present = document.get(member)
      if (value === undefined) document.delete(member)
      else if (isMap(present) && isRecord(value)) editMap(present, value, (text) => quoted(document.createNode(text)))
      else document.set(member, typeof value === 'string' ? quoted(document.createNode(value)) : document.createNode(value, { flow: true }))
    }
    return isSame ? bytes : new TextEncoder().encode(document.toString({ lineWidth: 0 }))
  }

  return {
    list: () => itemFiles(join(input.root, folder)).map((path) => `${folder}/${path}`),
    fileOf: (id) => `${folder}/${id}${itemSuffix}`,
    placeOf,
    bytesOf: (file) => readFileSync(join(input.root, file)),
    async read(file) {
      const path = join(input.root, file)
      const missing = (problem: string) => itemInvalid({ file, field: '', problem }, { location: { file } })
      const stat = statSync(path, { throwIfNoEntry: false })
      if (!stat?.isFile()) throw missing('is not there')
      if (stat.size > maxItemBytes) throw missing(`has ${stat.size} bytes; the most is ${maxItemBytes}`)
      confine(input.root, path)
      return check(file, readFileSync(path), (name, refuse) => readContent(name, file, refuse))
    },
    isRecorded: (entry) =>
      [{ file: entry.file!, hash: entry.hash }, ...(entry.files ?? [])].every(({ file, hash }) => {
        const path = join(input.root, file)
        return existsSync(path) && contentHash(readFileSync(path)) === hash
      }),
    contentNames: async (file, bytes, told = new Map()) => (await parseItem(file, bytes, told)).names,
    edited: (file, changes, bytes) => edit(file, changes, { files: new Map() }, bytes),
    renamed: edit,
    check: (file, bytes, contents, told) =>
      check(
        file,
        bytes,
        (name, refuse) => {
          if (!contents) return readContent(name, file, refuse)
          const content = contents.get(name)
          if (!content) throw refuse(`names ${name}, and there is no such file`)
          return content
        },
        told,
      ),
  }
}

type Told = ReadonlyMap<string, string>

const isRecord = (value: unknown): value is Readonly<Record<string, string>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** Make a map hold these texts; what is so already keeps its comments and its spelling. */
function editMap(map: YAMLMap, wanted: Readonly<Record<string, string>>, node: (text: string) => Scalar): void {
  const keys = map.items.map(({ key }) => String(key))
  for (const key of keys) if (!Object.hasOwn(wanted, key)) map.delete(key)
  for (const [key, text] of Object.entries(wanted)) if (map.get(key) !== text) map.set(key, node(text))
}

/** The text with other values in the places of scalars of one line, all else byte for byte; undefined where more changes. */
function splice(text: string, document: Document, changes: Readonly<Record<string, unknown>>): string | undefined {
  let spliced = text
  const places = Object.entries(changes).map(([member, value]) => {
    const node = document.get(member, true) as Partial<Scalar> | undefined
    const isPlain = node?.type === 'PLAIN' || node?.type === 'QUOTE_DOUBLE' || node?.type === 'QUOTE_SINGLE'
    return isPlain && node.range && typeof value === 'string' ? { from: node.range[0], to: node.range[1], value } : undefined
  })
  for (const place of places.sort((a, b) => (b?.from ?? 0) - (a?.from ?? 0))) {
    if (!place) return undefined
    spliced = spliced.slice(0, place.from) + JSON.stringify(place.value) + spliced.slice(place.to)
  }
  return spliced
}

/** Members of an item whose text may be that of a file's name without meaning the file beside the item. */
const otherTexts = new Set(['name', 'description', 'target', 'documentation'])

/** A version must not look like a number. */
function quoted(node: Scalar): Scalar {
  if (!String(node.value).includes('\n')) node.type = 'QUOTE_DOUBLE'
  return node
}

/** The field that names a content file. */
function fieldWith(fields: Readonly<Record<string, unknown>>, name: string): string {
  return Object.keys(fields).find((field) => fields[field] === name) ?? Object.keys(fields)[0] ?? 'files'
}

/** Paths under a folder, POSIX, sorted; links are not followed. */
function itemFiles(folder: string, below = ''): string[] {
  let names
  try {
    names = readdirSync(join(folder, below), { withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return names
    .flatMap((one) => {
      const path = below === '' ? one.name : `${below}/${one.name}`
      if (one.isDirectory()) return itemFiles(folder, path)
      return one.isFile() && one.name.endsWith(itemSuffix) ? [path] : []
    })
    .sort()
}
