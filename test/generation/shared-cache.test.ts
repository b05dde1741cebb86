import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Keyv from 'keyv'
import KeyvPostgres from '@keyv/postgres'
import KeyvRedis from '@keyv/redis'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createProject, runNode, type Project } from '../project.ts'
import { canStart, startPostgres, startRedis, startSilentServer, type StartedServer } from '../servers.ts'

/** A provider behind real HTTP that counts what reaches it; it can run something before it answers. */
let calls = 0
let beforeAnswer: (() => Promise<unknown>) | undefined
let painter: Server
let paintedBytes = 0
beforeAll(async () => {
  const small = await noise(32)
  const large = await noise(1300)
  paintedBytes = large.length
  painter = createServer((request, response) => {
    calls++
    void (async () => {
      await beforeAnswer?.()
      response.setHeader('content-type', 'image/png').end(request.url === '/large' ? large : small)
    })()
  })
  await new Promise<void>((resolve) => painter.listen(0, '127.0.0.1', resolve))
})
afterAll(() => void painter.close())
beforeEach(() => {
  calls = 0
  beforeAnswer = undefined
})

/** A picture that no encoder makes small. */
async function noise(side: number): Promise<Buffer> {
  const pixels = new Uint8Array(side * side * 3)
  let word = 1
  for (let i = 0; i < pixels.length; i++) {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0
    pixels[i] = word >>> 24
  }
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } }).png().toBuffer()
}

const stores = {
  redis: (url: string) => ({
    code: `import KeyvRedis from '@keyv/redis'\nconst shared = new KeyvRedis(${JSON.stringify(url)})`,
    open: () => new KeyvRedis(url),
    start: startRedis,
  }),
  postgres: (url: string) => ({
    code: `import KeyvPostgres from '@keyv/postgres'\nconst shared = new KeyvPostgres({ uri: ${JSON.stringify(url)}, connectionTimeoutMillis: 5000, query_timeout: 5000 })`,
    open: () => new KeyvPostgres(url),
    start: startPostgres,
  }),
}

const spec = (id: string, size = '32x32') => `version: "1.0"
id: ${id}
generation: { type: image, provider: painter }
prompt: { base: "a ${id}", parameters: { size: ${size} } }
integration: { manifest_key: ${id}, token: { prefix: IMG, family: ACME, variant: ${id.toUpperCase()} } }
`

const optionsCode = (more = '') => `{
  tokens: { families: { ACME: 'Acme' } },
  budget: { monthlyUsd: 1 },
  cache: { shared },
  providers: {
    painter: defineProvider({
      id: 'painter', capabilities: { types: ['image'] }, quote: () => 40000, concurrency: 1,
      async generate(job) {
        const response = await fetch('http://127.0.0.1:${(painter.address() as AddressInfo).port}' + (job.request.widthPx > 1000 ? '/large' : '/'))
        return { outputs: [{ bytes: new Uint8Array(await response.arrayBuffer()), mediaType: 'image/png' }], costMicroUsd: 40000 }
      },
    }),
  },${more}
}`

/** A machine of the team: a checkout of its own that knows the shared cache. */
function machine(storeCode: string, ids: readonly string[] = ['hero'], place: 'file' | 'inline' = 'file'): Project {
  const head = `import { defineConfig, defineProvider } from 'assetloom'\n${storeCode}\n`
  const isInline = place === 'inline'
  return createProject({
    packages: ['vite', '@keyv/redis', '@keyv/postgres'],
    files: {
      ...(!isInline && { 'assetloom.config.ts': `${head}export default defineConfig(${optionsCode()})` }),
      'vite.config.js': `import assetloom from 'assetloom/vite'\n${isInline ? head : ''}export default { build: { assetsInlineLimit: 0 }, plugins: [assetloom(${isInline ? optionsCode() : ''})] }`,
      'index.html': '<!doctype html><body><script type="module" src="/src/main.js"></script></body>',
      'src/main.js': ids.map((id, i) => `import a${i} from "asset:${id}?w=16"\ndocument.body.append(a${i})`).join('\n'),
      ...Object.fromEntries(ids.map((id) => [`specs/${id}.yaml`, spec(id)])),
    },
  })
}

