import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { digestOf } from '../core/digest.ts'
import { constantsMark, emitConstants } from '../core/emit-constants.ts'
import {
  bucketFilePattern,
  emitTypes,
  typesRootFile,
  type HostFlavor,
  type TypedAsset,
  type TypesMemory,
} from '../core/emit-types.ts'
import { defineError } from '../core/errors.ts'
import { writeFileAtomic } from './atomic-write.ts'
import { projectRelative } from './project-folder.ts'

const constantsForeign = defineError('CONSTANTS_FOREIGN', {
  summary: 'The file that the typed constants go to holds something else.',
  message: (d: { file: string }) => `${d.file} was not written by Assetloom; it is left as it is.`,
  hint: () => 'Name another file with the option constants, or set constants: false.',
  exit: 5,
})

export interface GeneratedSources {
  /** Absolute. */
  root: string
  /** Absolute; false writes no types. */
  typesFolder: string | false
  /** Absolute; false writes no constants. */
  constantsFile: string | false
  /** The user named the constants' file: its folders are made. */
  isConstantsFileChosen: boolean
  /** `undefined` when there is no manifest: then nothing is known and nothing is written. */
  assets: readonly TypedAsset[] | undefined
  /** Assets of the user's own folder that the code imports: they have types, and no constants, which are committed. */
  borrowed?: readonly TypedAsset[]
  host: HostFlavor
  /** On the file system of the project, out of sight of watchers. */
  tempFolder: string
}

/** Paths relative to the root. */
export interface WrittenSources {
  written: string[]
  unchanged: string[]
}

/** What was written last, for a start that finds all as it was. */
export interface SourcesMemory {
  /** The texts themselves, as long as the process lives. */
  texts: TypesMemory
  get(): Promise<SourcesRecord | undefined>
  set(record: SourcesRecord): Promise<void>
}

interface SourcesRecord {
  /** Digest of all that the texts depend on. */
  made: string
  /** Times and size of each file, by absolute path. */
  stamps: Record<string, string>
}

interface Wanted {
  texts: Map<string, string>
  superfluous: string[]
}

/**
 * Write types and constants, each file only when its bytes on the disk differ: what is unchanged keeps its mtime.
 * Buckets that no longer exist are removed.
 *
 * Without a manifest nothing is written. The constants need an asset (or a file of theirs that would else go stale);
 * at their default place they also need its folder to be there, so that a project without `src` does not get one.
 * @throws CONSTANTS_FOREIGN when another hand wrote the constants' file
 */
export function writeGeneratedSources(input: GeneratedSources): WrittenSources {
  return write(input).result
}

function write(input: GeneratedSources, memory?: TypesMemory): { texts: Wanted['texts']; result: WrittenSources } {
  const { texts, superfluous } = wantedSources(input, memory)
  const result: WrittenSources = { written: [], unchanged: [] }
  for (const [path, text] of texts) {
    const isSame = textOnDisk(path) === text
    if (!isSame) writeFileAtomic(path, text, input.tempFolder)
    result[isSame ? 'unchanged' : 'written'].push(projectRelative(input.root, path))
  }
  for (const path of superfluous) rmSync(path, { force: true })
  return { texts, result }
}

/**
 * {@link writeGeneratedSources}, unless nothing that it depends on has changed and its files are as it left them: making
 * the texts of thousands of assets to find them equal would be the longest step of a build's start.
 * @param assets - what the manifest with this digest holds
 * @param input.sites - what is written of sites: their settings and pins have types
 * @param input.toolVersion - of what makes the texts
 * @throws CONSTANTS_FOREIGN
 */
export async function keepGeneratedSources(
  input: Omit<GeneratedSources, 'assets'> & { manifestDigest: string; sites: string; toolVersion: string },
  assets: () => Promise<GeneratedSources['assets']>,
  memory: SourcesMemory,
): Promise<WrittenSources> {
  const { constantsFile } = input
  // Whether constants are wanted also depends on their place.
  const places = constantsFile !== false && [constantsFile, dirname(constantsFile)].map((path) => existsSync(path))
  const made = digestOf({ ...input, places })
  const known = await memory.get()
  if (known?.made === made && Object.entries(known.stamps).every(([path, stamp]) => stampOf(path) === stamp))
    return { written: [], unchanged: Object.keys(known.stamps).map((path) => projectRelative(input.root, path)) }
  const { texts, result } = write({ ...input, assets: await assets() }, memory.texts)
  await memory.set({ made, stamps: Object.fromEntries([...texts.keys()].map((path) => [path, stampOf(path)])) })
  return result
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true })
  return stat ? `${stat.mtimeNs}:${stat.ctimeNs}:${stat.size}:${stat.ino}` : ''
}

/**
 * What {@link writeGeneratedSources} would write or remove; changes nothing. `superfluous` are those it would remove. Types that were never written here are not
 * stale: they are not committed, so a clean clone has none.
 * @throws CONSTANTS_FOREIGN
 */
export function checkGeneratedSources(input: GeneratedSources): { stale: string[]; superfluous: string[] } {
  const hasTypes = input.typesFolder !== false && namesIn(input.typesFolder).length > 0
  const { texts, superfluous } = wantedSources(hasTypes ? input : { ...input, typesFolder: false })
  const differing = [...texts].filter(([path, text]) => textOnDisk(path) !== text).map(([path]) => path)
  const named = (paths: readonly string[]) => paths.map((path) => projectRelative(input.root, path))
  return { stale: named([...differing, ...superfluous]), superfluous: named(superfluous) }
}

/** In the order of writing: the file that refers to the others comes after them. */
function wantedSources(input: GeneratedSources, memory?: TypesMemory): Wanted {
  const { typesFolder, constantsFile, assets, borrowed = [] } = input
  const wanted: Wanted = { texts: new Map(), superfluous: [] }
  if (!assets && borrowed.length === 0) return wanted
  if (assets && constantsFile !== false) {
    const onDisk = textOnDisk(constantsFile)
    if (onDisk?.trim() && !onDisk.includes(constantsMark))
      throw constantsForeign({ file: projectRelative(input.root, constantsFile) })
    const hasPlace = input.isConstantsFileChosen || existsSync(dirname(constantsFile))
    if (onDisk !== undefined || (assets.length > 0 && hasPlace)) wanted.texts.set(constantsFile, emitConstants(assets))
  }
  if (typesFolder !== false) {
    const types = emitTypes([...(assets ?? []), ...borrowed], input.host, memory)
    for (const [name, text] of [...types].sort(([a], [b]) => Number(a === typesRootFile) - Number(b === typesRootFile)))
      wanted.texts.set(join(typesFolder, name), text)
    wanted.superfluous = namesIn(typesFolder)
      .filter((name) => bucketFilePattern.test(name) && !types.has(name))
      .map((name) => join(typesFolder, basename(name)))
  }
  return wanted
}

function textOnDisk(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : []
}
