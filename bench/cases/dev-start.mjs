import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clean, pngs, token, writePage, writeProject } from '../fixtures.mjs'
import { pairs, row, runNode } from '../measure.mjs'

const child = join(import.meta.dirname, '../children/dev.mjs')

/** From the start of the process to the answer to the page's first module, with an empty cache. */
export async function run({ folder, runs, report }) {
  for (const count of [10_000, 100]) {
    const root = join(folder, `dev-${count}`)
    writeProject(root, { count })
    writePage(root, 'plain', 0, () => '')
    const measured = (plugin) => async () => {
      clean(root, { isCold: true })
      return started(await runNode([child, 'plain', plugin], { cwd: root }))
    }
    const result = await pairs({ runs: runs * 3, warmUp: 2, peer: measured('none'), ours: measured('assetloom') })
    report(row(`dev start to first module, ${count} assets`, 'Vite without the plugin', 1.08, result))
  }
  for (const isCold of [true, false]) {
    const root = join(folder, 'dev-import')
    const [picture] = await pngs({ count: 1, width: 56, height: 56, grain: 128, name: 'small' })
    const bytes = readFileSync(picture)
    writeProject(root, { count: 10_000 })
    writeFileSync(join(root, `assets/images/${token(0)}.png`), bytes)
    const manifest = join(root, 'assets/manifest.json')
    const document = JSON.parse(readFileSync(manifest, 'utf8'))
    document.assets[token(0)].hash = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
    writeFileSync(manifest, `${JSON.stringify(document, null, 2)}\n`)
    writePage(root, 'ours', 1, () => `asset:${token(0)}`)
    writePage(root, 'theirs', 1, () => `../assets/images/${token(0)}.png`)
    const measured = (page, plugin) => async () => {
      clean(root, { isCold })
      return started(await runNode([child, page, plugin, 'follow'], { cwd: root }))
    }
    const result = await pairs({ runs: runs * 2, warmUp: 2, peer: measured('theirs', 'none'), ours: measured('ours', 'assetloom') })
    report(row(`the same with one import, 10000 assets, ${isCold ? 'no index yet' : 'index there'}`, 'import by relative path', undefined, result))
  }
}

const started = ({ firstLineMs, report }) => ({ wallMs: firstLineMs, cpuMs: report.cpuMs })