const vite = (at: Project, env: Record<string, string> = {}) =>
  runNode([join(at.root, 'node_modules/vite/bin/vite.js'), 'build'], at.root, env)
const generate = (at: Project, ...args: string[]) => at.cli('generate', '--json', ...args)
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
/** Digests of what a build wrote, by name. */
const built = (at: Project) => {
  const folder = join(at.root, 'dist/assets')
  return Object.fromEntries(readdirSync(folder).sort().map((name) => [name, digest(readFileSync(join(folder, name)))]))
}
const warnings = (text: string) => text.match(/The shared cache does not answer/g)?.length ?? 0

describe.each(['redis', 'postgres'] as const)('a team with %s', (name) => {
  describe.runIf(canStart(name))('', () => {
    let server: StartedServer
    let code: string
    beforeEach(async () => {
      server = await stores[name]('').start()
      ;({ code } = stores[name](server.url))
    })
    afterEach(() => server.stop())

    it('pays once: another machine builds the same bytes with no call, frozen or not', async () => {
      const first = machine(code)
      const made = await vite(first)
      expect(made.code, made.stderr).toBe(0)
      expect(calls).toBe(1)
      for (const env of [{}, { CI: '1' }] as Record<string, string>[]) {
        const other = machine(code)
        const run = await vite(other, env)
        expect(run.code, run.stderr + run.stdout).toBe(0)
        expect(built(other)).toEqual(built(first))
        expect(Object.keys(built(other)).some((file) => file.includes('IMG-ACME-HERO001'))).toBe(true)
      }
      const byCommand = await generate(machine(code))
      expect(byCommand.json.data.jobs).toMatchObject([{ action: 'derive', status: 'done', costMicroUsd: 0 }])
      expect(calls).toBe(1)
    })

    it('takes its options in vite.config.js, too', async () => {
      for (let i = 0; i < 2; i++) {
        const run = await vite(machine(code, ['hero'], 'inline'))
        expect(run.code, run.stderr).toBe(0)
        expect(warnings(run.stderr + run.stdout)).toBe(0)
      }
      expect(calls).toBe(1)
    })

    it('shares pictures of 5 MB', async () => {
      expect(paintedBytes).toBeGreaterThan(5e6)
      const pair = [machine(code), machine(code)]
      for (const one of pair) {
        one.write({ 'specs/hero.yaml': spec('hero', '1300x1300') })
        const run = await generate(one)
        expect(run.code, run.stdout).toBe(0)
      }
      expect(calls).toBe(1)
      const [first, second] = pair.map((one) => readFileSync(join(one.root, 'assets/images/IMG-ACME-HERO001.png')))
      expect(digest(second!)).toBe(digest(first!))
    })

    it.each([
      ['a flipped byte in a blob', (value: string) => value.replace(/[A-Za-z](?=[^A-Za-z]*$)/, (c) => (c === 'A' ? 'B' : 'A'))],
      ['half a blob', (value: string) => value.slice(0, value.length / 2)],
      ['something else in place of a blob', () => 'nonsense'],
    ])('finds %s by its digest, makes it anew and mends it', async (_, spoil) => {
      await generate(machine(code))
      const adapter = stores[name](server.url).open()
      const store = new Keyv({ store: adapter, namespace: 'assetloom' })
      const [hash] = (await store.get<{ hashes: string[] }>(await rawKey(adapter)))!.hashes
      const whole = (await store.get<string>(`blob:${hash}`))!
      await store.set(`blob:${hash}`, spoil(whole))

      const other = machine(code)
      const run = await generate(other)
      expect(run.json.data.jobs).toMatchObject([{ action: 'generate', status: 'done' }])
      expect(calls).toBe(2)
      expect(digest(readFileSync(join(other.root, 'assets/images/IMG-ACME-HERO001.png')))).toBe(digest(Buffer.from(whole, 'base64')))
      expect(await store.get(`blob:${hash}`)).toBe(whole)
      await adapter.disconnect()
    })

    it('passes over a record that is none', async () => {
      await generate(machine(code))
      const adapter = stores[name](server.url).open()
      const store = new Keyv({ store: adapter, namespace: 'assetloom' })
      await store.set(await rawKey(adapter), { hashes: 7 })
      await adapter.disconnect()
      expect((await generate(machine(code))).json.data.jobs).toMatchObject([{ action: 'generate', status: 'done' }])
    })

    it('goes on with one warning when the server goes down in the middle', async () => {
      const site = machine(code, ['one', 'two', 'three'])
      beforeAnswer = async () => {
        if (calls === 2) await server.stop()
      }
      const run = await vite(site)
      expect(run.code, run.stderr + run.stdout).toBe(0)
      expect(calls).toBe(3)
      expect(warnings(run.stderr + run.stdout)).toBe(1)
      const { json } = await site.cli('list', '--json')
      expect(json.data.total).toBe(3)
    })

    it('goes on with one warning when no server is there at all', async () => {
      await server.stop()
      for (const place of ['file', 'inline'] as const) {
        const run = await vite(machine(code, ['one', 'two'], place))
        expect(run.code, run.stderr + run.stdout).toBe(0)
        expect(warnings(run.stderr + run.stdout)).toBe(1)
      }
      const site = machine(code, ['one', 'two'])
      const run = await site.cli('generate')
      expect([run.code, warnings(run.stderr)]).toEqual([0, 1])
    })

    it.each(['file', 'inline'] as const)('ends by itself after a dev server with options in the %s is closed', async (place) => {
      const site = machine(code, ['hero'], place)
      if (place === 'file') await generate(site)
      else expect((await vite(site)).code).toBe(0)
      site.write({
        'src/asset.js': 'export { default } from "asset:hero?w=24"',
        'serve.mjs': `import { createServer } from 'vite'
          const server = await createServer({ server: { port: 0, host: '127.0.0.1' } })
          await server.listen()
          const { default: url } = await server.ssrLoadModule('/src/asset.js')
          await server.close()
          process.stdout.write(url)`,
      })
      const run = await runNode(['serve.mjs'], site.root)
      expect([run.code, calls, warnings(run.stderr + run.stdout)], run.stderr + run.stdout).toEqual([0, 1, 0])
      expect(run.stdout).toContain('IMG-ACME-HERO001')

      await server.stop()
      const alone = machine(code, ['hero'], place)
      alone.write({
        'serve.mjs': `import { createServer } from 'vite'
          const server = await createServer({ server: { port: 0, host: '127.0.0.1' } })
          await server.listen()
          await new Promise((resolve) => setTimeout(resolve, 500))
          await server.close()`,
      })
      const idle = await runNode(['serve.mjs'], alone.root)
      expect(idle.code, idle.stderr).toBe(0)
    })
  })

  it('does not wait long for a server that takes connections and says nothing', async () => {
    const silent = await startSilentServer()
    const { code } = stores[name](`${name === 'redis' ? 'redis' : 'postgresql'}://127.0.0.1:${silent.port}`)
    const site = machine(code, ['one', 'two'])
    const run = await vite(site)
    expect(run.code, run.stderr + run.stdout).toBe(0)
    expect(warnings(run.stderr + run.stdout)).toBe(1)
    expect(calls).toBe(2)
    await silent.stop()
  })
})

/** The key of the only raw record. */
async function rawKey(adapter: KeyvRedis<unknown> | KeyvPostgres): Promise<string> {
  for await (const [key] of adapter.iterator('assetloom') as AsyncIterable<[string]>) {
    const found = /raw:.*$/.exec(key)?.[0]
    if (found) return found
  }
  throw new Error('there is no raw record')
}
