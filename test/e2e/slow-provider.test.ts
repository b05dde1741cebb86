import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import assetloom from '../../dist/plugin/vite.js'
import { browserMissing, launchBrowser } from '../browser.ts'
import { plainPng } from '../pictures.ts'
import { createProject, type Project } from '../project.ts'

describe.skipIf(browserMissing)('an asset that takes long to make', () => {
  let browser: Browser
  let page: Page
  /** What the server told the page, for whoever reads a failure. */
  const told: unknown[] = []
  let server: ViteDevServer
  let project: Project

  beforeAll(async () => {
    project = createProject({
      files: {
        'red.png': await plainPng(64, 48, '#FF0000'),
        'assetloom.config.ts': `import { readFileSync } from 'node:fs'
          import { setTimeout as sleep } from 'node:timers/promises'
          import { defineConfig, defineProvider } from 'assetloom'
          export default defineConfig({
            tokens: { families: { ACME: 'Acme' } },
            providers: {
              slow: defineProvider({
                id: 'slow', free: true, capabilities: { types: ['image'] },
                async generate(job) {
                  await sleep(3000)
                  if (job.request.prompt.includes('impossible')) throw new Error('it is impossible')
                  return { outputs: [{ bytes: readFileSync(new URL('red.png', import.meta.url)), mediaType: 'image/png' }], costMicroUsd: 0 }
                },
              }),
            },
          })`,
        'specs/hero.yaml': spec('a red picture'),
        'index.html': '<!doctype html><body><script type="module" src="/src/main.js"></script></body>',
        'src/main.js': `import hero, { width } from "asset:hero"
          const img = new Image(); img.id = 'hero'; img.src = hero; img.width = width; document.body.append(img)`,
      },
    })
    server = await createServer({ root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom()], server: { port: 0, host: '127.0.0.1' } })
    await server.listen()
    const { hot } = server.environments.client
    const send = hot.send.bind(hot)
    hot.send = (...message: unknown[]) => {
      told.push(message)
      send(...(message as [never]))
    }
    browser = await launchBrowser()
    page = await browser.newPage()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  function spec(prompt: string): string {
    return `version: "1.0"
id: hero
generation: { type: image, provider: slow }
prompt: { base: "${prompt}", parameters: { size: 64x48 } }
integration: { manifest_key: hero, token: { prefix: IMG, family: ACME, variant: HERO } }
`
  }
  const src = () => page.evaluate(() => document.querySelector<HTMLImageElement>('#hero')?.src ?? '')

  it('is a placeholder of its size at once, and itself when it is there, in place', async () => {
    await page.goto(server.resolvedUrls!.local[0]!, { waitUntil: 'load' })
    await page.waitForSelector('#hero')
    expect(await src()).toContain('hero.placeholder.png')
    const size = await page.evaluate(async () => {
      const img = document.querySelector<HTMLImageElement>('#hero')!
      await img.decode()
      return [img.naturalWidth, img.naturalHeight]
    })
    expect(size).toEqual([64, 48])
    await page.evaluate(() => void ((window as unknown as { state: number }).state = 1))
    await expect.poll(src, { timeout: 10_000 }).toContain('IMG-ACME-HERO001.png')
    expect(await page.evaluate(() => (window as unknown as { state?: number }).state), JSON.stringify(told)).toBe(1)
    expect(JSON.parse(readFileSync(join(project.root, 'assets/manifest.json'), 'utf8')).assets['IMG-ACME-HERO001'].source.provider).toBe('slow')
  })

  it('stays as it was while the new one fails', async () => {
    const before = await src()
    writeFileSync(join(project.root, 'specs/hero.yaml'), spec('an impossible picture'))
    await new Promise((resolve) => setTimeout(resolve, 5000))
    expect(await src()).toBe(before)
    await page.reload({ waitUntil: 'networkidle' })
    expect(await src()).toBe(before)
  })
})
