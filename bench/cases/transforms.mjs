import { join } from 'node:path'
import { clean, pngs, token, writePage, writeProject } from '../fixtures.mjs'
import { pairs, row, runNode } from '../measure.mjs'

const child = join(import.meta.dirname, '../children/build.mjs')

/**
 * Quality and effort that Assetloom encodes with when nothing is asked, spelled for the peer. Its own defaults are
 * sharp's: webp 80 and 4, avif 50 and 4.
 */
const ourSettings = { webp: '&quality=80&effort=2', avif: '&quality=55&effort=3' }

async function project(folder, name, count, format) {
  const root = join(folder, name)
  writeProject(root, { count, pictures: await pngs({ count, width: 640, height: 480, grain: 48, name: 'photo' }), width: 640, height: 480 })
  const query = `?w=320&format=${format}`
  writePage(root, 'ours', count, (i) => `asset:${token(i)}${query}`)
  writePage(root, 'equal', count, (i) => `../assets/images/${token(i)}.png${query}${ourSettings[format]}`)
  writePage(root, 'usual', count, (i) => `../assets/images/${token(i)}.png${query}`)
  const measured = (page, plugin, isCold) => async () => {
    clean(root, { isCold })
    const { report, ...rest } = await runNode([child, page, plugin, String(count)], { cwd: root })
    return { ...rest, ...report }
  }
  return measured
}

/** Resized and converted pictures in a build, cold and warm. */
export async function run({ folder, runs, report }) {
  for (const { format, count, cold, warm } of [
    { format: 'webp', count: 200, cold: 0.85, warm: 0.7 },
    { format: 'avif', count: 50, cold: 0.97, warm: 0.85 },
  ])
    for (const settings of ['equal', 'usual']) {
      const measured = await project(folder, `transform-${format}`, count, format)
      const text = settings === 'equal' ? 'equal quality and effort' : "each tool's own defaults"
      for (const isCold of [true, false]) {
        const target = settings === 'equal' ? (isCold ? cold : warm) : undefined
        const result = await pairs({
          runs: isCold ? runs : runs * 2,
          warmUp: 1,
          peer: measured(settings, 'imagetools', isCold),
          ours: measured('ours', 'assetloom', isCold),
        })
        report(row(`${count} PNG → ${format}, ${isCold ? 'cold' : 'warm'}, ${text}`, 'vite-imagetools 12', target, result))
      }
    }
}

/** Peak memory of the cold case. */
export async function memory({ folder, runs, report }) {
  for (const [count, target, times] of [[200, 0.6, runs], [2000, 0.35, Math.min(runs, 3)]]) {
    const measured = await project(folder, `memory-${count}`, count, 'webp')
    const result = await pairs({ runs: times, peer: measured('equal', 'imagetools', true), ours: measured('ours', 'assetloom', true) })
    report(row(`peak memory, ${count} PNG → webp, cold`, 'vite-imagetools 12', target, result, 'rss'))
  }
}
