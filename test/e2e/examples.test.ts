import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { libraryKinds } from '../../src/core/kinds/index.ts'
import { browserMissing, launchBrowser } from '../browser.ts'
import { cliPath, repository, runNode } from '../project.ts'

// Below the repository, so that packages are found; neither in node_modules nor in test-results, which Vite does not watch.
const copies = join(repository, '.scratch/examples')
const bin = (path: string) => join(repository, 'node_modules', path)
const vite = bin('vite/bin/vite.js')
const astro = bin('astro/bin/astro.mjs')
const anyPort = ['--port', '0']
const loopback = [...anyPort, '--host', '127.0.0.1']

interface Example {
  name: string
  /** Arguments of Node. */
  dev: string[]
  build: string[]
  preview: string[]
  /** How many sounds the page loads by itself. */
  sounds: number
}

const onVite = { dev: [vite, ...loopback], build: [vite, 'build'], preview: [vite, 'preview', ...loopback] }
const examples: Example[] = [
  { name: 'vite-vanilla', ...onVite, sounds: 6 },
  { name: 'vite-react', ...onVite, sounds: 0 },
  { name: 'vite-vue', ...onVite, sounds: 1 },
  { name: 'vite-svelte', ...onVite, sounds: 0 },
  { name: 'game-sounds', ...onVite, sounds: 14 },
  { name: 'ssr', dev: ['server.ts'], build: [vite, 'build', '--app'], preview: ['server.ts', '--production'], sounds: 0 },
  { name: 'design-system', dev: [astro, 'dev', ...loopback], build: [astro, 'build'], preview: [astro, 'preview', ...loopback], sounds: 0 },
  { name: 'astro-blog', dev: [astro, 'dev', ...loopback], build: [astro, 'build'], preview: [astro, 'preview', ...loopback], sounds: 0 },
]

const servers: ChildProcess[] = []
let browser: Browser | undefined

beforeAll(async () => {
  rmSync(copies, { recursive: true, force: true })
  mkdirSync(copies, { recursive: true })
  if (!browserMissing) browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  for (const server of servers) stop(server)
  rmSync(copies, { recursive: true, force: true, maxRetries: 5 })
})

function copyOf(name: string): string {
  const from = join(repository, 'examples', name)
  const to = join(copies, name)
  if (!existsSync(to)) cpSync(from, to, { recursive: true, filter: (path) => !/(?:^|[\\/])(?:node_modules|dist|\.astro|\.assetloom)(?:[\\/]|$)/.test(relative(from, path)) })
  return to
}

/** Start a server and wait for the URL that it prints. */
function serve(args: string[], cwd: string): Promise<{ url: string; server: ChildProcess }> {
  const { CI: _ci, VITEST: _vitest, NODE_ENV: _mode, ...env } = process.env
  const server = spawn(process.execPath, args, { cwd, env: { ...env, PORT: '0', NO_COLOR: '1', ASTRO_TELEMETRY_DISABLED: '1' }, stdio: ['ignore', 'pipe', 'pipe'] })
  servers.push(server)
  return new Promise((resolve, reject) => {
    let told = ''
    const listen = (chunk: Buffer) => {
      told += String(chunk)
      // With what follows it: output may come in pieces.
      const url = /http:\/\/(?:localhost|127\.0\.0\.1):\d+\/\S*(?=\s)/.exec(told)?.[0]
      if (url) resolve({ url, server })
    }
    server.stdout.on('data', listen)
    server.stderr.on('data', listen)
    setTimeout(() => reject(new Error(`The server printed no address within a minute:\n${told}`)), 60_000).unref()
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${told}`)))
  })
}

function stop(server: ChildProcess): void {
  server.removeAllListeners('exit')
  server.kill()
}

interface Visit {
  page: Page
  /** Errors on the console, uncaught errors, failed requests and bad answers. */
  troubles: string[]
  /** How often the page was loaded. */
  loads(): number
}

async function visit(url: string): Promise<Visit> {
  const page = await browser!.newPage({ viewport: { width: 1280, height: 800 } })
  const troubles: string[] = []
  let loads = 0
  page.on('domcontentloaded', () => void loads++)
  page.on('console', (message) => message.type() === 'error' && troubles.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`))
  page.on('requestfailed', (request) => troubles.push(`failed: ${request.url()} ${request.failure()?.errorText}`))
  page.on('response', (response) => response.status() >= 400 && troubles.push(`${response.status()}: ${response.url()}`))
  await page.goto(url, { waitUntil: 'networkidle' })
  return { page, troubles, loads: () => loads }
}

