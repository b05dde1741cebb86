import { symlinkSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configText, createProject, png, run, startCli, wav, type TestProject } from './project.ts'

let project: TestProject
beforeAll(() => {
  project = createProject()
})
afterAll(() => project.remove())

const picture = () => sharp({ create: { width: 40, height: 30, channels: 3, background: '#336699' } })
const svg = (inner: string, attributes = 'width="24" height="24"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inner}</svg>`
const half = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = copy[at]! ^ 0xff
  return copy
}

const crcTable = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
  return n >>> 0
})
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  let crc = 0xffffffff
  for (const byte of body) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE((crc ^ 0xffffffff) >>> 0)
  return Buffer.concat([length, body, sum])
}
/** A PNG whose header says what it likes. */
function pngSaying(widthPx: number, heightPx: number, pixels = Buffer.alloc(100)): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(widthPx, 0)
  header.writeUInt32BE(heightPx, 4)
  header.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function patched(bytes: Buffer, change: (bytes: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes)
  change(copy)
  return copy
}

type Make = () => Promise<Buffer | string> | Buffer | string

/** Refused: file name, content, code. */
const refused: [string, Make, RegExp][] = [
  ['empty.png', () => '', /^MEDIA_EMPTY$/],
  ['empty.svg', () => '', /^MEDIA_EMPTY$/],
  ['empty.wav', () => '', /^MEDIA_EMPTY$/],
  ['html.png', () => '<!doctype html><html><body>404</body></html>', /^(MEDIA_UNKNOWN|EXTENSION_DISAGREES)$/],
  [
    'html.svg',
    () => '<!doctype html><html><body>404</body></html>',
    /^(MEDIA_UNKNOWN|EXTENSION_DISAGREES|SVG_INVALID)$/,
  ],
  ['json.png', () => '{"error":"not found"}', /^(MEDIA_UNKNOWN|EXTENSION_DISAGREES)$/],
  ['text.mp3', () => 'just words', /^(MEDIA_UNKNOWN|EXTENSION_DISAGREES)$/],
  ['zeros.png', () => Buffer.alloc(500), /^MEDIA_UNKNOWN$/],
  ['random.jpg', () => Buffer.from(Array.from({ length: 900 }, (_, i) => (i * 7919 + 13) % 251)), /^MEDIA_UNKNOWN$/],
  [
    'program.png',
    () => Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(200)]),
    /^MEDIA_UNKNOWN$/,
  ],
  ['zip.png', () => Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(200)]), /^MEDIA_UNKNOWN$/],
  [
    'pointer.png',
    () => `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 123456\n`,
    /^LFS_POINTER$/,
  ],
  ['jpeg-in.png', () => picture().jpeg().toBuffer(), /^EXTENSION_DISAGREES$/],
  ['png-in.jpg', () => png(1), /^EXTENSION_DISAGREES$/],
  ['webp-in.gif', () => picture().webp().toBuffer(), /^EXTENSION_DISAGREES$/],
  ['wav-in.mp3', () => wav(), /^EXTENSION_DISAGREES$/],
  ['svg-in.png', () => svg('<rect width="9" height="9"/>'), /^EXTENSION_DISAGREES$/],
  ['noextension', () => png(2), /^EXTENSION_DISAGREES$/],
  ['signature.png', async () => (await png(3)).subarray(0, 8), /^(PICTURE_UNREADABLE|MEDIA_UNKNOWN)$/],
  ['half.png', async () => half(await png(4, 64, 64)), /^PICTURE_UNREADABLE$/],
  [
    'half.jpg',
    async () =>
      half(
        await sharp(await png(5, 200, 200))
          .jpeg()
          .toBuffer(),
      ),
    /^PICTURE_UNREADABLE$/,
  ],
  [
    'half.webp',
    async () =>
      half(
        await sharp(await png(6, 200, 200))
          .webp()
          .toBuffer(),
      ),
    /^PICTURE_UNREADABLE$/,
  ],
  ['half.avif', async () => half(await picture().avif().toBuffer()), /^(PICTURE_UNREADABLE|MEDIA_UNKNOWN)$/],
  [
    'half.gif',
    async () =>
      half(
        await sharp(await png(7, 200, 200))
          .gif()
          .toBuffer(),
      ),
    /^PICTURE_UNREADABLE$/,
  ],
  [
    'half.tiff',
    async () =>
      half(
        await sharp(await png(8, 64, 64))
          .tiff()
          .toBuffer(),
      ),
    /^(PICTURE_UNREADABLE|MEDIA_UNKNOWN)$/,
  ],
  ['crc.png', async () => flipped(await png(9, 64, 64), 400), /^PICTURE_UNREADABLE$/],
  ['bomb.png', () => pngSaying(60_000, 60_000), /^PICTURE_TOO_LARGE$/],
  ['wide.png', () => pngSaying(0x7fffffff, 1), /^PICTURE_(TOO_LARGE|UNREADABLE)$/],
  ['nowidth.png', () => pngSaying(0, 10), /^PICTURE_UNREADABLE$/],
  ['lying.png', () => pngSaying(500, 500), /^PICTURE_UNREADABLE$/],
  ['noclose.svg', () => '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g>', /^SVG_INVALID$/],
  ['otherroot.svg', () => '<note>hello</note>', /^(MEDIA_UNKNOWN|EXTENSION_DISAGREES|SVG_INVALID)$/],
  ['huge.svg', () => svg('', 'width="99999999" height="99999999"'), /^SVG_TOO_LARGE$/],
  ['deep.svg', () => svg('<g>'.repeat(5000) + '</g>'.repeat(5000)), /^SVG_TOO_LARGE$/],
  [
    'laughs.svg',
    () => `<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>${svg('<text>&b;</text>')}`,
    /^SVG_INVALID$/,
  ],
  [
    'file.svg',
    () => `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg('<text>&x;</text>')}`,
    /^SVG_INVALID$/,
  ],
  ['latin.svg', () => Buffer.from(svg('<text>\xff\xfe</text>'), 'latin1'), /^(SVG_INVALID|MEDIA_UNKNOWN)$/],
  ['header.wav', () => wav().subarray(0, 44), /^SOUND_/],
  ['short.wav', () => wav().subarray(0, 20), /^(SOUND_|MEDIA_UNKNOWN)/],
  ['norate.wav', () => patched(wav(), (bytes) => bytes.writeUInt32LE(0, 24)), /^SOUND_/],
  ['nochannels.wav', () => patched(wav(), (bytes) => bytes.writeUInt16LE(0, 22)), /^SOUND_/],
  ['codec.wav', () => patched(wav(), (bytes) => bytes.writeUInt16LE(0x1234, 20)), /^SOUND_/],
  ['cut.ogg', () => Buffer.concat([Buffer.from('OggS\0\x02', 'latin1'), Buffer.alloc(40)]), /^(SOUND_|MEDIA_UNKNOWN)/],
  ['cut.flac', () => Buffer.concat([Buffer.from('fLaC', 'latin1'), Buffer.alloc(40)]), /^SOUND_/],
  [
    'frames.mp3',
    () => Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(60)]),
    /^(SOUND_|MEDIA_UNKNOWN)/,
  ],
]

