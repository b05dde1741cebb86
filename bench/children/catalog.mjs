/**
 * Searches a catalog whose index has many rows: the first time, and with the index that was kept, in a workspace of its own
 * each time, in this process and in one of its own, as commands do.
 * @param argv - folder of the project, how many rows, how many times
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { searchCatalog } from '../catalog-search.mjs'
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
const url = `http://127.0.0.1:${server.address().port}/`

const checked = ({ tookMs, rows, total, why }) => {
  if (rows !== count || total === 0) throw new Error(why ?? `${rows} rows, ${total} found`)
  return tookMs
}
const search = async () => checked(await searchCatalog({ root, url }))
const inOwnProcess = async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'catalog-search.mjs'), root, url])
  return checked(JSON.parse(stdout))
}
const firstMs = await search()
const asked = requests.length
const [keptMs, coldMs] = [[], []]
for (let i = 0; i < runs; i++) keptMs.push(await search())
for (let i = 0; i < runs; i++) coldMs.push(await inOwnProcess())
const again = requests.slice(asked)
server.closeAllConnections()
server.close()
console.log(JSON.stringify({ firstMs, keptMs, coldMs, indexBytes: index.length, requestsAgain: again.length / (2 * runs), isConditional: again.every((status) => status === 304), memoryBytes: process.resourceUsage().maxRSS * 1024 }))
