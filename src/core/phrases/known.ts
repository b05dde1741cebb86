import type { Words } from '../vocabulary.ts'

/** An asset as far as sentences may describe it. */
export interface KnownAsset {
  ref: string
  kind: string
  aliases: readonly string[]
  tags: readonly string[]
  category?: string
  family?: string
  variant?: string
}

/** What sentences may name: the project's own words, and those of the tables. */
export interface Known extends Words {
  assets: readonly KnownAsset[]
  kinds: readonly string[]
  /** Extensions of media formats. */
  formats: readonly string[]
  /** Levels of compression. */
  levels: readonly string[]
  frameworks: readonly string[]
  sites: readonly string[]
  /** Ids of specs and templates. */
  specs: readonly string[]
  providers: readonly string[]
  /** Names of the operations. */
  operations: readonly string[]
}
