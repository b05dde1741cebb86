/**
 * Every measurement in one table.
 *
 *   npm run bench -- [--only build,dev,transforms,memory,cli,import,search,catalog,throughput,dry,loop,hot,types] [--runs 7] [--json]
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { table } from './measure.mjs'

const { values: flags } = parseArgs({ options: { only: { type: 'string' }, runs: { type: 'string' }, json: { type: 'boolean' } } })
const runs = Number(flags.runs ?? 7)

/** The types have a bench of their own, which can also be run alone. */
function types(report) {
  const text = execFileSync(process.execPath, [join(import.meta.dirname, 'types.mjs'), '--json', '--runs', String(Math.min(runs, 5))], { encoding: 'utf8' })
  const found = JSON.parse(text)
  const targets = { 'TypeScript 7': 3.0, 'TypeScript 5.9': 2.6 }
  for (const [name, { ratio, typedMs, plainMs }] of Object.entries(found.compile))
    report({ what: `tsc (${name}), ${found.assets} assets, ${found.files} files`, against: 'catch-all types', target: targets[name], ratio, ours: `${typedMs} ms`, peer: `${plainMs} ms`, runs: Math.min(runs, 5) })
  report({ what: 'editor (TypeScript 5.9): errors of the open file after one new asset, at most 60 ms', against: '', ours: `${found.editorMs} ms`, peer: '' })
}

const cases = {
  build: async (c) => (await import('./cases/build-imports.mjs')).run(c),
  dev: async (c) => (await import('./cases/dev-start.mjs')).run(c),
  transforms: async (c) => (await import('./cases/transforms.mjs')).run(c),
  memory: async (c) => (await import('./cases/transforms.mjs')).memory(c),
  cli: async (c) => (await import('./cases/cli.mjs')).start(c),
  import: async (c) => (await import('./cases/cli.mjs')).importFiles(c),
  search: async (c) => (await import('./cases/search.mjs')).run(c),
  catalog: async (c) => (await import('./cases/catalog.mjs')).run(c),
  throughput: async (c) => (await import('./cases/generate.mjs')).throughput(c),
  dry: async (c) => (await import('./cases/generate.mjs')).dryRun(c),
  loop: async (c) => (await import('./cases/event-loop.mjs')).run(c),
  hot: async (c) => (await import('./cases/hot-swap.mjs')).run(c),
  types: async ({ report }) => types(report),
}

const wanted = flags.only ? flags.only.split(',') : Object.keys(cases)
const unknown = wanted.filter((name) => !(name in cases))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(cases).join(', ')}.`)
  process.exit(2)
}

const versionOf = (name) => JSON.parse(readFileSync(join(import.meta.dirname, 'node_modules', name, 'package.json'), 'utf8')).version
const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}, Node ${process.version}, Vite ${versionOf('vite')}, vite-imagetools ${versionOf('vite-imagetools')}, sharp ${versionOf('sharp')}`

const folder = mkdtempSync(join(tmpdir(), 'assetloom-bench-'))
const rows = []
try {
  for (const name of wanted) {
    process.stderr.write(`${name} …\n`)
    const report = (one) => {
      process.stderr.write(`  ${one.what}: ${one.ratio ?? one.ours}${one.cpuRatio ? `, CPU ${one.cpuRatio}` : ''}${one.target ? ` (target ≤ ${one.target})` : ''}\n`)
      rows.push(one)
    }
    try {
      await cases[name]({ folder, runs, report })
    } catch (error) {
      // The other benches can still be measured; the exit code tells.
      process.stderr.write(`  failed: ${error.message}\n`)
      process.exitCode = 1
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(flags.json ? JSON.stringify({ machine, rows }, null, 2) : `${machine}\n\n${table(rows)}`)
