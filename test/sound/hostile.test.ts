import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isAssetloomError } from '../../src/core/errors.ts'
import { decodeSound } from '../../src/generators/media/decode-sound.ts'
import { encodeSound } from '../../src/generators/media/encode-sound.ts'
import { inspectSound } from '../../src/generators/media/inspect-sound.ts'
import { oggPageCrc } from '../../src/generators/media/ogg-pages.ts'
import { resolveSoundEncoding } from '../../src/generators/media/sound-encoding.ts'
import { sine, writeFlac } from './sounds.ts'

const bytesOf = async (format: string) => (await encodeSound(sine(440, 0.5), resolveSoundEncoding(format))).bytes
const files = {
  wav: await bytesOf('wav'),
  mp3: await bytesOf('mp3'),
  ogg: await bytesOf('ogg'),
  flac: writeFlac(sine(440, 0.5)),
}

type Edit = (view: DataView, bytes: Uint8Array) => void
const edited = (bytes: Uint8Array, edit: Edit) => {
  const copy = Uint8Array.from(bytes)
  edit(new DataView(copy.buffer), copy)
  return copy
}
/** Edit the first page of an Ogg and make its checksum right again. */
const editedOgg = (edit: Edit) =>
  edited(files.ogg, (view, bytes) => {
    edit(view, bytes)
    const end = 27 + bytes[26]! + bytes[27]!
    view.setUint32(22, oggPageCrc(bytes.subarray(0, end)), true)
  })

/** Make the checksum of every page right that still is one. */
const withChecksums = (bytes: Uint8Array) => {
  const view = new DataView(bytes.buffer)
  for (let at = 0; at + 27 < bytes.length && bytes[at] === 0x4f;) {
    const end = bytes
      .subarray(at + 27, at + 27 + bytes[at + 26]!)
      .reduce((sum, lacing) => sum + lacing, at + 27 + bytes[at + 26]!)
    if (end > bytes.length) break
    view.setUint32(at + 22, oggPageCrc(bytes.subarray(at, end)), true)
    at = end
  }
  return bytes
}

/** A complete wav header with so many bytes of samples behind it. */
const wav = (
  fields: { tag?: number; channels?: number; rateHz?: number; bits?: number; align?: number; size?: number },
  present = 64,
) => {
  const { tag = 1, channels = 1, rateHz = 44_100, bits = 16, align = (channels * bits) / 8, size = present } = fields
  const bytes = new Uint8Array(44 + present)
  const view = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode('RIFF'))
  view.setUint32(4, 36 + size, true)
  bytes.set(new TextEncoder().encode('WAVEfmt '), 8)
  view.setUint32(16, 16, true)
  view.setUint16(20, tag, true)
  view.setUint16(22, channels, true)
  view.setUint32(24, rateHz, true)
  view.setUint32(28, rateHz * align, true)
  view.setUint16(32, align, true)
  view.setUint16(34, bits, true)
  bytes.set(new TextEncoder().encode('data'), 36)
  view.setUint32(40, size, true)
  return bytes
}

