// `npm run demo`: make what is missing, build examples/vite-vanilla, say what came of it, and on a terminal serve it.
// --build compiles Assetloom itself first, without its types, which a demo does not need.
import { spawn } from 'node:child_process'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('..', import.meta.url))
const root = fileURLToPath(new URL('vite-vanilla', import.meta.url))
const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const isTerminal = Boolean(process.stdin.isTTY && process.stdout.isTTY)
const bold = (text) => (isTerminal ? `\u001B[1m${text}\u001B[22m` : text)
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`

if (process.argv.includes('--build')) {
  console.log('Building Assetloom …')
  const tsup = fileURLToPath(new URL('../node_modules/tsup/dist/cli-default.js', import.meta.url))
  if ((await run(tsup, '--silent', '--no-dts')) !== 0) process.exit(1)
}
// Loads nothing of Assetloom before it is built.
const { build, preview } = await import('vite')

const started = performance.now()
console.log(bold('\n1. Plan and generate'), '(assetloom generate)')
// The manifest and the files are committed: a clean clone has nothing to make.
if ((await run(cli, 'generate', '--cwd', root)) !== 0) process.exit(1)

const buildStarted = performance.now()
console.log(bold('\n2. Build the page'), '(vite build)')
await build({ root, logLevel: 'error' })
const built = filesIn(join(root, 'dist'))
console.log(`${built.length} files, ${megabytes(sum(built))}, in ${seconds(buildStarted)}: every picture only in the sizes and formats that the page asks for.`)

console.log(bold('\n3. What is there'))
const { assets } = JSON.parse(readFileSync(join(root, 'assets/manifest.json'), 'utf8'))
const entries = Object.values(assets)
const rows = ['image', 'audio', 'color'].map((kind) => {
  const some = entries.filter((entry) => entry.kind === kind)
  return [{ image: 'pictures', audio: 'sounds', color: 'colours' }[kind], some.length, some.reduce((total, entry) => total + (entry.size ?? 0), 0)]
})
for (const [name, count, bytes] of rows) console.log(`   ${String(count).padStart(3)} ${name.padEnd(9)} ${bytes > 0 ? megabytes(bytes) : ''}`.trimEnd())
const spentMicroUsd = entries.reduce((total, entry) => total + (entry.source.costMicroUsd ?? 0), 0)
console.log(`   $${(spentMicroUsd / 1e6).toFixed(2)} spent, ${seconds(started)} in all.`)

if (isTerminal) {
  const server = await preview({ root, logLevel: 'error', preview: { port: 4173 } })
  console.log(`\n   ${bold(server.resolvedUrls.local[0])}   (Ctrl+C to stop)\n`)
} else {
  console.log('\nThe page is in examples/vite-vanilla/dist. In a terminal this command serves it.')
}

/** Run a script with its own output; gives the exit code. */
function run(...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: repository, stdio: 'inherit' })
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile())
}

function sum(paths) {
  return paths.reduce((total, path) => total + statSync(path).size, 0)
}
