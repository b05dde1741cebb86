import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import sharp from 'sharp'

const formats = ['avif', 'webp', 'jpeg', 'png'] as const

export interface Input {
  /** A file, or a data URL in base64. */
  source: string
  /** Where the result is written; without it the result comes back as `dataUrl`. */
  target?: string
  /** @default 'webp' */
  format?: (typeof formats)[number]
  /** 1 to 100. @default 75 */
  quality?: number
  /** Narrower pictures keep their width. @default 1600 */
  maxWidthPx?: number
}

export interface Output {
  format: string
  widthPx: number
  heightPx: number
  originalBytes: number
  sizeBytes: number
  /** Negative when the result is larger. */
  savedPercent: number
  dataUrl?: string
}

function whole(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) throw new RangeError(`${name} is a whole number from ${least} to ${most}.`)
}

/** Turn the picture upright, bound its width, take its metadata away, and write it in another format. */
export async function execute({ source, target, format = 'webp', quality = 75, maxWidthPx = 1600 }: Input): Promise<Output> {
  if (!formats.includes(format)) throw new TypeError(`format is one of ${formats.join(', ')}.`)
  whole('quality', quality, 1, 100)
  whole('maxWidthPx', maxWidthPx, 1, 16_383)
  const inline = /^data:image\/[a-z0-9.+-]+;base64,(.*)$/is.exec(source)?.[1]
  const original = inline === undefined ? await readFile(source) : Buffer.from(inline, 'base64')
  const { data, info } = await sharp(original)
    .autoOrient()
    .resize({ width: maxWidthPx, withoutEnlargement: true })
    .toFormat(format, format === 'png' ? { compressionLevel: 9 } : { quality })
    .toBuffer({ resolveWithObject: true })
  if (target !== undefined) {
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, data)
  }
  return {
    format,
    widthPx: info.width,
    heightPx: info.height,
    originalBytes: original.length,
    sizeBytes: data.length,
    savedPercent: Math.round((1 - data.length / original.length) * 1000) / 10,
    ...(target === undefined && { dataUrl: `data:image/${format};base64,${data.toString('base64')}` }),
  }
}
