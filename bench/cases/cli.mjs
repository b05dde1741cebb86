import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pngs } from '../fixtures.mjs'
import { pairs, row, runNode } from '../measure.mjs'

const cli = join(import.meta.dirname, '../node_modules/assetloom/dist/cli/main.js')

/** What the command costs before it does anything. */
export async function start({ folder, runs, report }) {
  for (const [flag, target] of [['--version', 2.0], ['--help', 2.5]]) {
    const result = await pairs({
      runs: runs * 6,
      warmUp: 3,
      peer: () => runNode(['-e', '0'], { cwd: folder }),
      ours: () => runNode([cli, flag], { cwd: folder }),
    })
    report(row(`assetloom ${flag}`, 'node -e 0', target, result))
  }
}

/** Many small pictures into the library. */
export async function importFiles({ folder, runs, report, count = 1000 }) {
  const from = join(folder, 'to-import')
  mkdirSync(from, { recursive: true })
  const pictures = await pngs({ count, width: 37, height: 37, grain: 128, name: 'small' })
  // Two series, told by the name: one has 999 numbers.
  pictures.forEach((one, i) => copyFileSync(one, join(from, `${i % 2 ? 'avatar' : 'icon'}-${i}.png`)))
  const project = join(folder, 'import')
  const fresh = () => {
    rmSync(project, { recursive: true, force: true })
    mkdirSync(project, { recursive: true })
  }
  const result = await pairs({
    runs,
    warmUp: 1,
    peer: () => (fresh(), runNode([join(import.meta.dirname, '../children/bare-import.mjs'), from, join(project, 'out')], { cwd: project })),
    ours: () => (fresh(), runNode([cli, 'import', from, '--category', 'Images', '--family', 'ACME', '--new-family', 'Acme', '--quiet'], { cwd: project })),
  })
  report(row(`assetloom import of ${count} PNG of 4 KB`, 'a bare loop', 1.3, result))
}
