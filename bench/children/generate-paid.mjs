/* node generate-paid.mjs <url> <concurrency>: every spec of the project through a priced provider of its own. */
import { defineProvider, openWorkspace } from 'assetloom'

const [url, concurrency] = process.argv.slice(2)
const priceMicroUsd = 40_000
const priced = defineProvider({
  id: 'priced',
  version: 1,
  capabilities: { types: ['image'], alpha: true, maxWidthPx: 2048, maxHeightPx: 2048 },
  free: false,
  concurrency: Number(concurrency),
  defaultModel: () => 'priced-1',
  quote: () => priceMicroUsd,
  async generate(job, { signal }) {
    const response = await fetch(url, { method: 'POST', signal, body: JSON.stringify(job.request) })
    const { images } = await response.json()
    return { outputs: images.map((text) => ({ bytes: new Uint8Array(Buffer.from(text, 'base64')), mediaType: 'image/png' })), costMicroUsd: priceMicroUsd }
  },
})
const workspace = await openWorkspace({
  root: process.cwd(),
  options: { tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' }, budget: { monthlyUsd: 1000 }, providers: { priced } },
})
const plan = await workspace.generation.plan()
const started = performance.now()
const { results, providerCalls } = await workspace.generation.run(plan, {})
const runMs = performance.now() - started
const failed = results.find((one) => one.status !== 'done')
if (failed) throw failed.error
console.log(JSON.stringify({ runMs, calls: providerCalls }))
await workspace.close()
