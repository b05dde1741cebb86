import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import type { Browser, Page } from 'playwright-core'
import { build, preview, type PreviewServer, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import assetloom from '../../dist/plugin/vite.js'
import { browserMissing, launchBrowser } from '../browser.ts'
import { createLibraryProject, watching, type LibraryProject } from '../library/item-project.ts'
import { astroConfig, quiet } from '../plugin/astro-site.ts'
import { repository, runNode } from '../project.ts'

const plugins = () => [assetloom(), react(), vue(), svelte({ configFile: false })]
const button = (framework: string) => `ui-components/buttons/button-${framework}`

const page = (script: string) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Button</title></head><body><main><h1>Button</h1><div id="app"></div></main><script type="module" src="/src/${script}"></script></body></html>`
const sources = {
  'react.html': page('react.tsx'),
  'vue.html': page('vue.ts'),
  'svelte.html': page('svelte.ts'),
  'src/react.tsx': `import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
createRoot(document.getElementById('app')!).render(<App />)
`,
  'src/App.tsx': `import { useState } from 'react'
import Button from 'asset:${button('react')}'
import calm from 'asset:design-tokens/colors/calm'
import outline from 'asset:ai-prompts/content/filed'
import sizes from 'asset:design-tokens/spacing/filed'
import review from 'asset:ai-prompts/content/inline'
import 'asset:design-tokens/colors/calm?css'
export function App() {
  const [count, setCount] = useState(0)
  return <>
    <Button onClick={() => setCount(count + 1)}>Sent {count}</Button>
    <Button variant="secondary">Cancel</Button>
    <p id="values">{calm.primary} {sizes.gap} {outline({ topic: 'tea' })} {review({ topic: 'tea' })}</p>
  </>
}
`,
  'src/vue.ts': `import { createApp } from 'vue'\nimport App from './App.vue'\ncreateApp(App).mount('#app')\n`,
  'src/App.vue': `<script setup lang="ts">
import { ref } from 'vue'
import Button from 'asset:${button('vue')}'
const count = ref(0)
</script>
<template><Button @click="count++">Sent {{ count }}</Button><Button variant="secondary">Cancel</Button></template>
`,
  'src/svelte.ts': `import { mount } from 'svelte'\nimport App from './App.svelte'\nmount(App, { target: document.getElementById('app')! })\n`,
  'src/App.svelte': `<script lang="ts">
import Button from 'asset:${button('svelte')}'
let count = $state(0)
</script>
<Button onclick={() => count++}>Sent {count}</Button><Button variant="secondary">Cancel</Button>
`,
  'src/pages/index.astro': `---
import Button from 'asset:${button('astro')}'
---
<html lang="en"><head><meta charset="utf-8"><title>Button</title></head><body><main><h1>Button</h1>
<Button id="first">Sent 0</Button><Button variant="secondary">Cancel</Button></main>
<script>let count = 0; const first = document.getElementById('first')!; first.addEventListener('click', () => (first.textContent = 'Sent ' + ++count))</script>
</body></html>
`,
  'astro.config.mjs': astroConfig("build: { inlineStylesheets: 'always' }, vite: { build: { assetsInlineLimit: 1e9 } }"),
  'assets/library/design-tokens/spacing/filed.asset.yaml': 'files: [filed.json]\n',
  'assets/library/design-tokens/spacing/filed.json': '{ "gap": "8px" }\n',
  'assets/library/ai-prompts/content/filed.asset.yaml': 'files: [filed.txt]\nvariables: [{ name: topic }]\n',
  'assets/library/ai-prompts/content/filed.txt': 'About {{topic}}',
  'assets/library/ai-prompts/content/inline.asset.yaml': 'prompt: "Review {{topic}}"\nvariables: [{ name: topic }]\n',
}

describe.skipIf(browserMissing)('library items in a browser', () => {
  let project: LibraryProject
  let browser: Browser
  beforeAll(async () => {
    project = createLibraryProject()
    cpSync(join(repository, 'library'), project.path('assets/library'), { recursive: true })
    for (const [file, text] of Object.entries(sources)) project.write(file, text)
    await project.sync()
    browser = await launchBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    project?.remove()
  })

  describe('the button of the starter library, built', () => {
    let server: PreviewServer
    beforeAll(async () => {
      const input = ['react', 'vue', 'svelte'].map((name) => project.path(`${name}.html`))
      await build({ root: project.root, configFile: false, logLevel: 'silent', plugins: plugins(), build: { outDir: 'dist-vite', rollupOptions: { input } } })
      server = await preview({ root: project.root, configFile: false, logLevel: 'silent', build: { outDir: 'dist-vite' }, preview: { port: 0, host: '127.0.0.1' } })
      const built = await runNode([join(repository, 'node_modules/astro/bin/astro.mjs'), 'build'], project.root, quiet)
      if (built.code !== 0) throw new Error(built.stdout + built.stderr)
      writeFileSync(project.path('dist-vite/astro.html'), project.read('dist/index.html'))
    }, 240_000)
    afterAll(() => server?.close())

    it.each(['astro', 'react', 'vue', 'svelte'])('of %s is seen, can be pressed, and axe finds nothing', async (framework) => {
      const at = await browser.newPage()
      const troubles: string[] = []
      at.on('pageerror', (error) => troubles.push(error.message))
      await at.goto(new URL(`${framework}.html`, server.resolvedUrls!.local[0]).href)
      const [first, second] = [at.locator('button').first(), at.locator('button').nth(1)]
      await first.click()
      await first.press('Enter')
      await expect.poll(() => first.textContent()).toBe('Sent 2')
      const styles = await Promise.all([first, second].map((one) => one.evaluate((element) => {
        const { backgroundColor, color, minHeight } = getComputedStyle(element)
        return { backgroundColor, color, minHeight }
      })))
      expect(styles).toEqual([
        { backgroundColor: 'rgb(29, 78, 216)', color: 'rgb(255, 255, 255)', minHeight: '44px' },
        { backgroundColor: 'rgb(255, 255, 255)', color: 'rgb(29, 78, 216)', minHeight: '44px' },
      ])
      await at.addScriptTag({ path: join(repository, 'node_modules/axe-core/axe.min.js') })
      const violations = await at.evaluate(async () => {
        const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string }[]; passes: unknown[] }> } }
        const { violations: found, passes } = await axe.run()
        return passes.length > 5 ? found.map(({ id }) => id) : ['axe looked at nothing']
      })
      expect(violations).toEqual([])
      expect(troubles).toEqual([])
      await at.close()
    })
  })

  describe('an item that is edited while the page of a dev server is open', () => {
    let server: ViteDevServer
    beforeAll(async () => {
      server = await project.serve({ plugins: plugins() })
      await server.listen()
      await watching()
    })
    afterAll(() => server?.close())

    const edit = (file: string, from: string, to: string) => {
      const path = project.path(`assets/library/${file}`)
      const text = readFileSync(path, 'utf8')
      if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`)
      writeFileSync(path, text.replace(from, to))
    }
    const open = async (name: string): Promise<{ at: Page; loads(): number }> => {
      const at = await browser.newPage()
      // Vite reloads a page when it finds dependencies that it has not prepared.
      for (let isQuiet = false; !isQuiet; ) {
        let loads = 0
        at.on('load', () => loads++)
        await at.goto(new URL(name, server.resolvedUrls!.local[0]).href, { waitUntil: 'networkidle' })
        isQuiet = loads === 1
        at.removeAllListeners('load')
      }
      let loads = 0
      at.on('load', () => loads++)
      await at.locator('button').first().click()
      await expect.poll(() => at.locator('button').first().textContent()).toBe('Sent 1')
      return { at, loads: () => loads }
    }
    const patience = { timeout: 10_000, interval: 100 }
    /** The sync that follows an edit writes the manifest; nothing of it may reach the page. */
    const settled = () => new Promise((resolve) => setTimeout(resolve, 1500))

    it('values show on the page, from an item and from its content files, and its state stays', { timeout: 120_000 }, async () => {
      const { at, loads } = await open('react.html')
      const values = () => at.locator('#values').textContent()
      expect(await values()).toBe('#1d4ed8 8px About tea Review tea')
      edit('ai-prompts/content/inline.asset.yaml', 'Review', 'Judge')
      await expect.poll(values, patience).toBe('#1d4ed8 8px About tea Judge tea')
      edit('ai-prompts/content/filed.txt', 'About', 'All about')
      await expect.poll(values, patience).toBe('#1d4ed8 8px All about tea Judge tea')
      edit('design-tokens/spacing/filed.json', '8px', '12px')
      await expect.poll(values, patience).toBe('#1d4ed8 12px All about tea Judge tea')
      edit('design-tokens/colors/calm.asset.yaml', '    $description: Main buttons', '    $description: All buttons')
      edit('design-tokens/colors/calm.asset.yaml', 'hex: "#1d4ed8" }\n    $description: All', 'hex: "#123456" }\n    $description: All')
      await expect.poll(values, patience).toBe('#123456 12px All about tea Judge tea')
      const primary = () => at.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--primary'))
      await expect.poll(primary, patience).toBe('#123456')
      await settled()
      expect(await at.locator('button').first().textContent()).toBe('Sent 1')
      expect(loads()).toBe(0)
      await at.close()
    })

    it.each([
      ['react', 'button-react.tsx', `className={className ? \`button \${className}\` : 'button'}`, `className="button round"`, 'button round'],
      ['vue', 'button-vue.vue', 'class="button"', 'class="button round"', 'button round'],
      ['svelte', 'button-svelte.svelte', `class={['button', className]}`, `class={['button', 'round', className]}`, 'button round'],
    ])('a component of %s follows its file by its own hot update', { timeout: 120_000 }, async (name, file, from, to, seen) => {
      const { at, loads } = await open(`${name}.html`)
      const first = at.locator('button').first()
      edit(`ui-components/buttons/${file}`, from, to)
      await expect.poll(() => first.getAttribute('class'), patience).toContain(seen)
      await settled()
      expect(loads()).toBe(0)
      expect(await first.textContent()).toBe('Sent 1')
      await at.close()
    })

    it('a component follows the item when that names another file', { timeout: 120_000 }, async () => {
      const { at } = await open('react.html')
      project.write('assets/library/ui-components/buttons/plain.tsx', 'export default function Plain({ children }: { children?: React.ReactNode }) {\n  return <button className="plain">{children}</button>\n}\n')
      edit(`${button('react')}.asset.yaml`, 'code: button-react.tsx', 'code: plain.tsx')
      await expect.poll(() => at.locator('button').first().getAttribute('class'), patience).toBe('plain')
      await at.close()
    })
  })
})
