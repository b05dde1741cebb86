import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'

/** Made once, used by every run; the name says what they are. */
const pictureFolder = join(tmpdir(), 'assetloom-bench-pictures')

/** A small generator with a seed, so that every machine measures the same pixels. */
function randomBytes(seed) {
  let state = seed * 2654435761 + 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state & 255
  }
}

/** Waves of colour with some grain: neither flat nor pure noise, as photos are. */
function photo(seed, width, height, grain) {
  const next = randomBytes(seed + 1)
  const pixels = Buffer.alloc(width * height * 3)
  const [fx, fy, phase] = [0.01 + (seed % 7) * 0.004, 0.008 + (seed % 11) * 0.003, seed * 0.7]
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) {
        const wave = 127 + 70 * Math.sin(x * fx + phase + c) + 50 * Math.cos(y * fy + x * 0.004 - phase * c)
        pixels[at++] = Math.max(0, Math.min(255, wave + ((next() - 128) * grain) / 128))
      }
  return pixels
}

/**
 * PNG files with distinct content.
 * @returns their paths, in order: the bytes of thousands would be counted as memory of what is measured
 */
export async function pngs({ count, width, height, grain, name }) {
  const folder = join(pictureFolder, `${name}-${width}x${height}-${grain}`)
  mkdirSync(folder, { recursive: true })
  const made = []
  for (let i = 0; i < count; i++) {
    const file = join(folder, `${i}.png`)
    if (!existsSync(file)) {
      const bytes = await sharp(photo(i, width, height, grain), { raw: { width, height, channels: 3 } }).png({ compressionLevel: 6 }).toBuffer()
      writeFileSync(`${file}.part`, bytes)
      renameSync(`${file}.part`, file)
    }
    made.push(file)
  }
  return made
}

/** IMG-ACME-SETAA001 …: 900 to a series. */
export function token(i) {
  const series = Math.floor(i / 900)
  return `IMG-ACME-SET${String.fromCharCode(65 + Math.floor(series / 26), 65 + (series % 26))}${String((i % 900) + 1).padStart(3, '0')}`
}

function entry(i, facts) {
  const ref = token(i)
  return [
    ref,
    {
      alt: `Picture number ${i}`,
      category: 'Images',
      created: '2026-01-01T00:00:00Z',
      family: 'ACME',
      file: `assets/images/${ref}.png`,
      hasAlpha: false,
      hash: `sha256:${createHash('sha256').update(facts.bytes ?? ref).digest('hex')}`,
      heightPx: facts.height,
      kind: 'image',
      mediaType: 'image/png',
      modified: '2026-01-01T00:00:00Z',
      originalName: `picture-${i}.png`,
      size: facts.bytes?.length ?? 4096,
      source: { type: 'import' },
      tags: ['bench'],
      token: ref,
      variant: ref.split('-')[2].slice(0, -3),
      version: '1.0.0',
      widthPx: facts.width,
    },
  ]
}

/** A project whose manifest names assets; with pictures (paths), their files stand there too. */
export function writeProject(root, { count, pictures, width = 64, height = 64 }) {
  rmSync(root, { recursive: true, force: true })
  mkdirSync(join(root, 'assets/images'), { recursive: true })
  mkdirSync(join(root, 'src'), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{"name":"bench-project","private":true,"type":"module"}\n')
  const sequences = {}
  const assets = []
  for (let i = 0; i < count; i++) {
    const bytes = pictures && readFileSync(pictures[i])
    const one = entry(i, { bytes, width, height })
    assets.push(one)
    sequences[one[0].slice(0, -3)] = (i % 900) + 1
    if (bytes) writeFileSync(join(root, one[1].file), bytes)
  }
  const manifest = { version: 1, vocabulary: { families: { ACME: 'Acme' } }, sequences, assets: Object.fromEntries(assets) }
  writeFileSync(join(root, 'assets/manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** A page that imports something once per asset; `spell` gives the specifier. */
export function writePage(root, name, count, spell) {
  const imports = Array.from({ length: count }, (_, i) => `import a${i} from ${JSON.stringify(spell(i))}`)
  const names = Array.from({ length: count }, (_, i) => `a${i}`)
  writeFileSync(join(root, `src/${name}.js`), `${imports.join('\n')}\ndocument.body.textContent = [${names.join(', ')}].join('\\n')\n`)
  writeFileSync(join(root, `${name}.html`), `<!doctype html><html lang="en"><head><title>${name}</title></head><body><script type="module" src="/src/${name}.js"></script></body></html>\n`)
}

/** Take away what a run left: outputs always, caches when the next run is to be cold. */
export function clean(root, { isCold }) {
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  if (!isCold) return
  for (const folder of ['.assetloom', 'node_modules', 'src/assets.gen.ts']) rmSync(join(root, folder), { recursive: true, force: true })
}
