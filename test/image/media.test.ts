import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { Picture } from '../../src/core/media.ts'
import { resolveEncoding } from '../../src/generators/media/encoding.ts'
import { inspectImage } from '../../src/generators/media/inspect-image.ts'
import { decodePicture, encodePicture } from '../../src/generators/media/picture-codec.ts'
import { toolVersions } from '../../src/generators/media/sharp.ts'

const flat = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 4, background } })

/** A valid PNG header that claims a size, with no pixels behind it. */
async function claiming(widthPx: number, heightPx: number): Promise<Uint8Array> {
  const bytes = await flat(1, 1, 'red').png().toBuffer()
  bytes.writeUInt32BE(widthPx, 16)
  bytes.writeUInt32BE(heightPx, 20)
  return bytes
}

async function photo(width = 320, height = 200): Promise<Buffer> {
  const pixels = Buffer.from(Array.from({ length: width * height * 3 }, (_, i) => (i * 7 + ((i / 960) | 0) * 13) % 256))
  return sharp(pixels, { raw: { width, height, channels: 3 } }).png().toBuffer()
}

describe('decoding', () => {
  test('gives upright straight-alpha RGBA', async () => {
    const half = await decodePicture(await flat(4, 3, 'rgba(255,0,0,0.5)').png().toBuffer())
    expect([half.widthPx, half.heightPx, half.pixels.length]).toEqual([4, 3, 48])
    expect([...half.pixels.slice(0, 4)]).toEqual([255, 0, 0, 128])
    const turned = await decodePicture(await flat(40, 20, 'lime').jpeg().withMetadata({ orientation: 6 }).toBuffer())
    expect([turned.widthPx, turned.heightPx]).toEqual([20, 40])
  })

  test('brings grey, 16-bit and CMYK pictures to 8-bit RGBA', async () => {
    for (const bytes of [
      await flat(8, 8, '#808080').greyscale().png().toBuffer(),
      await flat(8, 8, '#808080').toColourspace('rgb16').png().toBuffer(),
      await flat(8, 8, '#808080').toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(),
    ]) {
      const { pixels } = await decodePicture(bytes)
      expect(pixels.length).toBe(256)
      expect(Math.abs(pixels[0]! - 128)).toBeLessThan(16)
    }
  })

  test('draws an SVG at its natural size, cleaned', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="12" height="8"><rect width="12" height="8" fill="#0F0"/><script/></svg>'
    const picture = await decodePicture(new TextEncoder().encode(svg))
    expect([picture.widthPx, picture.heightPx, ...picture.pixels.slice(0, 4)]).toEqual([12, 8, 0, 255, 0, 255])
  })
})

describe('hostile bytes', () => {
  test.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)('a %s cut short is refused', async (format) => {
    const whole = await sharp(await photo()).toFormat(format).toBuffer()
    for (const part of [0.5, 0.9]) {
      const cut = whole.subarray(0, Math.floor(whole.length * part))
      await expect(decodePicture(cut)).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' })
      await expect(inspectImage(cut)).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' })
    }
  })

  test('a PNG with a flipped byte in its pixels is refused', async () => {
    const bytes = await photo()
    bytes[bytes.length >> 1]! ^= 0xff
    await expect(inspectImage(bytes)).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' })
  })

  test.each([[10_000, 10_000], [2 ** 31 - 1, 2], [65_535, 65_535]])('a picture that claims %i × %i is refused', async (w, h) => {
    await expect(inspectImage(await claiming(w, h))).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE' })
    await expect(decodePicture(await claiming(w, h))).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE' })
  })

  test('a small file of 60 million pixels is refused', async () => {
    const bomb = await sharp({ create: { width: 10_000, height: 6000, channels: 3, background: 'red' }, limitInputPixels: false }).webp().toBuffer()
    expect(bomb.length).toBeLessThan(200_000)
    await expect(decodePicture(bomb)).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE' })
    await expect(inspectImage(bomb)).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE' })
  })

  test('an animation of too many frames is refused', async () => {
    const one = { create: { width: 8, height: 8, channels: 3 as const, background: 'red' } }
    const two = { create: { width: 8, height: 8, channels: 3 as const, background: 'blue' } }
    const frames = Array.from({ length: 1002 }, (_, i) => (i % 2 ? one : two))
    const bytes = await sharp(frames as never, { join: { animated: true } }).gif({ effort: 1 }).toBuffer()
    await expect(inspectImage(bytes)).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE' })
  })

  test.each([
    ['nothing', new Uint8Array()],
    ['text', new TextEncoder().encode('hello')],
    ['HTML', new TextEncoder().encode('<html><svg></svg></html>')],
    ['a bare signature', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
    ['a chunk of endless length', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 1, 2, 3, 4)],
  ])('%s is refused', async (_name, bytes) => {
    await expect(inspectImage(bytes)).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' })
    await expect(decodePicture(bytes)).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' })
  })
})

