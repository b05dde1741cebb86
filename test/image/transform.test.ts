import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { parseAssetQuery } from '../../src/core/query.ts'
import { completeTransform } from '../../src/core/transform.ts'
import { imageTypeOf } from '../../src/generators/media/image-type.ts'
import { targetSize, turned } from '../../src/generators/transform/target-size.ts'
import { transformPicture } from '../../src/generators/transform/transform-picture.ts'

/** Left half red, right half blue. */
async function halves(width: number, height: number) {
  const right = await sharp({ create: { width: width / 2, height, channels: 4, background: 'blue' } }).png().toBuffer()
  return sharp({ create: { width, height, channels: 4, background: 'red' } }).composite([{ input: right, left: width / 2, top: 0 }])
}

async function made(bytes: Uint8Array, query: string) {
  const [transform] = parseAssetQuery(query).transforms
  const result = await transformPicture(bytes, completeTransform(transform!, imageTypeOf(bytes)!))
  const { width, height, pages } = await sharp(result.bytes).metadata()
  const { data, info } = await sharp(result.bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4)]
  return { ...result, width, height, pages, at }
}

describe('sizes', () => {
  test.each([
    ['w=300', 300, 200],
    ['h=100', 150, 100],
    ['w=1200', 600, 400],
    ['w=1200&enlarge', 1200, 800],
    ['w=200&h=200', 200, 200],
    ['w=900&h=900', 400, 400],
    ['w=900&h=450', 600, 300],
    ['w=900&h=900&enlarge', 900, 900],
    ['w=300&h=300&fit=inside', 300, 200],
    ['w=900&h=900&fit=inside', 600, 400],
    ['w=300&h=300&fit=outside', 450, 300],
    ['w=300&h=300&fit=contain', 300, 300],
    ['w=1200&h=1200&fit=contain', 600, 600],
    ['w=300&h=300&fit=fill', 300, 300],
    ['w=900&h=100&fit=fill', 600, 100],
    ['aspect=1:1', 400, 400],
    ['aspect=3:1', 600, 200],
    ['w=320&aspect=16:9', 320, 180],
    ['rotate=90', 400, 600],
    ['rotate=90&w=200', 200, 300],
    ['w=100&dpr=2', 200, 133],
    ['placeholder', 16, 11],
  ])('%s makes %i × %i of 600 × 400', async (query, width, height) => {
    const result = await made(await (await halves(600, 400)).png().toBuffer(), query)
    expect([result.width, result.height]).toEqual([width, height])
  })

  test('the box is decided without pixels', () => {
    const options = { fit: 'cover', position: 'center', enlarge: false } as const
    expect(targetSize({ widthPx: 100, heightPx: 50 }, options)).toBeUndefined()
    expect(targetSize({ widthPx: 100, heightPx: 50 }, { ...options, widthPx: 100 })).toBeUndefined()
    expect(turned({ widthPx: 100, heightPx: 50 }, 90)).toEqual({ widthPx: 50, heightPx: 100 })
    expect(turned({ widthPx: 100, heightPx: 100 }, 45)).toEqual({ widthPx: 141, heightPx: 141 })
  })

  test('orientation by EXIF comes first, and metadata is gone', async () => {
    const bytes = await (await halves(60, 40)).jpeg().withExif({ IFD0: { Copyright: 'someone' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } }).withMetadata({ orientation: 6 }).toBuffer()
    const result = await made(bytes, 'w=20')
    expect([result.width, result.height]).toEqual([20, 30])
    expect((await sharp(result.bytes).metadata()).exif).toBeUndefined()
  })

  test('an output of too many pixels is refused', async () => {
    const bytes = await (await halves(100, 400)).png().toBuffer()
    await expect(made(bytes, 'w=16383&enlarge')).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE' })
  })
})

