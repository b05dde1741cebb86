/**
 * What the generated types cost: `tsc --noEmit` over 200 files that import assets, with the types of 10,000 assets
 * against the catch-all types of assetloom/client; and the editor's answer after one asset was added.
 *
 *   npx node bench/types.mjs [--assets 10000] [--files 200] [--runs 5] [--json]
 */
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { emitTypes } from '../src/core/emit-types.ts'

const { values: flags } = parseArgs({
  options: { assets: { type: 'string' }, files: { type: 'string' }, runs: { type: 'string' }, json: { type: 'boolean' } },
})
const assetCount = Number(flags.assets ?? 10_000)
const fileCount = Number(flags.files ?? 200)
const runs = Number(flags.runs ?? 5)
const repository = resolve(import.meta.dirname, '..')
const compilers = { 'TypeScript 7': 'typescript-7', 'TypeScript 6': 'typescript', 'TypeScript 5.9': 'typescript-5' }
const targets = { 'TypeScript 7': 3.0, 'TypeScript 5.9': 2.6 }

/** Two thirds pictures, a quarter sounds, the rest colours; 300 to a series, as a large library has. */
function asset(i) {
  const kind = i % 12 < 8 ? 'image' : i % 12 < 11 ? 'audio' : 'color'
  const prefix = { image: i % 2 ? 'IMG' : 'ICON', audio: 'SFX', color: 'COLOR' }[kind]
  const family = ['ACME', 'WYN', 'ORBIT', 'LUMEN', 'HARBOR'][Math.floor(i / 12) % 5]
  const series = Math.floor(i / 900)
  const variant = `SET${String.fromCharCode(65 + Math.floor(series / 26), 65 + (series % 26))}`
  const token = `${prefix}-${family}-${variant}${String(Math.floor(i % 900) + 1).padStart(3, '0')}`
  const common = { token, version: '1.0.0', created: '2026-01-01T00:00:00Z', modified: '2026-01-01T00:00:00Z', source: { type: 'import' } }
  if (kind === 'color') return { ref: token, aliases: [], entry: { ...common, kind, colorHex: '#FF6B35' } }
  const extension = kind === 'image' ? 'webp' : 'mp3'
  const facts = kind === 'image' ? { mediaType: 'image/webp', widthPx: 64 + (i % 900), heightPx: 64 + (i % 400), alt: `Picture number ${i}` } : { mediaType: 'audio/mpeg', durationMs: 100 + i }
  return { ref: token, aliases: [], entry: { ...common, kind, file: `assets/${kind}/${token}.${extension}`, ...facts } }
}

