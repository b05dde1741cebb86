/**
 * Searches a catalog whose index has many rows: the first time, and with the index that was kept, in a workspace of its own
 * each time, as commands do.
 * @param argv - folder of the project, how many rows, how many times
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openWorkspace } from 'assetloom'
import { searchEntry } from '../search-corpus.mjs'

const [root, countText, runsText] = process.argv.slice(2)
const [count, runs] = [Number(countText), Number(runsText)]
mkdirSync(root, { recursive: true })

/** Descriptions are cut: an index has at most 20 MB. */
const rowOf = (i) => {
  const [ref, { description, tags, category }] = searchEntry(i)
  const cells = ['images', category.toLowerCase().replaceAll(' ', '-'), `${ref.toLowerCase()}-${i}`, description.slice(0, 48), tags.join(';'), '', createHash('sha1').update(String(i)).digest('hex'), '1234', '2026-01-01', '2026-01-02']
  return cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')
}
const index = Buffer.from(['type,category,name,description,tags,bin,sha,size,created,updated', ...Array.from({ length: count }, (_, i) => rowOf(i))].join('\n') + '\n')
const etag = '"one"'
const requests = []
const server = createServer((request, response) => {
  const isSame = request.headers['if-none-match'] === etag
  requests.push(isSame ? 304 : 200)
  response.writeHead(isSame ? 304 : 200, { etag, 'content-type': 'text/csv' }).end(isSame ? undefined : index)
})
await new Promise((done) => server.listen(0, '127.0.0.1', done))
const options = { logLevel: 'silent', catalog: [`http://127.0.0.1:${server.address().port}/`] }
const env = { XDG_CONFIG_HOME: join(root, 'user') }

const search = async () => {
  const start = performance.now()
  const workspace = await openWorkspace({ root, options, env })
  const found = await (await workspace.catalogs()).search('warm rocket', 20, new AbortController().signal)
  const tookMs = performance.now() - start
  await workspace.close()
  if (found.open[0]?.rows !== count || found.total === 0) throw new Error(found.failed[0]?.error.message ?? `${found.open[0]?.rows} rows, ${found.total} found`)
  return tookMs
}
const firstMs = await search()
const asked = requests.length
const keptMs = []
for (let i = 0; i < runs; i++) keptMs.push(await search())
const again = requests.slice(asked)
server.close()
console.log(JSON.stringify({ firstMs, keptMs, indexBytes: index.length, requestsAgain: again.length / runs, isConditional: again.every((status) => status === 304), memoryBytes: process.resourceUsage().maxRSS * 1024 }))