describe('encoding', () => {
  const picture: Picture = { widthPx: 2, heightPx: 1, pixels: Uint8Array.of(255, 0, 0, 255, 0, 0, 255, 0) }

  test.each([
    ['png', 'image/png'], ['webp', 'image/webp'], ['avif', 'image/avif'], ['jpeg', 'image/jpeg'], ['gif', 'image/gif'],
  ])('%s', async (format, mediaType) => {
    const first = await encodePicture(picture, resolveEncoding(format))
    const again = await encodePicture(picture, resolveEncoding(format))
    expect(first.mediaType).toBe(mediaType)
    expect(await inspectImage(first.bytes)).toMatchObject({ mediaType, widthPx: 2, heightPx: 1 })
    expect(first.bytes).toEqual(again.bytes)
  })

  test('PNG is lossless, hidden colours included', async () => {
    expect([...(await decodePicture((await encodePicture(picture, resolveEncoding('png'))).bytes)).pixels]).toEqual([...picture.pixels])
  })

  test('JPEG puts a ground behind what is transparent', async () => {
    const { bytes } = await encodePicture({ ...picture, widthPx: 1, pixels: Uint8Array.of(0, 0, 0, 0) }, resolveEncoding('jpg', { background: '#00ff00' }))
    const { pixels } = await decodePicture(bytes)
    expect(pixels[1]).toBeGreaterThan(240)
    expect(pixels[0]).toBeLessThan(15)
  })

  test('every option is filled and resolving again changes nothing', () => {
    const encoding = resolveEncoding('.WEBP', { quality: 71 })
    expect(encoding).toMatchObject({ format: 'webp', options: { quality: 71, effort: 4, lossless: false } })
    expect(resolveEncoding(encoding.format, encoding.options)).toEqual(encoding)
  })

  test.each([
    ['bmp', {}, 'FORMAT_UNKNOWN', /written as "bmp"/],
    ['webp', { qualty: 5 }, 'OPTION_INVALID', /"qualty" does not exist/],
    ['webp', { quality: 101 }, 'OPTION_INVALID', /quality/],
    ['png', { compressionLevel: 'high' }, 'OPTION_INVALID', /compressionLevel/],
  ])('%s with %j is refused', (format, options, code, message) => {
    expect(() => resolveEncoding(format, options)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) as string }))
  })
})

describe('inspecting', () => {
  test.each([
    ['png', { hasAlpha: true }], ['webp', { hasAlpha: true }], ['avif', { hasAlpha: true }], ['jpeg', { hasAlpha: false }],
  ] as const)('reads %s in small and in large', async (format, expected) => {
    for (const [width, height] of [[30, 20], [900, 600]] as const) {
      const bytes = await flat(width, height, 'rgba(255,107,53,0.6)').toFormat(format).toBuffer()
      expect(await inspectImage(bytes)).toMatchObject({ widthPx: width, heightPx: height, kind: 'image', mediaType: `image/${format}`, ...expected })
    }
  })

  test('the dominant colour is that of the largest visible part', async () => {
    const spot = await flat(40, 40, '#0000ff').png().toBuffer()
    for (const scale of [1, 6]) {
      const bytes = await flat(100 * scale, 100 * scale, '#ff6b35').composite([{ input: spot, left: 3, top: 3 }]).png().toBuffer()
      expect((await inspectImage(bytes)).dominantColorHex).toBe('#FF6B35')
    }
    const hidden = await flat(100, 100, 'rgba(9,9,9,0)').composite([{ input: spot }]).png().toBuffer()
    expect((await inspectImage(hidden)).dominantColorHex).toBe('#0000FF')
    expect(await inspectImage(await flat(5, 5, 'rgba(9,9,9,0)').png().toBuffer())).not.toHaveProperty('dominantColorHex')
  })

  test('EXIF orientation turns the size', async () => {
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const bytes = await flat(40, 20, 'red').toFormat(format).withMetadata({ orientation: 6 }).toBuffer()
      expect(await inspectImage(bytes)).toMatchObject({ widthPx: 20, heightPx: 40 })
    }
  })
})

test('versions for cache keys', () => {
  expect(toolVersions()).toEqual({ sharp: expect.stringMatching(/^\d+\.\d+/) as string, libvips: expect.stringMatching(/^\d+\.\d+/) as string })
})