const hostile: [string, Uint8Array, string][] = [
  ['no bytes', new Uint8Array(0), 'SOUND_UNKNOWN'],
  ['one byte', Uint8Array.of(0xff), 'SOUND_UNKNOWN'],
  ['zeros', new Uint8Array(10_000), 'SOUND_UNKNOWN'],
  ['text', new TextEncoder().encode('<html>502 Bad Gateway</html>'), 'SOUND_UNKNOWN'],
  [
    'a Git LFS pointer',
    new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'),
    'SOUND_UNKNOWN',
  ],
  ['a png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13), 'SOUND_UNKNOWN'],
  ['wav: header only', files.wav.slice(0, 12), 'SOUND_TRUNCATED'],
  ['wav: no samples chunk', files.wav.slice(0, 36), 'SOUND_TRUNCATED'],
  ['wav: half', files.wav.slice(0, files.wav.length / 2), 'SOUND_TRUNCATED'],
  ['wav: zero samples', wav({}, 0), 'SOUND_EMPTY'],
  ['wav: less than a frame', wav({ channels: 2, bits: 32 }, 7), 'SOUND_EMPTY'],
  ['wav: zero channels', wav({ channels: 0 }), 'SOUND_DAMAGED'],
  ['wav: 65535 channels', wav({ channels: 0xffff, align: 4 }), 'SOUND_OVER_LIMIT'],
  ['wav: zero sample rate', wav({ rateHz: 0 }), 'SOUND_DAMAGED'],
  ['wav: 1e9 sample rate', wav({ rateHz: 1e9 }), 'SOUND_DAMAGED'],
  ['wav: zero bits', wav({ bits: 0 }), 'SOUND_UNSUPPORTED'],
  ['wav: 12 bits', wav({ bits: 12, align: 2 }), 'SOUND_UNSUPPORTED'],
  ['wav: lying frame size', wav({ align: 7 }), 'SOUND_DAMAGED'],
  ['wav: A-law', wav({ tag: 6, bits: 8 }), 'SOUND_UNSUPPORTED'],
  ['wav: 2 GB promised', wav({ size: 0x7ffff000 }), 'SOUND_TRUNCATED'],
  ['wav: description of 4 GB', edited(files.wav, (view) => view.setUint32(16, 0xfffffff0, true)), 'SOUND_TRUNCATED'],
  ['wav: description of 4 bytes', edited(files.wav, (view) => view.setUint32(16, 4, true)), 'SOUND_DAMAGED'],
  [
    'wav: samples before description',
    edited(files.wav, (_, bytes) => bytes.set(new TextEncoder().encode('data'), 12)),
    'SOUND_DAMAGED',
  ],
  [
    'wav: NaN samples',
    edited(wav({ tag: 3, bits: 32 }), (view) => view.setFloat32(48, Number.NaN, true)),
    'SOUND_DAMAGED',
  ],
  [
    'wav: infinite samples',
    edited(wav({ tag: 3, bits: 32 }), (view) => view.setUint32(48, 0x7f800000, true)),
    'SOUND_DAMAGED',
  ],
  ['wav: over 20 minutes', wav({ rateHz: 1000 }, 2 * 1000 * 1201), 'SOUND_OVER_LIMIT'],
  ['mp3: one byte short', files.mp3.slice(0, -1), 'SOUND_TRUNCATED'],
  ['mp3: half', files.mp3.slice(0, files.mp3.length / 2), 'SOUND_TRUNCATED'],
  ['mp3: first 100 bytes', files.mp3.slice(0, 100), 'SOUND_TRUNCATED'],
  ['mp3: tags only', new TextEncoder().encode('ID3\u0003\0\0\0\0\0\u0010'), 'SOUND_TRUNCATED'],
  [
    'mp3: tags that promise 256 MB',
    Uint8Array.from([0x49, 0x44, 0x33, 3, 0, 0, 0x7f, 0x7f, 0x7f, 0x7f, ...files.mp3]),
    'SOUND_TRUNCATED',
  ],
  ['mp3: frames then noise', Buffer.concat([files.mp3, Buffer.alloc(100_000, 0x5a)]), 'SOUND_DAMAGED'],
  ['ogg: one byte short', files.ogg.slice(0, -1), 'SOUND_TRUNCATED'],
  ['ogg: first page only', files.ogg.slice(0, 58), 'SOUND_TRUNCATED'],
  ['ogg: mark only', files.ogg.slice(0, 5), 'SOUND_TRUNCATED'],
  ['ogg: flipped byte', edited(files.ogg, (_, bytes) => (bytes[3000]! ^= 1)), 'SOUND_DAMAGED'],
  ['ogg: zero channels', editedOgg((_, bytes) => (bytes[39] = 0)), 'SOUND_DAMAGED'],
  ['ogg: 255 channels', editedOgg((_, bytes) => (bytes[39] = 255)), 'SOUND_OVER_LIMIT'],
  ['ogg: 1e9 sample rate', editedOgg((view) => view.setUint32(40, 1e9, true)), 'SOUND_DAMAGED'],
  [
    'ogg: another codec',
    editedOgg((_, bytes) => bytes.set(new TextEncoder().encode('Speex   '), 28)),
    'SOUND_UNSUPPORTED',
  ],
  ['ogg: garbage behind', Buffer.concat([files.ogg, Buffer.alloc(500, 7)]), 'SOUND_DAMAGED'],
  [
    'ogg: two streams in a row',
    Buffer.concat([files.ogg, editedOgg((view) => view.setUint32(14, 9, true))]),
    'SOUND_UNSUPPORTED',
  ],
  ['flac: mark only', files.flac.slice(0, 4), 'SOUND_TRUNCATED'],
  ['flac: header only', files.flac.slice(0, 42), 'SOUND_TRUNCATED'],
  ['flac: half', files.flac.slice(0, files.flac.length / 2), 'SOUND_TRUNCATED'],
  ['flac: promises more', writeFlac(sine(440, 0.5), 44_100), 'SOUND_TRUNCATED'],
  ['flac: promises hours', writeFlac(sine(440, 0.5), 0xffffffff), 'SOUND_OVER_LIMIT'],
  [
    'flac: zero sample rate',
    edited(files.flac, (view) => view.setUint32(18, view.getUint32(18) & 0xfff)),
    'SOUND_DAMAGED',
  ],
  ['flac: metadata of 16 MB', edited(files.flac, (view) => view.setUint32(4, 0x00ffffff)), 'SOUND_DAMAGED'],
]

describe('hostile sounds', () => {
  it.each(hostile)('refuses %s', async (_name, bytes, code) => {
    await expect(decodeSound(bytes)).rejects.toMatchObject({ code })
    // Length is a matter of decoding: whoever only asks for facts may have them.
    if (code !== 'SOUND_OVER_LIMIT' && !_name.includes('NaN') && !_name.includes('infinite'))
      await expect(inspectSound(bytes)).rejects.toMatchObject({ code })
  })

  it('reads a wav that was streamed and so does not know its length', async () => {
    for (const size of [0xffffffff, 0x7fffffff]) {
      const decoded = await decodeSound(edited(wav({}, 64), (view) => view.setUint32(40, size, true)))
      expect(decoded.channels[0]).toHaveLength(32)
    }
  })

  it('names what it found', async () => {
    await expect(decodeSound(new TextEncoder().encode('{"error":1}'), 'audio/mpeg')).rejects.toThrow(
      /7b 22 65 72.*audio\/mpeg/,
    )
  })
})

describe('random damage', () => {
  const printed: unknown[] = []
  beforeEach(() => {
    printed.length = 0
    for (const method of ['error', 'log', 'warn'] as const)
      vi.spyOn(console, method).mockImplementation((...all) => void printed.push(all))
  })
  afterEach(() => void vi.restoreAllMocks())

  it.each(Object.entries(files))(
    'of %s ends in a sound or an AssetloomError and prints nothing',
    async (_format, bytes) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }),
          fc.nat(bytes.length),
          fc.boolean(),
          async (changes, length, cut) => {
            const broken = edited(bytes, (_, copy) => changes.forEach(([at, value]) => (copy[at] = value)))
            const settled = await decodeSound(cut ? broken.slice(0, length) : broken).catch((error: unknown) => error)
            expect(isAssetloomError(settled) || (settled as { channels: unknown }).channels).toBeTruthy()
          },
        ),
        { numRuns: 60, seed: 7 },
      )
      expect(printed).toEqual([])
    },
  )

  it('of FLAC frames whose checksums are right likewise', async () => {
    for (const subframeHeader of [0x04, 0x1e, 0x40, 0x7e, 0x82, 0xff]) {
      const settled = await decodeSound(writeFlac(sine(440, 0.5), 22_050, subframeHeader)).catch(
        (error: unknown) => error,
      )
      expect(isAssetloomError(settled)).toBe(true)
    }
    expect(printed).toEqual([])
  })

  it('of Ogg packets whose checksums are right likewise', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(files.ogg.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (changes) => {
          const settled = await decodeSound(
            withChecksums(edited(files.ogg, (_, copy) => changes.forEach(([at, value]) => (copy[at] = value)))),
          ).catch((error: unknown) => error)
          expect(isAssetloomError(settled) || (settled as { channels: unknown }).channels).toBeTruthy()
        },
      ),
      { numRuns: 100, seed: 7 },
    )
    expect(printed).toEqual([])
  })

  it('of random bytes behind each mark likewise', async () => {
    const marks = ['RIFF\0\0\0\0WAVEfmt ', 'OggS', 'fLaC', 'ID3\u0003\0\0\0\0\0\0']
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...marks), fc.uint8Array({ maxLength: 4000 }), async (mark, noise) => {
        const settled = await decodeSound(Buffer.concat([Buffer.from(mark, 'latin1'), noise])).catch(
          (error: unknown) => error,
        )
        expect(isAssetloomError(settled)).toBe(true)
      }),
      { numRuns: 200, seed: 7 },
    )
    expect(printed).toEqual([])
  })
})