/** Taken after cleaning: what must be gone. */
const cleaned: [string, string, RegExp][] = [
  ['script.svg', svg('<script>alert(1)</script><rect width="9" height="9"/>'), /script|alert/],
  ['onload.svg', svg('<rect width="9" height="8" onload="alert(1)"/>'), /onload|alert/],
  [
    'foreign.svg',
    svg('<foreignObject><iframe src="https://evil.example"/></foreignObject><rect width="9" height="7"/>'),
    /foreignObject|evil/,
  ],
  [
    'image.svg',
    svg('<image href="https://evil.example/x.png" width="9" height="9"/><rect width="9" height="6"/>'),
    /evil/,
  ],
  ['import.svg', svg('<style>@import url(https://evil.example/x.css);</style><rect width="9" height="5"/>'), /evil/],
  ['javascript.svg', svg('<a href="javascript:alert(1)"><rect width="9" height="4"/></a>'), /javascript/],
  ['use.svg', svg('<use href="file:///etc/passwd#x"/><rect width="9" height="3"/>'), /passwd/],
]

interface Imported {
  imported: { ref: string; file: string; stripped?: string[] }[]
  failed: { file: string; code: string; message: string }[]
}

describe('bad media', () => {
  it.each(refused)('%s is refused', async (name, make, code) => {
    project.write(name, await make())
    const { imported, failed } = await run<Imported>(project, 'import', { files: [name], category: 'Images' })
    expect(imported).toEqual([])
    expect(failed).toHaveLength(1)
    expect(failed[0]!.code).toMatch(code)
    expect(failed[0]!.message).not.toMatch(/undefined(?! entity)|\[object/)
  })

  it.each(cleaned)('%s is taken cleaned, and what was taken out is told', async (name, text, gone) => {
    project.write(name, text)
    const { imported } = await run<Imported>(project, 'import', { files: [name], category: 'Icons' })
    expect(imported[0]!.stripped!.length).toBeGreaterThan(0)
    expect(project.read(imported[0]!.file).toString()).not.toMatch(gone)
  })

  it('a link that leaves the project is refused, a named file outside it is not', async () => {
    const outside = createProject()
    outside.write('secret.png', await png(77))
    symlinkSync(outside.path('secret.png'), project.path('link.png'))
    expect(await run(project, 'import', { files: ['link.png'] })).toMatchObject({
      imported: [],
      failed: [{ code: 'LINK_LEAVES_PROJECT' }],
    })
    expect(await run(project, 'import', { files: [outside.path('secret.png')] })).toMatchObject({
      failed: [],
      imported: [{ originalName: 'secret.png' }],
    })
    outside.remove()
  })

  it('a file over the limit and a folder that is no file are refused', async () => {
    project.write('big.png', await png(5, 200, 200))
    expect(await run(project, 'import', { files: ['big.png'] }, { import: { maxFileMb: 0.001 } })).toMatchObject({
      failed: [{ code: 'FILE_TOO_LARGE' }],
    })
    expect(await run(project, 'import', { files: ['nothing.png'] })).toMatchObject({
      failed: [{ code: 'FILE_UNREADABLE' }],
    })
  })

  it('a bad one among good ones does not stop them, and the exit code says so', async () => {
    const mixed = createProject()
    mixed.write('assetloom.config.mjs', configText)
    mixed.write('in/a.png', await png(101))
    mixed.write('in/b.png', 'no picture')
    mixed.write('in/c.png', await png(102))
    const { code, stdout } = await startCli(mixed, ['import', 'in', '--category', 'Icons', '--json']).done
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: { code: 'IMPORT_INCOMPLETE' },
      data: { imported: [{}, {}], failed: [{ file: 'in/b.png' }] },
    })
    expect(mixed.files('assets/icons')).toHaveLength(2)
    expect(mixed.files('.assetloom').filter((file) => file.endsWith('.tmp'))).toEqual([])
    mixed.remove()
  })
})
