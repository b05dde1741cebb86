import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { startCli } from '../operations/project.ts'
import { createShelf, type Shelf } from './shelf.ts'

/* A catalog of a hundred thousand assets. */

const count = 100_000
/** What the process took at most; written at its end. */
const toldMemory = `--import="data:text/javascript,process.on('exit',()=>process.stderr.write('most '+process.resourceUsage().maxRSS+' KB'))"`

describe(`an index of ${count} rows`, () => {
  let shelf: Shelf
  beforeAll(async () => {
    const head = 'type,category,name,description,tags,bin,sha,size,created,updated\n'
    const rows = Array.from({ length: count }, (_, i) => {
      const sha = createHash('sha1').update(String(i)).digest('hex')
      return `images,category-${i % 100},asset-${String(i).padStart(6, '0')},A picture of thing number ${i} in a calm light,thing-${i % 1000};calm,,${sha},1234,2026-01-01,2026-01-02\n`
    })
    const index = Buffer.from(head + rows.join(''))
    shelf = await createShelf({ files: { 'assets/index.csv': index } })
    shelf.write('assetloom.config.mjs', `export default ${JSON.stringify({ ...shelf.options, constants: false })}\n`)
  })

  /** @param heapMb - most of V8's old space: beyond it the process dies */
  const search = async (query: string, heapMb: number) => {
    shelf.catalog.requests.length = 0
    const { code, stdout, stderr } = await startCli(shelf, ['catalog', 'search', query, '--json'], { ...shelf.env, NODE_OPTIONS: `--max-old-space-size=${heapMb} ${toldMemory}` }).done
    expect(code, stderr).toBe(0)
    const { data } = JSON.parse(stdout) as { data: { total: number; results: { ref: string }[]; catalogs: { state: string; assets: number }[] } }
    return { ...data, asked: shelf.catalog.requests.map(({ status, target }) => `${status} ${target.replace(/[0-9a-f]{40}/, 'SHA')}`), memoryMb: Number(/most (\d+) KB/.exec(stderr)?.[1]) / 1024 }
  }

  it('is read, kept and searched within bounds of memory, and asked for once and conditionally afterwards', { timeout: 120_000 }, async () => {
    const first = await search('thing-7 calm', 80)
    expect(first).toMatchObject({ total: 11_100, catalogs: [{ state: 'new', assets: count }] })
    const again = await search('asset-012345', 60)
    expect(again).toMatchObject({ total: 1, results: [{ ref: 'images/category-45/asset-012345' }], catalogs: [{ state: 'unchanged', assets: count }] })
    expect(again.asked).toEqual(['304 /repos/acme/assets/commits/main', '304 /acme/assets/SHA/assets/index.csv'])
    // About twice what it took when this was written; Node with the command line alone takes a third of the second.
    expect(first.memoryMb).toBeLessThan(700)
    expect(again.memoryMb).toBeLessThan(300)
  })
})
