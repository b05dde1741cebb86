/* node build.mjs <page> <plugin> [files]: one `vite build` of <page>.html in the current folder. */
import { readdirSync, readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { resolve } from 'node:path'

// As the command `vite build` does.
enableCompileCache()
const { build } = await import('vite')
const [page, plugin, expectedFiles] = process.argv.slice(2)
const plugins = []
if (plugin === 'assetloom') plugins.push((await import('assetloom/vite')).default())
if (plugin === 'imagetools') plugins.push((await import('vite-imagetools')).imagetools())
await build({
  root: process.cwd(),
  configFile: false,
  logLevel: 'error',
  plugins,
  build: { reportCompressedSize: false, rolldownOptions: { input: resolve(`${page}.html`) } },
})
const files = readdirSync('dist/assets').filter((name) => !/\.(js|css)$/.test(name)).length
if (expectedFiles && files !== Number(expectedFiles)) throw new Error(`${files} files were emitted, not ${expectedFiles}.`)
process.on('exit', () => console.log(JSON.stringify({ rssMb: peakKb() / 1024 })))

/** Of this program alone: maxRSS also counts what the process that started it held at that moment. */
function peakKb() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))[1])
  } catch {
    return process.resourceUsage().maxRSS
  }
}
