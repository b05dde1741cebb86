/* node queue-fetch.mjs <url> <jobs> <concurrency>: what calling a service cannot do without: a queue and fetch. */
import PQueue from 'p-queue'

const [url, jobs, concurrency] = process.argv.slice(2)
const queue = new PQueue({ concurrency: Number(concurrency) })
const started = performance.now()
const answers = await queue.addAll(
  Array.from({ length: Number(jobs) }, (_, i) => async () => (await fetch(url, { method: 'POST', body: JSON.stringify({ prompt: `picture ${i}` }) })).json()),
)
const runMs = performance.now() - started
if (answers.length !== Number(jobs)) throw new Error('Not all were answered.')
console.log(JSON.stringify({ runMs }))
