import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { median, runNode } from '../measure.mjs'
import { writeSpecs } from './generate.mjs'

const cli = join(import.meta.dirname, '../node_modules/assetloom/dist/cli/main.js')
const devAssets = join(import.meta.dirname, '../children/dev-assets.mjs')
const monitor = pathToFileURL(join(import.meta.dirname, '../children/loop-monitor.mjs')).href
const config = 'export default { tokens: { families: { ACME: "Acme" }, defaultFamily: "ACME" } }\n'

const image = (id, recipe, side, steps) => ({ id, metadata: { category: 'Images' }, generation: { type: 'image', recipe }, prompt: { base: `${recipe} ${id}`, parameters: { size: `${side}x${side}`, ...(steps?.some(({ action }) => action === 'sprite-sheet') && { n_variations: 4 }) } }, ...(steps && { post_processing: steps }), integration: { manifest_key: id } })
const sound = (id, recipe, seconds, steps) => ({ id, metadata: { category: 'Sound Effects' }, generation: { type: 'audio', recipe }, prompt: { base: `${recipe} ${id}`, parameters: { duration: seconds } }, ...(steps && { post_processing: steps }), integration: { manifest_key: id } })

/** Pictures of 2048² and sounds of 30 s through every step that works in JavaScript. */
const heavy = {
  'palette.json': image('palette', 'backdrop', 2048, [{ action: 'palette', colors: 16, dither: 1 }]),
  'pixelate.json': image('pixelate', 'noise', 2048, [{ action: 'pixelate', size: 16 }]),
  'outline.json': image('outline', 'sprite', 2048, [{ action: 'outline', width: 8 }]),
  'cut.json': image('cut', 'backdrop', 2048, [{ action: 'background-remove' }]),
  'sheet.json': image('sheet', 'particle', 1024, [{ action: 'sprite-sheet' }]),
  'mp3.json': sound('mp3', 'sweep', 30, [{ action: 'normalize', lufs: -16 }, { action: 'convert', formats: ['mp3'] }]),
  'ogg.json': sound('ogg', 'noise', 30, [{ action: 'resample', rate: 32000 }, { action: 'convert', formats: ['ogg'] }]),
  'wav.json': sound('wav', 'tone', 30, [{ action: 'fade', in: 1, out: 1 }, { action: 'trim_silence' }, { action: 'validate', checks: [{ loudness: [-60, 0] }] }]),
}
/** The same in small: what the command costs without the work. */
const light = { 'dot.json': image('dot', 'icon', 16), 'tick.json': sound('tick', 'tone', 0.1) }

/**
 * How long the event loop stands still while pictures and sounds are made, served and imported, beyond what the same
 * command on next to nothing shows (modules being loaded, the manifest being written).
 */
export async function run({ folder, runs, report }) {
  const root = join(folder, 'event-loop')
  const imports = join(folder, 'event-loop-imports')
  const measured = async (args, prepare) => {
    prepare()
    const file = join(folder, 'loop.json')
    await runNode(['--import', monitor, ...args], { cwd: root, env: { LOOP_FILE: file } })
    return JSON.parse(readFileSync(file, 'utf8')).maxMs
  }
  const project = (specs) => () => {
    writeSpecs(root, specs)
    writeFileSync(join(root, 'assetloom.config.mjs'), config)
  }
  const generate = [cli, 'generate', '--quiet']
  const refsOf = (specs) => Object.keys(specs).map((file) => file.replace('.json', ''))
  const importAll = (name) => [cli, 'import', join(imports, name), '--family', 'ACME', '--quiet']

  project(heavy)()
  await runNode(generate, { cwd: root })
  for (const name of ['heavy', 'light']) {
    if (name === 'light') {
      project(light)()
      await runNode(generate, { cwd: root })
    }
    rmSync(join(imports, name), { recursive: true, force: true })
    mkdirSync(join(imports, name), { recursive: true })
    for (const sub of ['images', 'sound-effects']) cpSync(join(root, 'assets', sub), join(imports, name), { recursive: true, filter: (from) => !from.endsWith('.json') })
    if (readdirSync(join(imports, name)).length === 0) throw new Error('There is nothing to import.')
  }

  for (const [what, ours, idle] of [
    ['generate', () => measured(generate, project(heavy)), () => measured(generate, project(light))],
    ['dev server', () => measured([devAssets, ...refsOf(heavy)], project(heavy)), () => measured([devAssets, ...refsOf(light)], project(light))],
    ['import', () => measured(importAll('heavy'), project({})), () => measured(importAll('light'), project({}))],
  ]) {
    const found = []
    for (let i = 0; i < Math.min(runs, 5); i++) found.push({ idle: await idle(), ours: await ours() })
    const longest = median(found.map((one) => one.ours - one.idle))
    report({
      what: `event loop held up by ${what} (2048² pictures, 30 s sounds), at most 50 ms more than idle: ${Math.max(0, longest).toFixed(0)} ms`,
      against: 'the same command on next to nothing',
      target: 1,
      ratio: Number((Math.max(0, longest) / 50).toFixed(2)),
      ours: `${median(found.map((one) => one.ours)).toFixed(0)} ms`,
      peer: `${median(found.map((one) => one.idle)).toFixed(0)} ms`,
      runs: found.length,
    })
  }
}
