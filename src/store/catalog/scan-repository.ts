import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse as parseToml } from 'smol-toml'
import { cellsOf, folderOf, isRow, maxCatalogFileBytes, readRow, type CatalogFile, type CatalogRow } from '../../core/catalog/row.ts'
import { rowOfLine } from '../../core/catalog/row-lines.ts'
import { rowPathRefusal } from '../../core/catalog/row-path.ts'
import { readSidecar, type Sidecar } from '../../core/catalog/sidecar.ts'
import { gitBlobSha, sha256 } from '../../core/digest.ts'
import { isAssetloomError } from '../../core/errors.ts'
import { itemInvalid, maxItemBytes } from '../../core/item-invalid.ts'
import { libraryKind } from '../../core/kinds/index.ts'
import { itemSuffix } from '../../core/kinds/item-id.ts'
import { isLfsPointer } from '../../core/lfs-pointer.ts'
import { decodeUtf8 } from '../document-problems.ts'
import { createLibraryFiles } from '../library-files.ts'
import { parseSpecText } from '../spec-text.ts'
import { filesBelow } from './folder.ts'
import { readGitDates } from './git-dates.ts'
import { readIndex } from './index-csv.ts'
import { indexPath } from './index-file.ts'

export interface RepositoryProblem {
  file: string
  problem: string
  /** A warning leaves the index as it would be. */
  severity: 'error' | 'warning'
}

export interface RepositoryScan {
  isGit: boolean
  hasAssets: boolean
  rows: CatalogRow[]
  problems: RepositoryProblem[]
  /** The index as it stands there. */
  previous: string | undefined
  previousRows: readonly CatalogRow[]
}

const tomlSuffix = '.meta.toml'
/** Which of the files of one stem is the content: what describes itself, then data, then all else by name. */
const contentOrder = ['.toml', '.yaml', '.yml', '.json']

/**
 * Read a repository of assets: every `assets/<type>/<category>/<name>` that a sidecar describes. Files under
 * `assets/library` are those of a project, and have the same refs as there.
 * @param input.root - absolute
 * @param input.today - for what is new or changed, and has no date that is written down anywhere
 */
export async function scanRepository(input: { root: string; today: string }): Promise<RepositoryScan> {
  const { root, today } = input
  const problems: RepositoryProblem[] = []
  const complain = (file: string, problem: string, severity: RepositoryProblem['severity'] = 'error') => void problems.push({ file, problem, severity })
  const files = filesBelow(root, 'assets').map(({ path }) => path).filter((path) => path !== indexPath && !isOwn(path))
  const previous = readPrevious(root)
  const before = new Map(previous.rows.map((row) => [row.ref, row]))
  const claimed = new Set<string>()
  const rows = new Map<string, CatalogRow>()
  const isGit = isWithinGit(root)
  let history: ReturnType<typeof readGitDates> | undefined

  /**
   * Dates that nobody wrote down: those of the index stay while the content does, so that everybody gets the same, in a clone
   * without history, too. Else the history tells, as far as the files are committed as they are.
   */
  const datesOf = async (about: Sidecar, measured: readonly MeasuredFile[], known: CatalogRow | undefined): Promise<Pick<CatalogRow, 'created' | 'updated'>> => {
    const isSame = known !== undefined && JSON.stringify(known.files) === JSON.stringify(filesOf(measured))
    const created = about.created ?? known?.created
    const updated = about.updated ?? (isSame ? known.updated : undefined)
    if (created && updated) return { created, updated }
    const committed = isGit ? await (history ??= readGitDates(root, 'assets')) : undefined
    const days = measured.map(({ path, sha }) => ({ sha, day: committed?.get(path) }))
    const lastDay = days.every(({ sha, day }) => day?.sha === sha) ? days.map(({ day }) => day!.last).sort().at(-1) : undefined
    return { created: created || (days[0]!.day?.first ?? today), updated: updated || (lastDay ?? today) }
  }

  for (const sidecar of files.filter((path) => path.endsWith(tomlSuffix) || path.endsWith(itemSuffix))) {
    claimed.add(sidecar)
    const place = placeOf(sidecar)
    if (!place) {
      complain(sidecar, 'stands in no assets/<type>/<category>/ folder')
      continue
    }
    try {
      const isItem = sidecar.endsWith(itemSuffix) && libraryKind(place.type) !== undefined
      const asset = isItem ? await readItem(root, sidecar) : readDescribed(root, sidecar, files)
      for (const file of asset.files) claimed.add(file)
      for (const warning of asset.warnings) complain(sidecar, warning, 'warning')
      const measured = asset.files.map((file) => measure(root, file))
      const row = { ...rowOf(place, asset.about, measured), ...(await datesOf(asset.about, measured, before.get(place.ref))) }
      const read = readRow(cellsOf(row))
      const first = [...rows.keys()].find((ref) => ref.toLowerCase() === row.ref.toLowerCase())
      if (!isRow(read)) complain(sidecar, read)
      else if (first !== undefined) complain(sidecar, `is ${row.ref}, and there is ${first} already`)
      else rows.set(row.ref, row)
    } catch (error) {
      if (!isAssetloomError(error) && !(error instanceof Refusal)) throw error
      complain(sidecar, error.message.startsWith(`${sidecar}: `) ? error.message.slice(sidecar.length + 2) : error.message)
    }
  }
  for (const file of files) if (!claimed.has(file)) complain(file, 'belongs to no asset: no sidecar describes it', 'warning')
  return {
    isGit,
    hasAssets: existsSync(join(root, 'assets')),
    rows: [...rows.values()],
    problems: problems.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)),
    previous: previous.text,
    previousRows: previous.rows,
  }
}

