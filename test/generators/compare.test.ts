import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeSound } from '../../src/generators/media/encode-sound.ts'
import { resolveSoundEncoding } from '../../src/generators/media/sound-encoding.ts'
import { noisyPng, plainPng } from '../pictures.ts'
import { sine } from '../sound/sounds.ts'
import { startMedia } from './media.ts'

const media = startMedia()
afterAll(() => media.close())

/** A picture of one colour with a square of another in its upper left corner. */
async function withSquare(sidePx: number, color: string, sizePx = 100): Promise<Buffer> {
  return sharp(await plainPng(sizePx, sizePx, '#ffffff'))
    .composite([{ input: await plainPng(sidePx, sidePx, color), left: 0, top: 0 }])
    .png()
    .toBuffer()
}

const compare = async (before: Uint8Array, after: Uint8Array) => (await media.comparePictures({ before, after, wantsPng: false })).pixels

describe('pictures compared', () => {
  it.each<[name: string, before: () => Promise<Buffer>, after: () => Promise<Buffer>, pixels: object]>([
    ['the same bytes', () => noisyPng(40, 30), () => noisyPng(40, 30), { total: 1200, different: 0, percent: 0, unequal: 0 }],
    ['a square of another colour', () => plainPng(100, 100, '#ffffff'), () => withSquare(10, '#0000ff'), { total: 10_000, different: 100, percent: 1, unequal: 100 }],
    ['a difference that nobody sees', () => plainPng(10, 10, '#336699'), () => plainPng(10, 10, '#336698'), { different: 0, percent: 0, unequal: 100 }],
    ['opaque and transparent', () => plainPng(10, 10, '#ff0000'), () => plainPng(10, 10, '#ff000000'), { different: 100, unequal: 100 }],
    ['a wider one', () => plainPng(10, 10, '#ffffff'), () => plainPng(15, 10, '#ffffff'), { total: 150, different: 50, percent: 33.3333, unequal: 50 }],
    ['a wider one and a higher one', () => plainPng(10, 20, '#ffffff'), () => plainPng(20, 10, '#ffffff'), { total: 400, different: 300, unequal: 300 }],
    ['a larger one that is transparent', () => plainPng(10, 10, '#ffffff00'), () => plainPng(10, 12, '#ffffff00'), { total: 120, different: 20 }],
    ['a file of another format', () => plainPng(16, 16, '#ff0000'), async () => sharp(await plainPng(16, 16, '#ff0000')).webp({ lossless: true }).toBuffer(), { different: 0, unequal: 0 }],
    ['a drawing and its picture', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="#00f"/></svg>'), () => plainPng(20, 10, '#0000ff'), { total: 200, different: 0 }],
  ])('%s', async (_name, before, after, pixels) => {
    expect(await compare(await before(), await after())).toMatchObject(pixels)
    expect(await compare(await after(), await before())).toMatchObject(pixels)
  })

  it('draws what differs in red, in a frame that holds both', async () => {
    const [before, after] = [await plainPng(100, 120, '#ffffff'), await withSquare(10, '#0000ff')]
    const { png, ...rest } = await media.comparePictures({ before, after, wantsPng: true })
    expect(rest).toMatchObject({ before: { widthPx: 100, heightPx: 120 }, after: { widthPx: 100, heightPx: 100 }, pixels: { different: 2100 } })
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height, info.channels]).toEqual([100, 120, 4])
    let red = 0
    for (let at = 0; at < data.length; at += 4) if (data[at] === 255 && data[at + 1] === 0 && data[at + 2] === 0) red++
    expect(red).toBe(2100)
    const again = await media.comparePictures({ before, after, wantsPng: true })
    expect(Buffer.compare(png!, again.png!)).toBe(0)
  })

  it('gives sizes alone where both side by side are too large', async () => {
    const [before, after] = [await plainPng(16_000, 8, '#ffffff'), await plainPng(8, 16_000, '#ffffff')]
    const sizes = { before: { widthPx: 16_000, heightPx: 8 }, after: { widthPx: 8, heightPx: 16_000 } }
    expect(await media.comparePictures({ before, after, wantsPng: true })).toEqual(sizes)
  })

  it('refuses what is no picture', async () => {
    await expect(compare(Buffer.from('nothing of the kind'), await plainPng(2, 2, '#000'))).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' })
  })
})

describe('sounds measured', () => {
  const wav = async (sound: Parameters<typeof encodeSound>[0]) => (await encodeSound(sound, resolveSoundEncoding('wav', {}))).bytes

  // A sine of 997 Hz at full scale on one channel has -3.01 LKFS (ITU-R BS.1770-4); two channels add 3.01, half the amplitude takes 6.02.
  it.each<[name: string, sound: Parameters<typeof encodeSound>[0], measures: object]>([
    ['one channel', sine(997, 2, { channels: 1, amplitude: 0.5, rateHz: 48_000 }), { durationMs: 2000, sampleRateHz: 48_000, channels: 1, loudnessLufs: -9.03, peakDb: -6.02 }],
    ['two channels', sine(997, 1, { channels: 2, amplitude: 0.5 }), { durationMs: 1000, channels: 2, loudnessLufs: -6.02, peakDb: -6.02 }],
    ['one too short for a loudness', sine(997, 0.2, { amplitude: 0.25 }), { durationMs: 200, loudnessLufs: null, peakDb: -12.04 }],
    ['silence', sine(997, 1, { amplitude: 0 }), { loudnessLufs: null, peakDb: null }],
  ])('%s', async (_name, sound, measures) => {
    const found = await media.measureSound(await wav(sound))
    for (const [name, value] of Object.entries(measures)) {
      const measured = found[name as keyof typeof found]
      if (typeof value === 'number') expect(measured).toBeCloseTo(value, 1)
      else expect(measured).toBe(value)
    }
  })
})
