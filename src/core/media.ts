/** What sort of content a media file holds. */
export const mediaKinds = ['image', 'audio', 'video', 'font', 'document', 'text'] as const
export type MediaKind = (typeof mediaKinds)[number]

export interface MediaFormat {
  /** Without the dot; the extension that is written. */
  extension: string
  mediaType: string
  kind: MediaKind
  /** Other extensions that mean the same. */
  alsoExtensions?: readonly string[]
}

/** Every format that may be imported or made. One line adds one. */
export const mediaFormats: readonly MediaFormat[] = [
  { extension: 'png', mediaType: 'image/png', kind: 'image' },
  { extension: 'jpg', mediaType: 'image/jpeg', kind: 'image', alsoExtensions: ['jpeg', 'jpe'] },
  { extension: 'webp', mediaType: 'image/webp', kind: 'image' },
  { extension: 'avif', mediaType: 'image/avif', kind: 'image' },
  { extension: 'gif', mediaType: 'image/gif', kind: 'image' },
  { extension: 'tiff', mediaType: 'image/tiff', kind: 'image', alsoExtensions: ['tif'] },
  { extension: 'svg', mediaType: 'image/svg+xml', kind: 'image' },
  { extension: 'mp3', mediaType: 'audio/mpeg', kind: 'audio' },
  { extension: 'ogg', mediaType: 'audio/ogg', kind: 'audio', alsoExtensions: ['oga'] },
  { extension: 'wav', mediaType: 'audio/wav', kind: 'audio' },
  { extension: 'flac', mediaType: 'audio/flac', kind: 'audio' },
  { extension: 'mp4', mediaType: 'video/mp4', kind: 'video' },
  { extension: 'webm', mediaType: 'video/webm', kind: 'video' },
  { extension: 'woff2', mediaType: 'font/woff2', kind: 'font' },
  { extension: 'woff', mediaType: 'font/woff', kind: 'font' },
  { extension: 'ttf', mediaType: 'font/ttf', kind: 'font' },
  { extension: 'otf', mediaType: 'font/otf', kind: 'font' },
  { extension: 'pdf', mediaType: 'application/pdf', kind: 'document' },
  { extension: 'txt', mediaType: 'text/plain', kind: 'text' },
  { extension: 'md', mediaType: 'text/markdown', kind: 'text' },
  { extension: 'json', mediaType: 'application/json', kind: 'text' },
]

const byExtension = new Map<string, MediaFormat>()
for (const format of mediaFormats) {
  byExtension.set(format.extension, format)
  for (const other of format.alsoExtensions ?? []) byExtension.set(other, format)
}
const byMediaType = new Map(mediaFormats.map((format) => [format.mediaType, format]))

/** The format an extension stands for; `jpeg`, `.JPG` and `jpg` are one. */
export function formatOfExtension(extension: string): MediaFormat | undefined {
  return byExtension.get(extension.replace(/^\./, '').toLowerCase())
}

export function formatOfMediaType(mediaType: string): MediaFormat | undefined {
  return byMediaType.get(mediaType)
}

/**
 * Decoded picture: straight-alpha RGBA, 8 bits, sRGB, row-major,
 * `pixels.length === widthPx * heightPx * 4`.
 */
export interface Picture {
  pixels: Uint8Array
  widthPx: number
  heightPx: number
}

/** Decoded sound: one Float32Array in [-1, 1] per channel, all of one length. */
export interface Sound {
  channels: Float32Array[]
  sampleRateHz: number
}

/** Encoded bytes and what they are. */
export interface MediaBytes {
  bytes: Uint8Array
  mediaType: string
}

/** Facts read from a media file's content. */
export interface MediaFacts {
  mediaType: string
  kind: MediaKind
  widthPx?: number
  heightPx?: number
  hasAlpha?: boolean
  /** `#RRGGBB` */
  dominantColorHex?: string
  durationMs?: number
  sampleRateHz?: number
  channels?: number
}
