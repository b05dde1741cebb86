import sharp from 'sharp'

/** A PNG of one colour. */
export function plainPng(widthPx: number, heightPx: number, color: string): Promise<Buffer> {
  return sharp({ create: { width: widthPx, height: heightPx, channels: 4, background: color } }).png().toBuffer()
}

/** A PNG that does not compress well, the same on every run. */
export function noisyPng(widthPx: number, heightPx: number, seed = 1): Promise<Buffer> {
  const pixels = Buffer.alloc(widthPx * heightPx * 3)
  let state = seed
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    pixels[i] = state >>> 24
  }
  return sharp(pixels, { raw: { width: widthPx, height: heightPx, channels: 3 } }).png().toBuffer()
}
