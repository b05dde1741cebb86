import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { median, runNode } from '../measure.mjs'
import { writeSpecs } from './generate.mjs'

const child = (name) => join(import.meta.dirname, '../children', name)
const config = 'export default { tokens: { families: { ACME: "Acme" }, defaultFamily: "ACME" } }\n'
const sizes = { warm: { sidePx: 16, seconds: 1 }, small: { sidePx: 16, seconds: 1 }, large: { sidePx: 2048, seconds: 30 } }

/** Pictures and sounds through every step that works in JavaScript, by name. */
function specsOf(size) {
  const { sidePx, seconds } = sizes[size]
  const image = (recipe, steps, parameters = {}) => ({ metadata: { category: 'Images' }, generation: { type: 'image', recipe }, prompt: { parameters: { size: `${sidePx}x${sidePx}`, ...parameters } }, post_processing: steps })
  const sound = (recipe, steps) => ({ metadata: { category: 'Sound Effects' }, generation: { type: 'audio', recipe }, prompt: { parameters: { duration: seconds } }, post_processing: steps })
  const specs = {
    palette: image('backdrop', [{ action: 'palette', colors: 16, dither: 1 }]),
    pixelate: image('noise', [{ action: 'pixelate', size: 16 }]),
    outline: image('sprite', [{ action: 'outline', width: 8 }]),
    cut: image('backdrop', [{ action: 'background-remove' }]),
    sheet: image('particle', [{ action: 'sprite-sheet' }], { n_variations: 4, size: `${sidePx / 2}x${sidePx / 2}` }),
    mp3: sound('sweep', [{ action: 'normalize', lufs: -16 }, { action: 'convert', formats: ['mp3'] }]),
    ogg: sound('noise', [{ action: 'resample', rate: 32000 }, { action: 'convert', formats: ['ogg'] }]),
    wav: sound('tone', [{ action: 'fade', in: 0.1, out: 0.1 }, { action: 'trim_silence' }, { action: 'validate', checks: [{ loudness: [-60, 0] }] }]),
  }
  return Object.entries(specs).map(([name, spec]) => {
    const id = `${size}-${name}`
    return [`${id}.json`, { id, ...spec, prompt: { base: `${name} ${id}`, ...spec.prompt }, integration: { manifest_key: id } }]
  })
}

function project(root, specs) {
  writeSpecs(root, Object.fromEntries(specs))
  writeFileSync(join(root, 'assetloom.config.mjs'), config)
}

/**
 * How long the event loop stands still while pictures of 2048² and sounds of 30 s are made, served and imported: the
 * most CPU time that the main thread spends between two turns of its loop, once all modules are loaded, and beside it
 * the same with tiny ones.
 */
export async function run({ folder, runs, report }) {
  const root = join(folder, 'event-loop')
  const made = join(folder, 'event-loop-made')
  const names = Object.keys(sizes)
  const roots = (specs) => {
    rmSync(root, { recursive: true, force: true })
    for (const size of names) project(join(root, size), specs(size))
  }
  const generate = () => runNode([child('loop-cli.mjs'), JSON.stringify(['generate'])], { cwd: root })

  roots(specsOf)
  await generate()
  rmSync(made, { recursive: true, force: true })
  for (const size of names)
    for (const sub of ['images', 'sound-effects']) {
      mkdirSync(join(made, size), { recursive: true })
      cpSync(join(root, size, 'assets', sub), join(made, size), { recursive: true, filter: (from) => !from.endsWith('.json') })
    }

  for (const [what, prepare, watched] of [
    ['generate', () => roots(specsOf), generate],
    [
      'dev server',
      () => project(root, names.flatMap(specsOf)),
      () => runNode([child('dev-assets.mjs'), JSON.stringify(specsOf('warm').map(([file]) => file.slice('warm-'.length, -'.json'.length)))], { cwd: root }),
    ],
    ['import', () => roots(() => []), () => runNode([child('loop-cli.mjs'), JSON.stringify(['import', join(made, 'SIZE'), '--family', 'ACME'])], { cwd: root })],
  ]) {
    const found = []
    for (let i = 0; i < Math.min(runs, 5); i++) {
      prepare()
      found.push((await watched()).report)
    }
    const of = (size, measure) => median(found.map((seen) => seen[size][measure]))
    const text = (size) => `${of(size, 'cpuMs').toFixed(0)} ms (${of(size, 'clockMs').toFixed(0)} by the clock)`
    report({
      what: `event loop held up by ${what}: 2048² pictures, 30 s sounds, at most 50 ms of CPU time`,
      against: 'the same with tiny ones',
      target: 1,
      ratio: Number((of('large', 'cpuMs') / 50).toFixed(2)),
      ours: text('large'),
      peer: text('small'),
      runs: found.length,
    })
  }
}
