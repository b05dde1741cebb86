import type { GenerationType } from '../core/job.ts'
import type { MediaBytes, Picture, Sound } from '../core/media.ts'
import { decodeSound } from './media/decode-sound.ts'
import { decodePicture } from './media/picture-codec.ts'

/** How good something is, 0…100, with the parts that make it up. */
export interface Quality {
  score: number
  parts: Record<string, number>
}

const percent = (fraction: number) => Math.round(Math.min(1, Math.max(0, fraction)) * 1000) / 10

function joined(parts: Record<string, number>): Quality {
  const values = Object.values(parts)
  return { score: Math.round((values.reduce((sum, part) => sum + part, 0) / values.length) * 10) / 10, parts }
}

/** Most pixels looked at; a score needs no more. */
const sampledPixels = 65_536

/**
 * Score a picture by what can be measured without knowing what it should show:
 * `contrast` (spread of luminance), `detail` (mean step between neighbours), `content` (share of pixels that are not the
 * commonest colour or transparent).
 */
export function pictureQuality({ pixels, widthPx, heightPx }: Picture): Quality {
  const stride = Math.max(1, Math.floor(Math.sqrt((widthPx * heightPx) / sampledPixels)))
  const luminance = (at: number) =>
    (0.2126 * pixels[at]! + 0.7152 * pixels[at + 1]! + 0.0722 * pixels[at + 2]!) * (pixels[at + 3]! / 255)
  const colors = new Map<number, number>()
  let [count, sum, squares, steps, compared] = [0, 0, 0, 0, 0]
  for (let y = 0; y < heightPx; y += stride) {
    for (let x = 0; x < widthPx; x += stride) {
      const at = (y * widthPx + x) * 4
      const value = luminance(at)
      count++
      sum += value
      squares += value * value
      if (x + 1 < widthPx) {
        steps += Math.abs(value - luminance(at + 4))
        compared++
      }
      const color =
        pixels[at + 3]! === 0
          ? 0
          : ((pixels[at]! >> 4) << 12) |
            ((pixels[at + 1]! >> 4) << 8) |
            ((pixels[at + 2]! >> 4) << 4) |
            (pixels[at + 3]! >> 4)
      colors.set(color, (colors.get(color) ?? 0) + 1)
    }
  }
  const mean = sum / count
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean))
  return joined({
    contrast: percent(deviation / 64),
    detail: percent(compared === 0 ? 0 : steps / compared / 16),
    content: percent(1 - Math.max(...colors.values()) / count),
  })
}

/**
 * Score a sound: `level` (peak near full scale), `clean` (few clipped samples), `content` (share that is not silence).
 */
export function soundQuality({ channels }: Sound): Quality {
  let [count, peak, clipped, audible] = [0, 0, 0, 0]
  for (const channel of channels) {
    for (const sample of channel) {
      const value = Math.abs(sample)
      count++
      if (value > peak) peak = value
      if (value >= 0.9999) clipped++
      if (value > 0.003) audible++
    }
  }
  if (count === 0) return joined({ level: 0, clean: 0, content: 0 })
  return joined({
    level: percent(peak),
    clean: percent(1 - (clipped / count) * 50),
    content: percent((audible / count) * 1.25),
  })
}

/** Score a file as it is; text has no score. @throws what the decoders throw */
export async function measureQuality(type: GenerationType, { bytes, mediaType }: MediaBytes): Promise<Quality | undefined> {
  if (type === 'text') return undefined
  return type === 'image' ? pictureQuality(await decodePicture(bytes)) : soundQuality(await decodeSound(bytes, mediaType))
}
