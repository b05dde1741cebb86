/* eslint-disable @typescript-eslint/no-empty-object-type, @typescript-eslint/no-explicit-any -- merged with generated interfaces; what JSX returns is Astro's matter */
import type { HTMLAttributes } from 'astro/types'

declare global {
  namespace Assetloom {
    /** Every asset by its token or id; the generated types add to it. */
    interface Modules {}
    /** Other names of assets. */
    interface Aliases {}
  }
}

/**
 * What may be given as `ref`: every token, id and alias, once the types are generated (`astro sync`); before that any
 * text. A text from data is cast, `ref={entry.data.cover as AssetRef}`, and is checked when the page is rendered.
 */
export type AssetRef = [keyof Assetloom.Modules] extends [never]
  ? string
  : (keyof Assetloom.Modules | keyof Assetloom.Aliases) & string

type Format = 'avif' | 'webp' | 'png' | 'jpg' | 'jpeg' | 'svg'

/** What the plugin tells a component of the place that it was imported in. */
export interface Placed {
  'assetloom:site'?: string
}

interface PictureOptions extends Omit<HTMLAttributes<'img'>, 'src' | 'srcset' | 'alt' | 'width' | 'height' | 'ref'> {
  ref: AssetRef
  /** Instead of the manifest's text; `""` for a picture that only decorates. */
  alt?: string
  /** CSS pixels; the picture is made this wide. */
  width?: number | `${number}`
  height?: number | `${number}`
  quality?: 'low' | 'mid' | 'high' | 'max' | number
  fit?: 'fill' | 'contain' | 'cover' | 'none' | 'scale-down'
  position?: string
  background?: string
  layout?: 'constrained' | 'fixed' | 'full-width' | 'none'
  /** Above the fold: loaded at once and first. */
  priority?: boolean
  /** Widths of the srcset in pixels; not together with `densities`. */
  widths?: number[]
  densities?: (number | `${number}x`)[]
}

export interface AssetProps extends PictureOptions {
  /** @default 'webp' */
  format?: Format
}

export interface PictureProps extends PictureOptions {
  /** @default ['avif', 'webp'] */
  formats?: Format[]
  /** Format of the `<img>`. @default the original's when that is jpg, gif or svg; jpg for other pictures without alpha unless they are PNG; else png */
  fallbackFormat?: Format
  pictureAttributes?: HTMLAttributes<'picture'>
}

export const Asset: (props: AssetProps) => any
export const Picture: (props: PictureProps) => any
