/**
 * Searches a library with Assetloom and with MiniSearch, query by query in turn.
 * @param argv - folder of the project, how many assets, how many times
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openWorkspace } from 'assetloom'
import MiniSearch from 'minisearch'
import { searchEntry, searchQueries } from '../search-corpus.mjs'

const [root, countText, runsText] = process.argv.slice(2)
const [count, runs] = [Number(countText), Number(runsText)]
const fields = ['name', 'tags', 'keywords', 'description']
const facets = ['kind', 'category', 'family', 'license', 'tags']

mkdirSync(join(root, 'assets'), { recursive: true })
const entries = Array.from({ length: count }, (_, i) => searchEntry(i))
writeFileSync(join(root, 'assets/manifest.json'), `${JSON.stringify({ version: 1, vocabulary: {}, sequences: {}, assets: Object.fromEntries(entries) })}\n`)

const open = () => openWorkspace({ root, options: { logLevel: 'silent' } })
const first = await open()
const buildStart = performance.now()
;(await first.search()).rebuild()
const ourBuildMs = performance.now() - buildStart
await first.close()
// A manifest that was just written is read again at each look, since its time may not tell of the next change.
await new Promise((done) => setTimeout(done, 300))
await open().then(async (one) => ((await one.search()).byWords('warm', { filters: {}, limit: 20 }), one.close()))

const reopenMs = []
for (let i = 0; i < 9; i++) {
  const start = performance.now()
  const one = await open()
  ;(await one.search()).byWords('hero banner', { filters: {}, limit: 20 })
  reopenMs.push(performance.now() - start)
  await one.close()
}

const peerStart = performance.now()
const peer = new MiniSearch({ fields: [...fields, 'ref'], storeFields: ['ref', 'name', ...facets] })
peer.addAll(
  entries.map(([ref, { name, tags, keywords, description, kind, category, family, license }], id) => ({
    id,
    ref,
    name,
    // Found by them here as there: Assetloom searches kind, category and family as keywords.
    keywords: [...keywords, kind, category, family].join(' '),
    description,
    kind,
    category,
    family,
    license,
    tags,
  })),
)
const peerBuildMs = performance.now() - peerStart

const options = { prefix: true, fuzzy: 0.2, combineWith: 'AND', boost: { name: 10, ref: 10, tags: 6, keywords: 4, description: 2 } }
/** The same answer: how many, the first twenty, the facets with their counts. */
function askPeer(query) {
  const found = peer.search(query, options)
  const counts = Object.fromEntries(facets.map((name) => [name, new Map()]))
  for (const hit of found)
    for (const name of facets)
      for (const value of [hit[name] ?? []].flat()) counts[name].set(value, (counts[name].get(value) ?? 0) + 1)
  return { total: found.length, results: found.slice(0, 20), counts }
}

const workspace = await open()
const search = await workspace.search()
const askUs = (query) => search.byWords(query, { filters: {}, limit: 20 })

const queries = searchQueries(200, count)
for (const query of queries.slice(0, 60)) {
  askUs(query)
  askPeer(query)
}
const timed = (work) => {
  const start = performance.now()
  const found = work()
  return { ms: performance.now() - start, total: found.total }
}
const p95 = (numbers) => numbers.toSorted((a, b) => a - b)[Math.ceil(numbers.length * 0.95) - 1]
const rounds = []
const detail = []
for (let run = 0; run < runs; run++) {
  const times = { ours: [], peer: [] }
  for (const [i, query] of queries.entries()) {
    const isOursFirst = (i + run) % 2 === 0
    const a = timed(() => (isOursFirst ? askUs : askPeer)(query))
    const b = timed(() => (isOursFirst ? askPeer : askUs)(query))
    const [ours, theirs] = isOursFirst ? [a, b] : [b, a]
    times.ours.push(ours.ms)
    times.peer.push(theirs.ms)
    if (run === 0) detail.push({ query, ours: ours.ms, oursTotal: ours.total, peer: theirs.ms, peerTotal: theirs.total })
  }
  rounds.push({ ours: p95(times.ours), peer: p95(times.peer) })
}
await workspace.close()
if (process.env.SEARCH_DETAIL)
  for (const { query, ours, oursTotal, peer, peerTotal } of detail.sort((a, b) => b.ours - a.ours))
    console.error(`${ours.toFixed(2).padStart(8)} ${peer.toFixed(2).padStart(8)} ${String(oursTotal).padStart(7)} ${String(peerTotal).padStart(7)}  ${query}`)
console.log(JSON.stringify({ rounds, reopenMs, ourBuildMs, peerBuildMs }))
