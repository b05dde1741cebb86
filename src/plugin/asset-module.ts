import type { ItemModule } from '../core/kinds/kind.ts'
import type { PublicMeta } from '../core/public-meta.ts'

/** A file that a module's URLs point to. */
export interface AssetFile {
  /** `LOGO-ACME-MARK001.png` */
  name: string
  /** `sha256:…` */
  hash: string
  mediaType: string
  sizeBytes: number
  widthPx?: number | undefined
  heightPx?: number | undefined
  /** Of the original, relative to the project; what a host's build manifest is keyed by. */
  originalFileName: string
  read(): Uint8Array
}

/** A file of a srcset with its descriptor, `640w` or `2x`. */
export interface Candidate {
  file: AssetFile
  descriptor: string
}

/** A library item; `path` is the file that its module imports: a component, or a style sheet that was made of it. */
export interface ItemContent {
  shape: 'item'
  module: ItemModule
  /** Absolute. */
  path?: string
}

/** What an asset import evaluates to; hosts write their code from it. */
export type AssetContent =
  | { shape: 'file' | 'url'; file: AssetFile }
  | { shape: 'placeholder'; file: AssetFile }
  | { shape: 'srcset'; candidates: Candidate[]; fallback: AssetFile }
  | { shape: 'picture'; sources: { mediaType: string; candidates: Candidate[] }[]; fallback: AssetFile }
  | { shape: 'value'; value: unknown }
  | ItemContent

export interface AssetModule {
  ref: string
  content: AssetContent
  /** Parameters for the host, e.g. `inline`; canonical text without `?`. */
  hostQuery: string
  widthPx?: number | undefined
  heightPx?: number | undefined
  alt: string | undefined
  token: string
  meta: PublicMeta
  /** Absolute paths whose change may change the module. */
  watch: string[]
  /** Equal text: equal module. */
  signature: string
}

/** A pattern import: the refs it stands for. */
export interface GlobModule {
  ref: string
  refs: string[]
  watch: string[]
  signature: string
}

export function isGlobModule(module: AssetModule | GlobModule): module is GlobModule {
  return 'refs' in module
}
