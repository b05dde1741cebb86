import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pairs, row, runNode } from '../measure.mjs'

const child = (name) => join(import.meta.dirname, '../children', name)

export function writeSpecs(root, specs) {
  rmSync(root, { recursive: true, force: true })
  mkdirSync(root, { recursive: true })
  writeFileSync(join(root, 'package.json'), '{"name":"bench-project","private":true,"type":"module"}\n')
  for (const [file, spec] of Object.entries(specs)) {
    mkdirSync(join(root, 'specs', file, '..'), { recursive: true })
    writeFileSync(join(root, 'specs', file), typeof spec === 'string' ? spec : JSON.stringify({ version: '1.0', ...spec }))
  }
}

/** A loopback service in a process of its own, so that it shares no event loop with what is measured. */
async function startService() {
  const service = spawn(process.execPath, [child('fake-provider.mjs')], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const port = await new Promise((resolve) => service.stdout.once('data', (text) => resolve(Number(text))))
  return { url: `http://127.0.0.1:${port}/generate`, stop: () => service.kill() }
}

/** How much of the throughput that a service allows is used. */
export async function throughput({ folder, runs, report, jobs = 400, concurrency = 8, latencyMs = 200 }) {
  const root = join(folder, 'throughput')
  const specs = Object.fromEntries(
    Array.from({ length: jobs }, (_, i) => [
      `s${i}.json`,
      { id: `s${i}`, metadata: { category: 'Icons' }, generation: { type: 'image', provider: 'priced' }, prompt: { base: `picture ${i}`, parameters: { size: '32x32' } }, integration: { manifest_key: `k${i}` } },
    ]),
  )
  const service = await startService()
  const asWall = ({ report: { runMs }, cpuMs }) => ({ wallMs: runMs, cpuMs })
  try {
    const result = await pairs({
      runs: Math.min(runs, 3),
      peer: async () => asWall(await runNode([child('queue-fetch.mjs'), service.url, String(jobs), String(concurrency)], { cwd: folder })),
      ours: async () => {
        writeSpecs(root, specs)
        return asWall(await runNode([child('generate-paid.mjs'), service.url, String(concurrency)], { cwd: root }))
      },
    })
    const idealMs = (jobs / concurrency) * latencyMs
    const share = (ms) => `${((100 * idealMs) / ms).toFixed(1)} %`
    report({
      ...row(`${jobs} paid jobs, ${latencyMs} ms each, ${concurrency} at once`, 'p-queue with fetch', undefined, result),
      ours: `${share(result.wall.ours)} of the ideal`,
      peer: share(result.wall.peer),
    })
    report({ what: 'the same, time against the ideal (97 % of its throughput)', against: 'jobs ÷ concurrency × latency', target: 1 / 0.97, ratio: Number((result.wall.ours / idealMs).toFixed(3)), ours: `${result.wall.ours.toFixed(0)} ms`, peer: `${idealMs} ms`, runs: result.runs })
  } finally {
    service.stop()
  }
}

/** A dry run over specs of which none changed; their assets are made before. */
export async function dryRun({ folder, runs, report, count = 10_000 }) {
  const root = join(folder, 'dry-run')
  // 900 numbers a series.
  const spec = (i) => `version: "1.0"\nid: s${i}\ngeneration: { type: text }\nprompt: { base: text ${i} }\nintegration: { token: { variant: ${'ABCDEFGHIJKL'[Math.floor(i / 900)]} }, manifest_key: k${i} }\n`
  writeSpecs(root, Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i % 50}/s${i}.yaml`, spec(i)])))
  writeFileSync(join(root, 'assetloom.config.mjs'), 'export default { tokens: { families: { ACME: "Acme" }, defaultFamily: "ACME" } }\n')
  const cli = join(import.meta.dirname, '../node_modules/assetloom/dist/cli/main.js')
  await runNode([cli, 'generate', '--quiet'], { cwd: root })
  const result = await pairs({
    runs,
    warmUp: 1,
    peer: () => runNode([child('read-specs.mjs')], { cwd: root }),
    ours: () => runNode([cli, 'generate', '--dry-run', '--quiet'], { cwd: root }),
  })
  report(row(`generate --dry-run, ${count.toLocaleString('en')} unchanged specs`, 'reading and hashing the same files', 2, result))
}
