/* What is made of a picture: geometry, format, quality. */

/** Formats a picture can be made in, by the extension that is written. */
export const pictureFormats = ['png', 'webp', 'avif', 'jpg', 'gif'] as const
export type PictureFormat = (typeof pictureFormats)[number]

export const fits = ['cover', 'contain', 'fill', 'inside', 'outside'] as const
export type Fit = (typeof fits)[number]

export const positions = [
  'center', 'top', 'right-top', 'right', 'right-bottom', 'bottom', 'left-bottom', 'left', 'left-top',
  'attention', 'entropy',
] as const
export type Position = (typeof positions)[number]

/** What one output file is, whatever it is made from. */
export interface TransformGeometry {
  /** Device pixels, `dpr` included. */
  widthPx?: number
  heightPx?: number
  fit: Fit
  position: Position
  /** Gaussian sigma in pixels of the output. */
  blur?: number
  /** Clockwise, 1…359. */
  rotate?: number
  /** `#RRGGBBAA`; fills what `contain`, `rotate` and formats without alpha leave open. */
  background?: string
  /** Width to height; present when only one or none of the two sizes is asked. */
  aspect?: readonly [width: number, height: number]
  enlarge: boolean
  /** Only the first frame of an animation. */
  still?: true
}

/** One file a query asks for. `source` stands for the format of the original, known only with its bytes. */
export interface ResolvedTransform extends TransformGeometry {
  format: PictureFormat | 'source'
  /** 1…100, or `default`: the format's own. */
  quality: number | 'default'
  /** 1 unless the query lists densities. */
  dpr: number
}

/** A transform with nothing left to decide: equal options give equal bytes from equal bytes. */
export interface TransformOptions extends TransformGeometry {
  format: PictureFormat
  quality: number
  effort: number
}

/** The largest side that every output format can hold (WebP's limit). */
export const maxSidePx = 16_383

/**
 * Default quality: near to equal sight at normal viewing; 100 is lossless for PNG; GIF has 256 colours from 50, 16
 * below.
 */
export const defaultQuality: Record<PictureFormat, number> = { png: 100, webp: 80, avif: 55, jpg: 80, gif: 100 }

/**
 * Encoder effort of derived files. WebP 2 takes two thirds of the time of libwebp's usual 4 for files about 2 %
 * larger; AVIF 3 half the time of 4.
 */
const defaultEffort: Record<PictureFormat, number> = { png: 7, webp: 2, avif: 3, jpg: 0, gif: 4 }

const formatOfSource: Record<string, PictureFormat> = {
  'image/png': 'png', 'image/webp': 'webp', 'image/avif': 'avif', 'image/jpeg': 'jpg', 'image/gif': 'gif',
}

/**
 * Decide what depends on the original: its format and with it quality and effort. Vector drawings and formats that
 * browsers do not show become PNG.
 */
export function completeTransform(transform: ResolvedTransform, sourceMediaType: string): TransformOptions {
  const { dpr: _dpr, quality, format: asked, ...geometry } = transform
  const format = asked === 'source' ? (formatOfSource[sourceMediaType] ?? 'png') : asked
  return {
    ...geometry,
    format,
    quality: quality === 'default' ? defaultQuality[format] : quality,
    effort: defaultEffort[format],
  }
}