describe('pixels', () => {
  test('position chooses what a crop keeps', async () => {
    const bytes = await (await halves(80, 40)).png().toBuffer()
    expect((await made(bytes, 'w=20&h=40&position=left')).at(10, 20)).toEqual([255, 0, 0, 255])
    expect((await made(bytes, 'w=20&h=40&position=right')).at(10, 20)).toEqual([0, 0, 255, 255])
  })

  test('rotation is clockwise', async () => {
    const result = await made(await (await halves(80, 40)).png().toBuffer(), 'rotate=90')
    expect(result.at(20, 10)).toEqual([255, 0, 0, 255])
    expect(result.at(20, 70)).toEqual([0, 0, 255, 255])
  })

  test('background fills what stays open', async () => {
    const bytes = await (await halves(80, 40)).png().toBuffer()
    expect((await made(bytes, 'w=40&h=40&fit=contain')).at(20, 2)[3]).toBe(0)
    expect((await made(bytes, 'w=40&h=40&fit=contain&background=lime')).at(20, 2)).toEqual([0, 255, 0, 255])
    expect((await made(bytes, 'rotate=45&background=lime')).at(1, 1)).toEqual([0, 255, 0, 255])
  })

  test('blur mixes neighbours', async () => {
    const [r, , b] = (await made(await (await halves(80, 40)).png().toBuffer(), 'blur=8')).at(40, 20)
    expect(r).toBeGreaterThan(60)
    expect(b).toBeGreaterThan(60)
  })

  test('a drawing is rendered sharp at any size', async () => {
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="5" height="10" fill="red"/></svg>')
    const result = await made(svg, 'w=400')
    expect([result.width, result.height, result.mediaType]).toEqual([400, 400, 'image/png'])
    expect([result.at(198, 200), result.at(202, 200)]).toEqual([[255, 0, 0, 255], [0, 0, 0, 0]])
  })
})

describe('formats', () => {
  test.each([['png', 'image/png'], ['webp', 'image/webp'], ['avif', 'image/avif'], ['jpeg', 'image/jpeg'], ['gif', 'image/gif']])('%s', async (format, mediaType) => {
    const result = await made(await (await halves(60, 40)).png().toBuffer(), `w=30&format=${format}`)
    expect([result.mediaType, imageTypeOf(result.bytes), result.width]).toEqual([mediaType, mediaType, 30])
  })

  test('quality changes the bytes of every format, and the same options give the same bytes', async () => {
    const shades = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, i) => [Math.floor(i / 3) % 64, Math.floor(i / 192), 32][i % 3]! * 4))
    const bytes = await sharp(shades, { raw: { width: 64, height: 64, channels: 3 } }).png().toBuffer()
    for (const format of ['png', 'webp', 'avif', 'jpg', 'gif']) {
      const [low, high, again] = await Promise.all([10, 90, 90].map((quality) => made(bytes, `format=${format}&quality=${quality}`)))
      expect(low!.bytes.length).toBeLessThan(high!.bytes.length)
      expect(again!.bytes).toEqual(high!.bytes)
    }
  })
})

describe('animations', () => {
  const animation = (count: number) =>
    sharp(Array.from({ length: count }, (_, i) => ({ create: { width: 60, height: 40, channels: 4, background: ['red', 'lime', 'blue'][i % 3] } })) as never, { join: { animated: true } })
      .gif().toBuffer()

  test('stay animated where the format can', async () => {
    const gif = await animation(3)
    expect((await made(gif, 'w=30')).pages).toBe(3)
    expect((await made(gif, 'w=30&format=webp')).pages).toBe(3)
    expect((await made(gif, 'w=30&format=png')).pages).toBeUndefined()
    expect((await made(gif, 'placeholder')).pages).toBeUndefined()
  })

  test.each(['rotate=90', 'blur=2', 'w=10&h=10&position=entropy'])('%s is refused for them', async (query) => {
    await expect(made(await animation(2), query)).rejects.toMatchObject({ code: 'TRANSFORM_ANIMATED' })
  })
})

test('a cut or giant source is refused', async () => {
  const bytes = await (await halves(600, 400)).png().toBuffer()
  await expect(made(bytes.subarray(0, bytes.length >> 1), 'w=100')).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' })
  const bomb = Buffer.from(bytes)
  bomb.writeUInt32BE(60_000, 16)
  bomb.writeUInt32BE(60_000, 20)
  await expect(made(bomb, 'w=100')).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE' })
})
