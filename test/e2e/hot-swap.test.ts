import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import assetloom from '../../dist/plugin/vite.js'
import { browserMissing, launchBrowser } from '../browser.ts'
import { noisyPng } from '../pictures.ts'
import { createProject, type Project } from '../project.ts'

const logo = 'LOGO-ACME-MARK001'
const other = 'ICON-ACME-MAIN001'

describe.skipIf(browserMissing)('a picture that changes while the page is open', () => {
  let browser: Browser
  let page: Page
  let server: ViteDevServer
  let project: Project
  let loads = 0

  beforeAll(async () => {
    project = createProject({
      files: {
        'assetloom.config.ts': `export default { tokens: { families: { ACME: 'Acme' } } }`,
        'in/mark.png': await noisyPng(200, 100),
        'in/icon.png': await noisyPng(64, 64, 5),
        'index.html': `<!doctype html><head><link rel="icon" href="asset:${logo}?w=32"></head><body>
          <img id="html" src="asset:${logo}" srcset="asset:${logo}?w=100 100w, asset:${logo} 200w"><div id="css"></div><div id="inline"></div>
          <picture><source id="source"><img id="fallback"></picture><script type="module" src="/src/main.js"></script></body>`,
        'src/main.js': `import logo from "asset:${logo}"
          import pic from "asset:${logo}?w=100;200&format=webp&as=picture"
          import icon from "asset:${other}"
          import "./style.css"
          document.querySelector('#inline').style.backgroundImage = 'url(' + logo + ')'
          document.querySelector('#source').srcset = pic.sources[0].srcset
          document.querySelector('#fallback').src = pic.img.src
          window.late = () => { const img = new Image(); img.id = 'late'; img.src = logo; document.body.append(img) }
          window.drawn = icon`,
        'src/style.css': `#css { width: 10px; height: 10px; background: url(asset:${logo}) }`,
      },
    })
    await project.cli('import', 'in/mark.png', '--category', 'Logos', '--family', 'ACME', '--variant', 'MARK')
    await project.cli('import', 'in/icon.png', '--category', 'Icons', '--family', 'ACME', '--variant', 'MAIN')
    server = await createServer({ root: project.root, base: '/app/', configFile: false, logLevel: 'silent', plugins: [assetloom()], server: { port: 0, host: '127.0.0.1' } })
    await server.listen()
    browser = await launchBrowser()
    page = await browser.newPage()
    page.on('load', () => loads++)
    await page.goto(server.resolvedUrls!.local[0]!, { waitUntil: 'networkidle' })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  const folder = (url: string) => /files\/([0-9a-f]{8})\//.exec(url)?.[1]
  const look = () =>
    page.evaluate(() => ({
      html: document.querySelector<HTMLImageElement>('#html')!.src,
      srcset: document.querySelector<HTMLImageElement>('#html')!.srcset,
      icon: document.querySelector<HTMLLinkElement>('link[rel=icon]')!.href,
      css: getComputedStyle(document.querySelector('#css')!).backgroundImage,
      inline: document.querySelector<HTMLElement>('#inline')!.style.backgroundImage,
      source: document.querySelector<HTMLSourceElement>('#source')!.srcset,
      fallback: document.querySelector<HTMLImageElement>('#fallback')!.src,
      state: (window as unknown as { state?: number }).state,
    }))

  it('is swapped in place everywhere, with the state of the page kept', async () => {
    await page.evaluate(() => void ((window as unknown as { state: number }).state = 42))
    const before = await look()
    loads = 0
    writeFileSync(join(project.root, 'assets/logos', `${logo}.png`), await noisyPng(200, 100, 9))
    const changed = async () => {
      const now = await look()
      return (['html', 'css', 'inline', 'fallback', 'source', 'icon', 'srcset'] as const).every((key) => now[key] !== before[key])
    }
    await expect.poll(changed, { timeout: 5000 }).toBe(true)
    const after = await look()
    expect(after.state).toBe(42)
    expect(loads).toBe(0)
    expect(new Set([after.html, after.css, after.inline].map(folder)).size).toBe(1)
    expect(after.srcset.split(',').every((one) => !before.srcset.includes(folder(one)!))).toBe(true)

    // What a script makes later from the value it took before shows the present picture too.
    await page.evaluate(() => (window as unknown as { late(): void }).late())
    await expect.poll(() => page.evaluate(() => document.querySelector<HTMLImageElement>('#late')!.src)).toBe(after.html)
  })

  it('reloads the page once when nothing on it can be swapped', async () => {
    loads = 0
    const before = await page.evaluate(() => (window as unknown as { drawn: string }).drawn)
    writeFileSync(join(project.root, 'assets/icons', `${other}.png`), await noisyPng(64, 64, 6))
    await expect.poll(() => page.evaluate(() => (window as unknown as { drawn?: string }).drawn).catch(() => before), { timeout: 5000 }).not.toBe(before)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(loads).toBe(1)
  })
})
