import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer, build, type InlineConfig, type ViteDevServer } from 'vite'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createProject, runNode, type Project } from '../project.ts'
import { noisyPng } from '../pictures.ts'
import assetloom from '../../dist/plugin/vite.js'

const logo = 'LOGO-ACME-MARK001'
let project: Project
const servers: ViteDevServer[] = []

beforeAll(async () => {
  project = createProject({
    files: {
      'assetloom.config.ts': `export default { tokens: { families: { ACME: 'Acme' } } }`,
      'in/mark.png': await noisyPng(200, 100),
      'index.html': '<!doctype html><body><script type="module" src="/src/main.js"></script></body>',
      'src/main.js': `import logo from "asset:${logo}"; document.body.append(logo)`,
    },
  })
  await project.cli('import', 'in/mark.png', '--category', 'Logos', '--family', 'ACME')
})
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serve(at: Project = project, config: InlineConfig = {}) {
  const server = await createServer({ root: at.root, configFile: false, logLevel: 'silent', plugins: [assetloom()], ...config, server: { port: 0, host: '127.0.0.1', ...config.server } })
  servers.push(server)
  if (!config.server?.middlewareMode) await server.listen()
  return server
}

/** The watcher tells of changes once it has read the folders. */
const watching = () => new Promise((resolve) => setTimeout(resolve, 1000))
const origin = (server: ViteDevServer) => new URL(server.resolvedUrls!.local[0]!).origin
/** The URL that a module's default export has on the server side. */
async function urlOf(server: ViteDevServer, request = logo): Promise<string> {
  return ((await server.ssrLoadModule(`asset:${request}`)) as { default: string }).default
}
async function until<T>(look: () => Promise<T> | T, isDone: (value: T) => boolean, withinMs = 5000): Promise<T> {
  const end = Date.now() + withinMs
  for (;;) {
    const value = await look()
    if (isDone(value) || Date.now() > end) return value
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('the dev server', () => {
  it('serves the bytes that a build ships', async () => {
    const server = await serve()
    const url = await urlOf(server, `${logo}?w=80&format=webp`)
    const response = await fetch(origin(server) + url)
    expect(response.headers.get('content-type')).toBe('image/webp')
    const served = digest(new Uint8Array(await response.arrayBuffer()))
    project.write({ 'src/built.js': `export { default } from "asset:${logo}?w=80&format=webp&no-inline"` })
    const outDir = join(project.root, 'out')
    await build({ root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom()], build: { outDir, rollupOptions: { input: 'src/built.js', preserveEntrySignatures: 'strict' } } })
    const [file] = globSync('assets/*.webp', { cwd: outDir })
    expect(digest(readFileSync(join(outDir, file!)))).toBe(served)
  })

  it('works in middleware mode and with base and origin', async () => {
    const server = await serve(project, { base: '/app/', server: { middlewareMode: true, origin: 'http://assets.test' } })
    expect(await urlOf(server)).toMatch(/^http:\/\/assets\.test\/app\/\.assetloom\/files\/[0-9a-f]{8}\/LOGO-ACME-MARK001\.png$/)
  })

  it('makes nothing before it is asked for', async () => {
    const fresh = createProject({ files: { 'assetloom.config.ts': `export default { tokens: { families: { ACME: 'Acme' } } }`, 'in/mark.png': await noisyPng(50, 50) } })
    await fresh.cli('import', 'in/mark.png', '--category', 'Logos', '--family', 'ACME')
    await serve(fresh)
    expect(existsSync(join(fresh.root, '.assetloom/files'))).toBe(false)
    expect(existsSync(join(fresh.root, '.assetloom/blobs/derived'))).toBe(false)
  })

  it('gives a replaced file a new URL, and follows assets that another process adds', async () => {
    const server = await serve()
    const before = await urlOf(server)
    writeFileSync(join(project.root, 'assets/logos', `${logo}.png`), await noisyPng(200, 100, 7))
    const after = await until(() => urlOf(server), (url) => url !== before)
    expect(after).not.toBe(before)
    expect(digest(new Uint8Array(await (await fetch(origin(server) + after)).arrayBuffer()))).toBe(digest(await noisyPng(200, 100, 7)))

    await expect(urlOf(server, 'ICON-ACME-MAIN001')).rejects.toThrow('ASSET_UNKNOWN')
    project.write({ 'in/second.png': await noisyPng(90, 70, 3) })
    const imported = await project.cli('import', 'in/second.png', '--category', 'Icons', '--family', 'ACME', '--variant', 'MAIN')
    expect(imported.code).toBe(0)
    expect(await urlOf(server, 'ICON-ACME-MAIN001')).toContain('ICON-ACME-MAIN001.png')
  })

  it('records a file that was replaced by hand in the manifest', async () => {
    const server = await serve()
    await urlOf(server)
    const bytes = await noisyPng(120, 60, 11)
    await watching()
    writeFileSync(join(project.root, 'assets/logos', `${logo}.png`), bytes)
    const entry = () => JSON.parse(readFileSync(join(project.root, 'assets/manifest.json'), 'utf8')).assets[logo] as { hash: string; widthPx: number; version: string }
    const after = await until(entry, (one) => one.hash === `sha256:${digest(bytes)}`)
    expect(after).toMatchObject({ hash: `sha256:${digest(bytes)}`, widthPx: 120, heightPx: 60 })
    expect(((await server.ssrLoadModule(`asset:${logo}`)) as { width: number }).width).toBe(120)
  })

  it('starts anew when the config file changes', async () => {
    const fresh = createProject({ files: { 'assetloom.config.ts': 'export default {}', 'index.html': '' } })
    const server = await serve(fresh)
    await expect(urlOf(server, 'COLOR-ACME-BRAND001')).rejects.toThrow('ASSET_UNKNOWN')
    await watching()
    fresh.write({ 'assetloom.config.ts': 'export default { tokns: {} }' })
    await until(() => urlOf(server, 'COLOR-ACME-BRAND001').catch((error: Error) => error.message), (message) => message.includes('tokens'))
    await expect(urlOf(server, 'COLOR-ACME-BRAND001')).rejects.toThrow(/tokns.*tokens/)
  })

  it('tells of a damaged manifest and goes on when it is mended', async () => {
    const server = await serve()
    const file = join(project.root, 'assets/manifest.json')
    const good = readFileSync(file)
    writeFileSync(file, good.subarray(0, 100))
    await expect(until(() => urlOf(server, `${logo}?w=33`), () => false, 300)).rejects.toThrow('MANIFEST_DAMAGED')
    expect(readFileSync(file).length).toBe(100)
    writeFileSync(file, good)
    expect(await urlOf(server, `${logo}?w=34`)).toContain(logo)
  })

  it('writes the types again within a second when they are deleted, and not when nothing changed', async () => {
    const types = join(project.root, '.assetloom/types/assets.d.ts')
    await project.cli('types')
    const { mtimeMs } = statSync(types)
    await serve()
    await new Promise((resolve) => setTimeout(resolve, 2200))
    expect(statSync(types).mtimeMs).toBe(mtimeMs)
    rmSync(types)
    await until(() => existsSync(types), Boolean, 1000)
    expect(existsSync(types)).toBe(true)
  })

  it('writes the types again when all of .assetloom is deleted, though the server itself had made it', async () => {
    const fresh = createProject({ files: { 'assets/manifest.json': readFileSync(join(project.root, 'assets/manifest.json')) } })
    const types = join(fresh.root, '.assetloom/types/assets.d.ts')
    await serve(fresh)
    await until(() => existsSync(types), Boolean)
    await watching()
    rmSync(join(fresh.root, '.assetloom'), { recursive: true })
    expect(await until(() => existsSync(types), Boolean, 1500)).toBe(true)
  })

  it('leaves the host its watch on the root', async () => {
    const fresh = createProject()
    const server = await serve(fresh)
    const told: string[] = []
    server.watcher.on('all', (event, path) => told.push(`${event} ${path}`))
    await watching()
    fresh.write({ 'new.html': '' })
    const expected = `add ${join(fresh.root, 'new.html')}`
    expect(await until(() => told, (events) => events.includes(expected))).toContain(expected)
  })

  it('lets the process end when it is closed', async () => {
    project.write({
      'serve-and-close.js': `import { createServer } from 'vite'
        import assetloom from 'assetloom/vite'
        const server = await createServer({ configFile: false, logLevel: 'silent', plugins: [assetloom()], server: { port: 0, host: '127.0.0.1' } })
        await server.listen()
        await server.ssrLoadModule('asset:${logo}')
        await server.close()
        console.log('closed')`,
    })
    const run = await runNode(['serve-and-close.js'], project.root)
    expect(run.stdout.trim()).toBe('closed')
    expect(run.code).toBe(0)
  })
})
