import { publicMetaTypes } from './public-meta.ts'

/** What the default export of a picture is: a URL string in Vite and others, ImageMetadata in Astro. */
export type HostFlavor = 'vite' | 'astro'

/**
 * The interfaces that every asset's declaration refers to. One generic interface and `export =` for each asset is half
 * as costly for the compiler as members spelled out.
 *
 * Unknown spellings land in the closing modules: the longest text before a star wins over the host's `*.webp` and
 * `*?url`. They export something, since a module without exports accepts every import; and they come first, where the
 * compiler finds them at once for each glob that augments them.
 *
 * `__esModule` makes `import x from` give the member `default` and not the whole object.
 */
export function sharedTypes(host: HostFlavor): string {
  return `// What no other declaration knows has no default export: an asset that does not exist is an error here.
declare module "asset:*" { export const __esModule: true }
declare module "~asset/*" { export const __esModule: true }

declare namespace Assetloom {
  /** Every asset by its token or id; the other generated files add to it. */
  interface Modules {}
  /** Other names of assets, and what they stand for. */
  interface Aliases {}
  /** What may follow "asset:". */
  type Ref = keyof Modules | keyof Aliases

  /** Facts of an asset that may reach a visitor. */
  interface Meta {
${publicMetaTypes('    ')}
  }
  interface ImageMeta<Width, Height, Alt, MediaType> extends Omit<Meta, "kind" | "alt" | "mediaType" | "widthPx" | "heightPx"> {
    readonly kind: "image"
    readonly alt: Alt
    readonly mediaType: MediaType
    readonly widthPx: Width
    readonly heightPx: Height
  }
  interface SoundMeta<DurationMs, Alt, MediaType> extends Omit<Meta, "kind" | "alt" | "mediaType" | "durationMs"> {
    readonly kind: "audio"
    readonly alt: Alt
    readonly mediaType: MediaType
    readonly durationMs: DurationMs
  }
  interface VideoMeta<Width, Height, DurationMs, Alt, MediaType> extends Omit<Meta, "kind" | "alt" | "mediaType" | "widthPx" | "heightPx" | "durationMs"> {
    readonly kind: "video"
    readonly alt: Alt
    readonly mediaType: MediaType
    readonly widthPx: Width
    readonly heightPx: Height
    readonly durationMs: DurationMs
  }
  interface FileMeta<Kind, Alt, MediaType> extends Omit<Meta, "kind" | "alt" | "mediaType"> {
    readonly kind: Kind
    readonly alt: Alt
    readonly mediaType: MediaType
  }
  interface ColorMeta<Hex, Alt> extends Omit<Meta, "kind" | "alt" | "colorHex"> {
    readonly kind: "color"
    readonly alt: Alt
    readonly colorHex: Hex
  }

  interface Image<Ref, Width, Height, Alt, MediaType> {
    readonly __esModule: true
    readonly default: ${host === 'astro' ? 'AstroImage<Width, Height>' : 'string'}
    /** URL. */
    readonly src: string
    readonly width: Width
    readonly height: Height
    readonly alt: Alt
    readonly token: Ref
    readonly meta: ImageMeta<Width, Height, Alt, MediaType>
  }
  interface Sound<Ref, DurationMs, Alt, MediaType> {
    readonly __esModule: true
    readonly default: string
    /** URL. */
    readonly src: string
    readonly alt: Alt
    readonly token: Ref
    readonly meta: SoundMeta<DurationMs, Alt, MediaType>
  }
  interface Video<Ref, Width, Height, DurationMs, Alt, MediaType> {
    readonly __esModule: true
    readonly default: string
    /** URL. */
    readonly src: string
    readonly width: Width
    readonly height: Height
    readonly alt: Alt
    readonly token: Ref
    readonly meta: VideoMeta<Width, Height, DurationMs, Alt, MediaType>
  }
  interface File<Ref, Kind, Alt, MediaType> {
    readonly __esModule: true
    readonly default: string
    /** URL. */
    readonly src: string
    readonly alt: Alt
    readonly token: Ref
    readonly meta: FileMeta<Kind, Alt, MediaType>
  }
  interface Color<Ref, Hex, Alt> {
    readonly __esModule: true
    readonly default: Hex
    readonly alt: Alt
    readonly token: Ref
    readonly meta: ColorMeta<Hex, Alt>
  }
  interface Value<Ref, Kind, T> {
    readonly __esModule: true
    readonly default: T
    readonly alt: string | undefined
    readonly token: Ref
    readonly meta: Meta & { readonly kind: Kind }
  }
  /** A query that gives one text: URL, srcset, data URL, raw text or stylesheet. */
  interface Url {
    readonly __esModule: true
    readonly default: string
    /** URL of the file, or of the fallback of a srcset. */
    readonly src: string
    readonly width: number | undefined
    readonly height: number | undefined
    readonly alt: string | undefined
    readonly token: string
    readonly meta: Meta
  }
  /** as=picture, at the end of the query (in libraries of up to 2,000 assets also at its start). */
  interface Picture extends Omit<Url, "default"> {
    readonly default: {
      readonly sources: readonly { readonly type: string; readonly srcset: string }[]
      readonly img: { readonly src: string; readonly width: number | undefined; readonly height: number | undefined }
    }
  }
  /** The file itself, as the host imports it. */
  interface HostFile {
    readonly __esModule: true
    readonly default: string
  }
  /** All modules whose ref starts with a text and has no further "/". */
  type Matching<Head extends string> = {
    readonly [R in keyof Modules as R extends \`\${Head}\${infer Rest}\` ? (Rest extends \`\${string}/\${string}\` ? never : R) : never]: Modules[R]
  }
${host === 'astro' ? astroTypes : ''}}

/** Stands for what many modules export; there is no such object when the code runs. */
declare namespace AssetloomShape {
  const url: Assetloom.Url
  const picture: Assetloom.Picture
  const file: Assetloom.HostFile
}
`
}

const astroTypes = `
  /** Fits astro:assets' ImageMetadata, spelled out so that these files need not load Astro's types. */
  interface AstroImage<Width, Height> {
    readonly src: string
    readonly width: Width extends number ? Width : number
    readonly height: Height extends number ? Height : number
    readonly format: "jpeg" | "jpg" | "png" | "apng" | "tiff" | "webp" | "gif" | "svg" | "avif"
    readonly orientation?: number
  }
  type AstroDrawing<Width, Height> = import("astro/types").SvgComponent & AstroImage<Width, Height>
  /** An SVG: a component and ImageMetadata at once. */
  interface Drawing<Ref, Width, Height, Alt, MediaType> extends Omit<Image<Ref, Width, Height, Alt, MediaType>, "default"> {
    readonly default: AstroDrawing<Width, Height>
  }
  interface HostImage<Width, Height> {
    readonly __esModule: true
    readonly default: AstroImage<Width, Height>
  }
  interface HostDrawing<Width, Height> {
    readonly __esModule: true
    readonly default: AstroDrawing<Width, Height>
  }
`
