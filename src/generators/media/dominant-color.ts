import { formatHex } from '../../core/color.ts'

const maxSamples = 16_384

/** The histogram, used again by every call: made anew, it would be 130 kB to collect for each of a thousand icons. */
const weights = new Float64Array(4096)
const sums = new Float64Array(4096 * 3)

/**
 * The colour most of a picture shows: the mean of the fullest cell of a 4-bit-per-channel histogram, weighted by
 * alpha. At most 16,384 pixels, evenly spread, are looked at.
 *
 * @param pixels - row-major, `channels` bytes each: grey, grey+alpha, RGB or RGBA
 * @returns `#RRGGBB`, or undefined when everything is transparent
 */
export function dominantColor(pixels: Uint8Array, channels: number): string | undefined {
  const count = Math.floor(pixels.length / channels)
  const step = Math.max(1, Math.ceil(count / maxSamples))
  const hasColor = channels >= 3
  const alphaAt = channels === 2 || channels === 4 ? channels - 1 : -1
  weights.fill(0)
  sums.fill(0)
  for (let i = 0; i < count; i += step) {
    const at = i * channels
    const weight = alphaAt < 0 ? 255 : pixels[at + alphaAt]!
    if (weight === 0) continue
    const r = pixels[at]!
    const g = hasColor ? pixels[at + 1]! : r
    const b = hasColor ? pixels[at + 2]! : r
    const cell = ((r >> 4) << 8) | ((g >> 4) << 4) | (b >> 4)
    weights[cell]! += weight
    sums[cell * 3]! += r * weight
    sums[cell * 3 + 1]! += g * weight
    sums[cell * 3 + 2]! += b * weight
  }
  let best = 0
  for (let cell = 1; cell < 4096; cell++) if (weights[cell]! > weights[best]!) best = cell
  const weight = weights[best]!
  if (weight === 0) return undefined
  const mean = (channel: number) => sums[best * 3 + channel]! / weight
  return formatHex({ r: mean(0), g: mean(1), b: mean(2) })
}