/** Vite reloads a page when it finds dependencies that it has not prepared; what it says then is no fault of the page. */
async function warmUp(url: string): Promise<void> {
  for (let loads = 2; loads > 1; ) {
    const seen = await visit(url)
    loads = seen.loads()
    await seen.page.close()
  }
}

/** Scroll through the page, so that lazy pictures load; give those that show nothing. */
async function brokenPictures(page: Page): Promise<{ count: number; broken: string[] }> {
  await page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 500) {
      scrollTo(0, y)
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    // A picture that never comes must be named below, not hold the test.
    const late = new Promise((resolve) => setTimeout(resolve, 20_000))
    await Promise.race([late, Promise.allSettled([...document.images].map((image) => image.decode()))])
  })
  return page.evaluate(() => ({ count: document.images.length, broken: [...document.images].filter((image) => !image.complete || image.naturalWidth === 0).map((image) => image.outerHTML) }))
}

/** Decode every sound that the page has loaded; give their lengths in seconds. */
async function soundSeconds(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const loaded = performance.getEntriesByType('resource').map(({ name }) => name)
    const played = [...document.querySelectorAll('audio')].map((audio) => audio.src)
    const urls = new Set([...loaded, ...played].filter((url) => /\.(?:mp3|ogg|wav)(?:[?#]|$)/.test(url) && !/[?&]import\b/.test(url)))
    const context = new OfflineAudioContext(1, 44_100, 44_100)
    return Promise.all([...urls].map(async (url) => (await context.decodeAudioData(await (await fetch(url)).arrayBuffer())).duration))
  })
}

async function expectWhole({ page, troubles }: Visit, example: Example): Promise<void> {
  // On a busy machine the network is idle before all scripts have run.
  const patience = { timeout: 40_000, interval: 250 }
  const hasPictures = !['game-sounds', 'design-system'].includes(example.name)
  await expect.poll(() => brokenPictures(page), patience).toSatisfy(({ count, broken }) => broken.length === 0 && count > 0 === hasPictures)
  await expect.poll(async () => (await soundSeconds(page)).length, patience).toBe(example.sounds)
  const seconds = await soundSeconds(page)
  for (const one of seconds) expect(one).toBeGreaterThan(0.05)
  if (example.name === 'ssr') await expect.poll(() => page.evaluate(() => document.documentElement.dataset.hydrated), patience).toBe('same')
  expect(troubles).toEqual([])
}

describe.each(examples.filter(({ name }) => existsSync(join(repository, 'examples', name, 'package.json'))))('examples/$name', (example) => {
  it('has nothing to make in a clean clone', async () => {
    const plan = await runNode([cliPath, 'generate', '--dry-run', '--json'], copyOf(example.name))
    expect(plan.code, plan.stdout + plan.stderr).toBe(0)
    const jobs = plan.json.data.jobs as { ref: string; action: string; reason?: string }[]
    expect(jobs.length > 0).toBe(example.name !== 'design-system')
    expect(jobs.filter(({ action }) => action !== 'hit')).toEqual([])
  })

  it.skipIf(browserMissing)('shows everything in dev', { timeout: 120_000 }, async () => {
    const { url, server } = await serve(example.dev, copyOf(example.name))
    await warmUp(url)
    const seen = await visit(url)
    await expectWhole(seen, example)
    await seen.page.close()
    stop(server)
  })

  it.skipIf(browserMissing)('shows everything from its build', { timeout: 120_000 }, async () => {
    const root = copyOf(example.name)
    const built = await runNode(example.build, root)
    expect(built.code, built.stdout + built.stderr).toBe(0)
    const { url, server } = await serve(example.preview, root)
    const seen = await visit(url)
    await expectWhole(seen, example)
    await seen.page.close()
    stop(server)
  })
})

it('the scripts of examples/astro-blog need a build, and no command that npm links only when there was one before', { timeout: 60_000 }, async () => {
  const folder = join(repository, 'examples/astro-blog')
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  const [node, ...args] = `${scripts.plan} --json`.split(' ')
  expect(node).toBe('node')
  const plan = await runNode(args, folder)
  expect(plan.code, plan.stdout + plan.stderr).toBe(0)
  expect(plan.json.data.totals.hit).toBeGreaterThan(0)
})

describe('examples/design-system', () => {
  it('takes every item from the starter library as it is', () => {
    const folder = join(repository, 'examples/design-system/assets/library')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(folder, file)).isFile())
    expect(files.length).toBeGreaterThan(25)
    for (const file of files) expect(readFileSync(join(folder, file), 'utf8'), file).toBe(readFileSync(join(repository, 'library', file), 'utf8'))
  })

  it('imports an item of every kind', () => {
    const folder = join(repository, 'examples/design-system/src')
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(?:astro|ts)$/.test(file)).map((file) => readFileSync(join(folder, file), 'utf8')).join('\n')
    const missing = libraryKinds.filter(({ name }) => !new RegExp(`\\bimport\\b[^\\n]*['"]asset:${name}/`).test(sources)).map(({ name }) => name)
    expect(missing).toEqual([])
  })

  it.skipIf(browserMissing)('has types, and axe finds nothing on any page in either mode', { timeout: 240_000 }, async () => {
    const root = copyOf('design-system')
    const built = await runNode([astro, 'build'], root)
    expect(built.code, built.stdout + built.stderr).toBe(0)
    const types = () => runNode([bin('typescript/bin/tsc'), '--noEmit'], root)
    const right = await types()
    expect(right.code, right.stdout).toBe(0)
    const system = join(root, 'src/system.ts')
    const text = readFileSync(system, 'utf8')
    writeFileSync(system, text.replace('warm.primary', 'warm.primry'))
    const wrong = await types()
    writeFileSync(system, text)
    expect(wrong.stdout).toMatch(/src\/system\.ts.*primry/)

    const { url, server } = await serve([astro, 'preview', ...loopback], root)
    for (const path of ['', 'components/', 'words/', 'ways/'])
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser!.newPage({ viewport: { width: 1280, height: 800 }, colorScheme })
        await page.goto(new URL(path, url).href)
        await page.addScriptTag({ path: bin('axe-core/axe.min.js') })
        const violations = await page.evaluate(async () => {
          const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
          return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)
        })
        expect(violations, `${path} ${colorScheme}`).toEqual([])
        await page.close()
      }
    stop(server)
  })
})

