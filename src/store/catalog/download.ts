import { gitBlobSha, sha256 } from '../../core/digest.ts'
import { defineError } from '../../core/errors.ts'
import { folderOf, maxCatalogFileBytes, type CatalogFile, type CatalogRow } from '../../core/catalog/row.ts'
import { rowPathRefusal } from '../../core/catalog/row-path.ts'
import { isLfsPointer } from '../../core/lfs-pointer.ts'
import { assetDigest, type FetchedFile } from './asset-files.ts'
import { requestFault, type CatalogTransport, type TreeFile } from './transport.ts'

const assetRefused = defineError('CATALOG_ASSET_REFUSED', {
  summary: 'What a catalog gave for an asset is not what its index says, or cannot be taken.',
  message: (d: { ref: string; catalog: string; why: string }) => `${d.ref} of ${d.catalog} was refused: ${d.why}.`,
  hint: () => 'Nothing was kept. Try again; if it stays so, tell who keeps the catalog to run assetloom index.',
})

/** Content files that an index without the column `files` may mean, in the order in which they are tried. */
const guessedExtensions = ['asset.yaml', 'svg', 'png', 'webp', 'jpg', 'avif', 'gif', 'mp3', 'ogg', 'wav', 'json', 'md', 'txt']

export interface DownloadInput {
  row: CatalogRow
  catalog: string
  transport: CatalogTransport
  revision: string
  /** Run one request among others. */
  limited<T>(work: () => Promise<T>): Promise<T>
  /** Further files that the content file names, relative to its folder. @param file - path in the repository */
  namedIn(row: CatalogRow, content: { path: string; bytes: Uint8Array }): Promise<readonly string[]>
  signal: AbortSignal
}

/**
 * Fetch every file of an asset at one revision, and compare each with what the index says.
 * @throws CATALOG_REQUEST_FAILED, CATALOG_ASSET_REFUSED
 */
export async function downloadAsset(input: DownloadInput): Promise<FetchedFile[]> {
  const { row, transport, revision, signal } = input
  const refuse = (why: string) => assetRefused({ ref: row.ref, catalog: input.catalog, why })
  const read = (path: string) =>
    input.limited(async () => {
      const answer = await transport.read(revision, path, { maxBytes: maxCatalogFileBytes, signal })
      return (answer as { bytes: Uint8Array }).bytes
    })
  const check = (path: string, bytes: Uint8Array, says: { sha?: string | undefined; sha256?: string | undefined; sizeBytes?: number | undefined }) => {
    const name = JSON.stringify(path)
    if (isLfsPointer(bytes)) throw refuse(`${name} is a Git LFS pointer, not the file itself`)
    const isSame =
      (says.sizeBytes === undefined || bytes.length === says.sizeBytes) &&
      (says.sha === undefined || gitBlobSha(bytes) === says.sha) &&
      (says.sha256 === undefined || sha256(bytes) === says.sha256)
    if (isSame) return
    if (/^\s*<(?:!doctype|html)/i.test(new TextDecoder().decode(bytes.subarray(0, 200)))) throw refuse(`${name} is a page of HTML`)
    throw refuse(`${name} does not have the digest that the index says`)
  }
  const tooLarge = row.files.find(({ sizeBytes }) => sizeBytes > maxCatalogFileBytes) ?? (row.sizeBytes > maxCatalogFileBytes ? row : undefined)
  if (tooLarge) throw refuse(`a file has ${tooLarge.sizeBytes} bytes; the most is ${maxCatalogFileBytes}`)

  const fetchListed = async (files: readonly CatalogFile[]) => {
    const [main] = files
    const folder = folderOf(main!.path)
    return Promise.all(
      files.map(async ({ path, sizeBytes, sha256 }): Promise<FetchedFile> => {
        const bytes = await read(path)
        check(path, bytes, { sizeBytes, sha256, ...(path === main!.path && { sha: row.sha }) })
        if (path === main!.path) check(path, bytes, { sha256: row.sha256 })
        return { path: path === main!.path ? contentName(row, path) : path.slice(folder.length), source: path, bytes }
      }),
    )
  }

  const fetchGuessed = async () => {
    const listed = await listing(input)
    const { path: main, bytes } = await findContent(input, listed, read, refuse)
    check(main, bytes, { sha: row.sha, sha256: row.sha256 })
    const folder = folderOf(main)
    const shaOf = new Map(listed?.map(({ path, sha }) => [path, sha]))
    const others = await input.namedIn(row, { path: main, bytes })
    const unsafe = others.find((path) => rowPathRefusal(path))
    if (unsafe !== undefined) throw refuse(`it names ${JSON.stringify(unsafe)}: ${rowPathRefusal(unsafe)}`)
    return Promise.all(
      ['', ...others].map(async (path): Promise<FetchedFile> => {
        if (path === '') return { path: contentName(row, main), source: main, bytes }
        const source = folder + path
        const content = await read(source)
        check(source, content, { sha: shaOf.get(source) })
        return { path, source, bytes: content }
      }),
    )
  }
  return row.files.length > 0 ? fetchListed(row.files) : fetchGuessed()
}

/** The digest that the asset of a row has once it is fetched; undefined when the index does not name its files. */
export function rowDigest(row: CatalogRow): string | undefined {
  const [main] = row.files
  if (!main) return undefined
  const folder = folderOf(main.path)
  return assetDigest(row.files.map(({ path, sha256 }) => ({ path: path === main.path ? contentName(row, path) : path.slice(folder.length), sha256 })))
}

/** The content file is called as the asset is, wherever the repository keeps it. */
function contentName({ name }: CatalogRow, path: string): string {
  return name + (/\.asset\.yaml$|\.[^./]*$/.exec(path)?.[0] ?? '')
}

/** The files of the revision where they can be had. */
async function listing({ transport, revision, signal }: DownloadInput): Promise<TreeFile[] | undefined> {
  try {
    return (await transport.list?.(revision, signal))?.files
  } catch (error) {
    if (requestFault(error) === undefined) throw error
    return undefined
  }
}

/** The content file of a row that does not name it. */
async function findContent(
  { row, catalog }: DownloadInput,
  listed: readonly TreeFile[] | undefined,
  read: (path: string) => Promise<Uint8Array>,
  refuse: (why: string) => Error,
): Promise<{ path: string; bytes: Uint8Array }> {
  const stem = `assets/${row.ref}.`
  const stems = [stem, `assets/library/${row.ref}.`]
  const beside = listed?.filter(({ path }) => stems.some((one) => path.startsWith(one)) && !path.endsWith('.meta.toml'))
  const bySha = beside?.find(({ sha }) => sha === row.sha)
  const candidates = bySha ? [bySha.path] : (beside?.map(({ path }) => path) ?? guessedExtensions.map((extension) => stem + extension))
  for (const path of candidates) {
    try {
      const bytes = await read(path)
      if (candidates.length === 1 || gitBlobSha(bytes) === row.sha) return { path, bytes }
    } catch (error) {
      if (requestFault(error) !== 'missing') throw error
    }
  }
  throw refuse(`${catalog} has no content file for it with the digest that the index says`)
}
