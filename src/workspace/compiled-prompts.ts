import { libraryKind } from '../core/kinds/index.ts'
import { isItem, itemEntry } from '../core/kinds/item-entry.ts'
import type { ItemModule } from '../core/kinds/kind.ts'
import { isAssetloomError } from '../core/errors.ts'
import { isSameValue } from '../core/json-value.ts'
import type { Entry } from '../core/manifest.ts'
import { publicMeta, type PublicMeta } from '../core/public-meta.ts'
import type { CacheIndex } from '../store/cache-index.ts'
import type { LibraryFiles, ReadItem } from '../store/library-files.ts'

/** A prompt as an import of it has it. */
export interface CompiledPrompt {
  module: ItemModule
  meta: PublicMeta
}

/**
 * Prompts of the library as they were compiled, by their digest: an import of one that did not change neither parses nor
 * checks it.
 */
export interface CompiledPrompts {
  /** What is kept of an item whose files are those that the manifest records. */
  kept(entry: Entry): Promise<CompiledPrompt | undefined>
  /** Keep what an item was compiled to; nothing for what is no prompt. */
  keep(read: ReadItem, module: ItemModule): Promise<void>
  /** Compile an item of the manifest, unless that is kept. @returns undefined for what is no prompt @throws ITEM_INVALID */
  compile(entry: Entry): Promise<{ bytes: number; isNew: boolean } | undefined>
  /** Everything that is kept. */
  records(): PromptRecord[]
  /** Whether a record is what its prompt is compiled to now; of a prompt that is gone or changed nobody can say. */
  isSound(record: PromptRecord): Promise<boolean>
}

export interface PromptRecord {
  key: string
  id: string
  digest: string
  sizeBytes: number
  usedAtMs: number
  compiled: unknown
}

const prefix = 'prompt:'

/** @param input.toolVersion - another version may compile otherwise */
export function createCompiledPrompts(input: {
  cache: CacheIndex
  library: LibraryFiles
  toolVersion: string
  find(id: string): Entry | undefined
}): CompiledPrompts {
  const { cache, library } = input
  const keyOf = (id: string, digest: string) => `${prefix}${input.toolVersion}:${id}:${digest}`
  const compiled = ({ item, content }: ReadItem, module: ItemModule): CompiledPrompt => ({
    module,
    meta: publicMeta(itemEntry(item, content, '')),
  })
  const isPrompt = ({ item }: ReadItem) => libraryKind(item.kind)?.use?.(item).form === 'text'
  const compile = (read: ReadItem) => compiled(read, libraryKind(read.item.kind)!.module(read.item, undefined))

  const kept = async (entry: Entry) =>
    isItem(entry) && entry.digest !== undefined && libraryKind(entry.kind)?.use && library.isRecorded(entry)
      ? cache.get<CompiledPrompt>(keyOf(entry.id, entry.digest))
      : undefined

  return {
    kept,
    async keep(read, module) {
      if (isPrompt(read)) await cache.set(keyOf(read.item.id, read.content.digest), compiled(read, module))
    },
    async compile(entry) {
      if (!isItem(entry) || !libraryKind(entry.kind)?.use) return undefined
      const known = await kept(entry)
      if (known) return { bytes: sizeOf(known), isNew: false }
      const read = await library.read(entry.file)
      if (!isPrompt(read)) return undefined
      const made = compile(read)
      await cache.set(keyOf(entry.id, read.content.digest), made)
      return { bytes: sizeOf(made), isNew: true }
    },
    records: () =>
      cache.records(prefix).map(({ key, usedAtMs, value }) => {
        const [, id, digest] = /^prompt:[^:]*:([^:]*):(.*)$/.exec(key) ?? [key, '', '']
        return { key, id: id!, digest: digest!, usedAtMs, compiled: value, sizeBytes: sizeOf(value) }
      }),
    async isSound({ key, id, compiled: value }) {
      const entry = input.find(id)
      if (!entry || !isItem(entry) || entry.digest === undefined || keyOf(id, entry.digest) !== key || !library.isRecorded(entry)) return true
      try {
        return isSameValue(JSON.parse(JSON.stringify(compile(await library.read(entry.file)))), value)
      } catch (error) {
        if (isAssetloomError(error)) return false
        throw error
      }
    },
  }
}

const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? '')