/** What a sidecar says that is wrong; caught where the sidecar is named. */
class Refusal extends Error {}

/** What Assetloom keeps in a project's folder of assets. */
function isOwn(path: string): boolean {
  return path === 'assets/manifest.json' || path.startsWith('assets/history/')
}

interface Place {
  ref: string
  type: string
  category: string
  name: string
}

function placeOf(sidecar: string): Place | undefined {
  const parts = sidecar.replace(/\.(?:meta\.toml|asset\.yaml)$/, '').split('/').slice(1)
  if (parts[0] === 'library') parts.shift()
  const name = parts.pop() ?? ''
  const category = parts.pop()
  if (category === undefined || parts.length === 0) return undefined
  const type = parts.join('/')
  return { ref: `${type}/${category}/${name}`, type, category, name }
}

interface DescribedAsset {
  about: Sidecar
  /** In the repository, the content file first. */
  files: string[]
  warnings: string[]
}

/** An item of a kind of Assetloom: its own file is content and sidecar in one. @throws ITEM_INVALID */
async function readItem(root: string, file: string): Promise<DescribedAsset> {
  const folder = file.startsWith('assets/library/') ? 'assets/library' : 'assets'
  const { item, warnings } = await createLibraryFiles({ root, folder }).read(file)
  const { head } = item
  return {
    about: {
      description: head.description ?? '',
      tags: head.tags ?? [],
      version: head.version,
      ...(head.license !== undefined && { license: head.license }),
      ...(head.dependencies && { dependencies: head.dependencies }),
    },
    files: [file, ...item.files.map((one) => one.file)],
    warnings: warnings.map(({ message }) => message),
  }
}