function writeProject(root, assets, isTyped) {
  mkdirSync(join(root, 'src'), { recursive: true })
  mkdirSync(join(root, 'types'), { recursive: true })
  const typesFile = isTyped ? 'types/assets.d.ts' : 'types/client.d.ts'
  if (isTyped) for (const [name, text] of emitTypes(assets, 'vite')) writeFileSync(join(root, 'types', name), text)
  else cpSync(join(repository, 'client.d.ts'), join(root, typesFile))
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'))
  const compilerOptions = { target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler', strict: true, noEmit: true, skipLibCheck: true, types: ['vite/client'] }
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src', typesFile] }))
  const pictures = assets.filter(({ entry }) => entry.kind === 'image')
  for (let i = 0; i < fileCount; i++) writeFileSync(join(root, 'src', `page${i}.ts`), pageText(i, pictures))
}

function pageText(i, pictures) {
  const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((n) => pictures[(i * 37 + n * 1009) % pictures.length].ref)
  return [
    `import a, { width, height } from 'asset:${a}'`,
    `import b from 'asset:${b}?w=640&format=webp'`,
    i % 4 ? `import c from 'asset:${c}'` : `import p from 'asset:${c}?w=320;640&format=avif;webp&as=picture'\nconst c = p.img.src`,
    `import { src, alt } from 'asset:${d}'`,
    `import e from '~asset/${e}.webp'`,
    `export const page${i} = { a, b, c, src, alt, e, ratio: (width ?? 1) / (height ?? 1) }`,
    `export function render${i}(root: HTMLElement) {`,
    '  const image = document.createElement("img")',
    '  image.src = a',
    `  root.append(image, ...[b, src, e].map((text) => document.createTextNode(text)))`,
    '}',
    '',
  ].join('\n')
}

const compilerPath = (name) => join(repository, 'node_modules', name, 'bin/tsc')

function compileMs(compiler, root) {
  const start = performance.now()
  const done = spawnSync(process.execPath, [compilerPath(compiler), '-p', root], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`${compiler} in ${root} failed:\n${done.stdout.slice(0, 2000)}${done.stderr}`)
  return performance.now() - start
}


/** The fastest of each: what else runs on the machine only ever adds. */
function compileRatio(compiler, typed, plain) {
  compileMs(compiler, plain)
  const pairs = Array.from({ length: runs }, () => ({ plainMs: compileMs(compiler, plain), typedMs: compileMs(compiler, typed) }))
  const plainMs = Math.min(...pairs.map((pair) => pair.plainMs))
  const typedMs = Math.min(...pairs.map((pair) => pair.typedMs))
  return { plainMs: Math.round(plainMs), typedMs: Math.round(typedMs), ratio: Number((typedMs / plainMs).toFixed(2)) }
}

/** A tsserver with one open file: milliseconds from the changed types to the errors of the file. */
async function editorMs(root, assets) {
  const server = spawn(process.execPath, [join(repository, 'node_modules/typescript-5/lib/tsserver.js'), '--disableAutomaticTypingAcquisition'], { stdio: ['pipe', 'pipe', 'ignore'] })
  let sequence = 0
  let buffered = ''
  const waiting = new Map()
  server.stdout.on('data', (chunk) => {
    buffered += chunk
    for (const line of buffered.split('\n').slice(0, -1)) {
      if (!line.startsWith('{')) continue
      const message = JSON.parse(line)
      if (message.type === 'response') waiting.get(message.request_seq)?.(message)
    }
    buffered = buffered.slice(buffered.lastIndexOf('\n') + 1)
  })
  const send = (command, args) => server.stdin.write(`${JSON.stringify({ seq: ++sequence, type: 'request', command, arguments: args })}\n`)
  const ask = (command, args) => {
    send(command, args)
    return new Promise((done) => waiting.set(sequence, done))
  }
  const file = join(root, 'src/page0.ts')
  const times = []
  const more = [...assets]
  send('open', { file, fileContent: `${readFileSync(file, 'utf8')}import added from 'asset:IMG-ACME-ADDED001'\nexport { added }\n` })
  // The buckets are open, so that a change is told and not waited for: the delay of file watching is not ours.
  let texts = emitTypes(more, 'vite')
  for (const [name, text] of texts) send('open', { file: join(root, 'types', name), fileContent: text })
  await ask('semanticDiagnosticsSync', { file })
  for (let n = 0; n < runs + 3; n++) {
    more.push({ ...more[1], ref: `IMG-ACME-ADDED${String(n + 1).padStart(3, '0')}`, entry: { ...more[1].entry, token: `IMG-ACME-ADDED${String(n + 1).padStart(3, '0')}` } })
    const next = emitTypes(more, 'vite')
    const start = performance.now()
    for (const [name, text] of next) {
      if (texts.get(name) === text) continue
      const old = texts.get(name)
      const target = join(root, 'types', name)
      if (old === undefined) send('open', { file: target, fileContent: text })
      else send('updateOpen', { changedFiles: [{ fileName: target, textChanges: [{ start: { line: 1, offset: 1 }, end: endOf(old), newText: text }] }] })
    }
    const answer = await ask('semanticDiagnosticsSync', { file })
    times.push(performance.now() - start)
    if (answer.body.length > 0) throw new Error(`The editor does not know the added asset: ${answer.body[0].text}`)
    texts = next
  }
  server.stdin.end()
  server.kill()
  return Math.round(Math.min(...times.slice(2)))
}

function endOf(text) {
  const lines = text.split('\n')
  return { line: lines.length, offset: lines.at(-1).length + 1 }
}

const folder = mkdtempSync(join(tmpdir(), 'types-bench-'))
try {
  const assets = Array.from({ length: assetCount }, (_, i) => asset(i))
  const start = performance.now()
  const texts = emitTypes(assets, 'vite')
  const emitMs = Math.round(performance.now() - start)
  const [typed, plain] = [join(folder, 'typed'), join(folder, 'plain')]
  writeProject(typed, assets, true)
  writeProject(plain, assets, false)
  const report = { assets: assetCount, files: fileCount, emitMs, typesKb: Math.round([...texts.values()].join('').length / 1000), typeFiles: texts.size, compile: {}, editorMs: await editorMs(typed, assets) }
  for (const [name, compiler] of Object.entries(compilers)) report.compile[name] = compileRatio(compiler, typed, plain)
  if (flags.json) console.log(JSON.stringify(report, null, 2))
  else {
    console.log(`${assetCount} assets in ${texts.size} files, ${report.typesKb} kB, written down in ${emitMs} ms; ${fileCount} importing files`)
    for (const [name, r] of Object.entries(report.compile))
      console.log(`${name}: tsc ${r.typedMs} ms against ${r.plainMs} ms = ${r.ratio}${targets[name] ? ` (target ≤ ${targets[name].toFixed(1)})` : ''}`)
    console.log(`TypeScript 5.9 editor: one asset added, errors of the open file after ${report.editorMs} ms (target ≤ 60)`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
