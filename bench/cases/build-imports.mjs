import { join } from 'node:path'
import { clean, pngs, token, writePage, writeProject } from '../fixtures.mjs'
import { pairs, row, runNode } from '../measure.mjs'

const child = join(import.meta.dirname, '../children/build.mjs')

/** `vite build` with many media imports: by token, and by relative path without the plugin. */
export async function run({ folder, runs, report, count = 2000 }) {
  for (const [side, files, text, target] of [[56, count, 'larger than the inline limit', 1.1], [24, 0, 'inlined', undefined]]) {
    const root = join(folder, `build-${side}`)
    writeProject(root, { count, pictures: await pngs({ count, width: side, height: side, grain: 128, name: 'small' }), width: side, height: side })
    writePage(root, 'ours', count, (i) => `asset:${token(i)}`)
    writePage(root, 'theirs', count, (i) => `../assets/images/${token(i)}.png`)
    const measured = (page, plugin) => async () => {
      clean(root, { isCold: true })
      return runNode([child, page, plugin, String(files)], { cwd: root })
    }
    const result = await pairs({ runs, warmUp: 1, peer: measured('theirs', 'none'), ours: measured('ours', 'assetloom') })
    report(row(`vite build, ${count} imports, files ${text}`, 'imports by relative path', target, result))
  }
}