/** Files of any sort that a sidecar of their stem describes. */
function readDescribed(root: string, sidecar: string, all: readonly string[]): DescribedAsset {
  const about = readDocument(root, sidecar)
  const stem = sidecar.slice(0, sidecar.length - (sidecar.endsWith(tomlSuffix) ? tomlSuffix : itemSuffix).length)
  const [type, category] = [placeOf(sidecar)!.type, placeOf(sidecar)!.category]
  if (about.type !== undefined && about.type !== type) throw new Refusal(`says type ${about.type}, and stands in ${type}`)
  if (about.category !== undefined && about.category !== category) throw new Refusal(`says category ${about.category}, and stands in ${category}`)
  const others = [tomlSuffix, itemSuffix].filter((suffix) => all.includes(stem + suffix))
  if (others.length > 1) throw new Refusal('has two sidecars, .meta.toml and .asset.yaml')
  const beside = all.filter((path) => path.startsWith(`${stem}.`) && !path.slice(stem.length + 1).includes('/') && path !== sidecar)
  const rank = (path: string) => {
    const at = contentOrder.findIndex((ending) => path.endsWith(ending))
    return at < 0 ? contentOrder.length : at
  }
  const content = beside.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  const [main] = content
  if (main === undefined) throw new Refusal(`describes ${stem}.…, and there is no such file`)
  const named = (about.files ?? []).map((name) => {
    const path = folderOf(sidecar) + name
    if (rowPathRefusal(name)) throw new Refusal(`names ${JSON.stringify(name)}: ${rowPathRefusal(name)}`)
    if (!all.includes(path)) throw new Refusal(`names ${name}, and there is no such file`)
    return path
  })
  const files = [...new Set([...content, ...named, sidecar])]
  const found = about.sha === undefined ? undefined : measure(root, main)
  return { about, files, warnings: found && found.sha !== about.sha ? [`says another sha than ${main} has; the measured one counts`] : [] }
}

function readDocument(root: string, sidecar: string): Sidecar {
  const bytes = readFileSync(join(root, sidecar))
  if (bytes.length > maxItemBytes) throw new Refusal(`has ${bytes.length} bytes; the most is ${maxItemBytes}`)
  const text = decodeUtf8(bytes, sidecar, itemInvalid)
  const read = readSidecar(sidecar.endsWith(tomlSuffix) ? tomlValue(text) : parseSpecText(text, sidecar, itemInvalid)[0]?.value)
  if (!('problems' in read)) return read
  throw new Refusal(read.problems.map(({ path, message, allowed }) => `${path.map(String).join('.') || 'it'} ${message}${allowed?.length ? `; allowed: ${allowed.join(', ')}` : ''}`).join('; '))
}

function tomlValue(text: string): unknown {
  try {
    return parseToml(text, { maxDepth: 24 })
  } catch (error) {
    throw new Refusal(`is no TOML: ${(error as Error).message.split('\n')[0]}`)
  }
}

/** With its git blob SHA-1. */
type MeasuredFile = CatalogFile & { sha: string }

function measure(root: string, path: string): MeasuredFile {
  const bytes = readFileSync(join(root, path))
  if (bytes.length > maxCatalogFileBytes) throw new Refusal(`has ${path} with ${bytes.length} bytes; the most is ${maxCatalogFileBytes}`)
  if (isLfsPointer(bytes)) throw new Refusal(`has ${path}, which is a Git LFS pointer: run git lfs pull`)
  return { path, sizeBytes: bytes.length, sha256: sha256(bytes), sha: gitBlobSha(bytes) }
}

function rowOf(place: Place, about: Sidecar, measured: readonly MeasuredFile[]): Omit<CatalogRow, 'created' | 'updated'> {
  const [main] = measured as [MeasuredFile]
  return {
    ...place,
    description: about.description ?? '',
    tags: about.tags ?? [],
    bin: about.bin ?? '',
    sha: main.sha,
    sizeBytes: main.sizeBytes,
    files: filesOf(measured),
    dependencies: about.dependencies ?? {},
    ...(about.version !== undefined && { version: about.version }),
    ...(about.license !== undefined && { license: about.license }),
  }
}

function filesOf(measured: readonly MeasuredFile[]): CatalogFile[] {
  return measured.map(({ path, sizeBytes, sha256 }) => ({ path, sizeBytes, sha256 }))
}

function readPrevious(root: string): { text: string | undefined; rows: CatalogRow[] } {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(join(root, indexPath))
  } catch {
    return { text: undefined, rows: [] }
  }
  const read = readIndex(bytes)
  return {
    text: new TextDecoder().decode(bytes),
    rows: 'why' in read ? [] : read.lines.split('\n').flatMap((line) => rowOfLine(line) ?? []),
  }
}

function isWithinGit(root: string): boolean {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return true
    if (dirname(folder) === folder) return false
  }
}
