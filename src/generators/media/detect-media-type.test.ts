import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { detectMediaType } from './detect-media-type.ts'
import { encodeSound } from './encode-sound.ts'
import { resolveSoundEncoding } from './sound-encoding.ts'

const text = (content: string) => new TextEncoder().encode(content)
const extensionOf = async (bytes: Uint8Array) => (await detectMediaType(bytes))?.extension

describe('detectMediaType', () => {
  it.each(['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff'] as const)('knows %s', async (format) => {
    const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#369' } })
      .toFormat(format)
      .toBuffer()
    expect(await extensionOf(bytes)).toBe(format === 'jpeg' ? 'jpg' : format)
  })

  it.each(['wav', 'mp3', 'ogg'])('knows %s, whole and cut', async (format) => {
    const sound = { channels: [new Float32Array(8000)], sampleRateHz: 44_100 }
    const { bytes } = await encodeSound(sound, resolveSoundEncoding(format))
    expect(await extensionOf(bytes)).toBe(format)
    expect(await extensionOf(bytes.slice(0, 60))).toBe(format)
  })

  it.each<[string, Uint8Array]>([
    ['flac', text('fLaC\0\0\0"')],
    ['flac', Buffer.concat([Buffer.from('ID3\u0003\0\0\0\0\0\u0002xxfLaC', 'latin1')])],
    ['mp4', Buffer.from('\0\0\0\u0018ftypisom\0\0\u0002\0isomiso2mp41', 'latin1')],
    ['webm', Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex')],
    ['woff', Buffer.from('774f464600010000', 'hex')],
    ['woff2', Buffer.from('774f463200010000', 'hex')],
    ['ttf', Buffer.from('00010000000c00800003', 'hex')],
    ['otf', Buffer.from('4f54544f000b00800003', 'hex')],
    ['pdf', text('%PDF-1.7\n1 0 obj\n')],
    ['svg', text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    [
      'svg',
      text('\ufeff<?xml version="1.0"?>\n<!-- <html> -->\n<!DOCTYPE svg [<!ENTITY a "b>">]>\n<s:svg xmlns:s="x">'),
    ],
    ['json', text('{"a": [1, 2]}')],
    ['json', text(' [1]\n')],
    ['md', text('# Title\n\nWords.')],
    ['md', text('See [here](https://example.com).')],
    ['md', text('---\ntitle: x\n---\nBody')],
    ['txt', text('Just words, and a <svg> in them.')],
    ['txt', text('{ not json }')],
    ['txt', text('42')],
    ['txt', text('<html><svg></svg></html>')],
  ])('knows %s', async (extension, bytes) => {
    expect(await extensionOf(bytes)).toBe(extension)
  })

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['a Git LFS pointer', text('version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 3\n')],
    ['zeros', new Uint8Array(100)],
    ['compressed noise', deflateSync(Buffer.from('x'.repeat(1000)))],
    ['a zip', Buffer.from('504b0304140000000800', 'hex')],
    ['text with control characters', text('abc\u0000def')],
    ['text that is no UTF-8', Uint8Array.of(0x61, 0xe4, 0x62)],
    [
      'an Ogg with video',
      Buffer.concat([Buffer.from('OggS'), Buffer.alloc(22), Buffer.from([1, 42]), Buffer.from('\x80theora', 'latin1')]),
    ],
  ])('finds none in %s', async (_name, bytes) => {
    expect(await detectMediaType(bytes)).toBeUndefined()
  })
})