describe.skipIf(browserMissing)('a spec of vite-vanilla that is edited while the page is open', () => {
  it('swaps the picture in place and keeps the state of the page', { timeout: 120_000 }, async () => {
    const root = copyOf('vite-vanilla')
    const { url, server } = await serve([vite, ...loopback], root)
    await warmUp(url)
    const { page, troubles } = await visit(url)
    const look = () =>
      page.evaluate(() => ({
        logo: document.querySelector<HTMLImageElement>('[data-assets="marks"] img')!.src,
        brand: document.querySelector<HTMLImageElement>('.brand img')!.src,
        state: (window as unknown as { state?: number }).state,
      }))
    await page.evaluate(() => void ((window as unknown as { state: number }).state = 42))
    await expect.poll(() => look().catch(() => undefined), { timeout: 15_000 }).toBeDefined()
    const before = await look()
    const spec = join(root, 'specs/logo.yaml')
    writeFileSync(spec, readFileSync(spec, 'utf8').replace('#F0785A', '#2F9E8F'))
    await expect.poll(async () => (await look()).logo, { timeout: 15_000 }).not.toBe(before.logo)
    await expect.poll(async () => (await look()).brand, { timeout: 15_000 }).not.toBe(before.brand)
    expect((await look()).state).toBe(42)
    await expect.poll(async () => (await brokenPictures(page)).broken, { timeout: 15_000 }).toEqual([])
    expect(troubles).toEqual([])
    await page.close()
    stop(server)
  })
})

describe('npm run demo', () => {
  it('ends by itself without a terminal, with what it made', { timeout: 120_000 }, async () => {
    const demo = await runNode([join(repository, 'examples/demo.mjs')], repository)
    expect(demo.code, demo.stderr).toBe(0)
    expect(demo.stdout).toContain('35 hit')
    expect(demo.stdout).toMatch(/29 pictures/)
    expect(demo.stdout).toMatch(/\$0\.00 spent/)
  })
})
