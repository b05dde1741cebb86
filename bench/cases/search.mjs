import { join } from 'node:path'
import { median, ratiosOf, row, runNode } from '../measure.mjs'

const child = join(import.meta.dirname, '../children/search.mjs')

/** 200 mixed queries, every third with a typo: p95 against MiniSearch in memory, both in one process and in turn. */
export async function run({ folder, runs, report }) {
  for (const [count, target] of [[10_000, 0.6], [100_000, 0.4]]) {
    const { report: found } = await runNode([child, join(folder, `search-${count}`), String(count), String(runs)], { cwd: join(import.meta.dirname, '..') })
    const result = { wall: ratiosOf(found.rounds.map(({ ours, peer }) => [ours, peer])), runs }
    report(row(`search p95, 200 queries, ${count} assets`, 'MiniSearch', target, result))
    report({ what: `opening the search index again and a first search, ${count} assets`, against: '', ours: `${median(found.reopenMs).toFixed(1)} ms`, peer: '' })
    report({ what: `making the search index, ${count} assets`, against: 'MiniSearch', ours: `${found.ourBuildMs.toFixed(0)} ms`, peer: `${found.peerBuildMs.toFixed(0)} ms` })
  }
}
