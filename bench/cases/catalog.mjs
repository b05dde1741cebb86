import { join } from 'node:path'
import { median, runNode } from '../measure.mjs'

const child = join(import.meta.dirname, '../children/catalog.mjs')

/** A search in the kept index of a large catalog, as a command makes it: a workspace of its own each time. */
export async function run({ folder, runs, report }) {
  const count = 100_000
  const { report: found } = await runNode([child, join(folder, 'catalog'), String(count), String(runs)], { cwd: join(import.meta.dirname, '..') })
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`
  const own = (what, ours) => report({ what, against: '', ours, peer: '' })
  const span = (ms) => `${median(ms).toFixed(0)} ms (${Math.min(...ms).toFixed(0)}–${Math.max(...ms).toFixed(0)})`
  own(`searching a catalog of ${count} assets with the kept index, in a new process, at most 200 ms`, span(found.coldMs))
  own('the same in a process that searched before', span(found.keptMs))
  own(`the same for the first time: index of ${megabytes(found.indexBytes)} fetched, checked, kept`, `${found.firstMs.toFixed(0)} ms`)
  own(`requests for an unchanged index, at most 1${found.isConditional ? ', answered without bytes' : ''}`, `${found.requestsAgain}`)
  own('most memory of all of that, the server with its index in the same process', megabytes(found.memoryBytes))
}
