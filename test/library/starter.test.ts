import { cpSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { render } from 'svelte/server'
import { createSSRApp, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseColor, luminance } from '../../src/core/color.ts'
import { frameworkOf } from '../../src/core/kinds/code-files.ts'
import { libraryKinds } from '../../src/core/kinds/index.ts'
import { textOf, type Item } from '../../src/core/kinds/kind.ts'
import { createLibraryFiles, type ReadItem } from '../../src/store/library-files.ts'
import { browserMissing, launchBrowser } from '../browser.ts'
import { run } from '../operations/project.ts'
import { astroConfig, quiet } from '../plugin/astro-site.ts'
import { repository, runNode } from '../project.ts'
import { createLibraryProject, type LibraryProject } from './item-project.ts'

const library = createLibraryFiles({ root: repository, folder: 'library' })
let project: LibraryProject
let read: ReadItem[]
let items: Item[]
/** The module of each item that a plain Vite build can load, by id. */
let modules: Map<string, { default: unknown } & Record<string, unknown>>

interface Example {
  input: unknown
  output?: Record<string, unknown>
}

const itemOf = (id: string) => items.find((item) => item.id === id)!
const codeOf = ({ fields }: Item) => (fields as { code?: string }).code
const isAstro = (item: Item) => codeOf(item) !== undefined && frameworkOf(codeOf(item)!) === 'astro'
const ofKind = (...kinds: string[]) => items.filter(({ kind }) => kinds.includes(kind))

/** Put the files of a module where they belong. @param change - gives the text to write, or undefined to leave it out */
function install({ files, fields }: Item, change: (target: string, text: string) => string | undefined): void {
  for (const { file, target } of (fields as { integration: { file: string; target: string }[] }).integration) {
    const text = change(target, textOf(files.find(({ name }) => name === file)!))
    if (text !== undefined) project.write(target, text)
  }
}

beforeAll(async () => {
  read = await Promise.all(library.list().map((file) => library.read(file)))
  items = read.map(({ item }) => item)
  project = createLibraryProject()
  cpSync(join(repository, 'library'), project.path('assets/library'), { recursive: true })
  await project.sync()
  const loadable = items.filter((item) => !isAstro(item))
  const names = loadable.map(({ id }, i) => `export * as x${i} from "asset:${id}"`)
  const loaded = await project.load(names.join('\n'), [vue(), svelte({ configFile: false, compilerOptions: { dev: false } })])
  modules = new Map(loadable.map(({ id }, i) => [id, loaded[`x${i}`] as { default: unknown }]))
}, 240_000)
afterAll(() => project?.remove())

describe('every item', () => {
  it('is read without an error or a warning, in the package and in a project', async () => {
    expect(read.flatMap(({ item, warnings }) => warnings.map(({ message }) => `${item.id}: ${message}`))).toEqual([])
    const { findings } = await run<{ findings: { severity: string }[] }>(project, 'validate', {})
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([])
    expect(Object.keys(project.manifest().assets).sort()).toEqual(items.map(({ id }) => id).sort())
  })

  it('has an id of its own, and there are at least two of each kind', () => {
    expect(new Set(items.map(({ id }) => id.toLowerCase())).size).toBe(items.length)
    const counts = libraryKinds.map(({ name }) => [name, ofKind(name).length] as const)
    expect(counts.filter(([, count]) => count < 2)).toEqual([])
  })

  it('says what it is and under which license', () => {
    for (const { id, head } of items) {
      expect(head, id).toMatchObject({ license: 'MIT', name: expect.any(String), version: expect.any(String) })
      expect(head.description?.length, id).toBeGreaterThan(20)
      expect(head.tags?.length, id).toBeGreaterThan(0)
    }
  })

  it('names only items that are there, and depends on those it cannot do without', () => {
    const prefixes = libraryKinds.map(({ name }) => `${name}/`)
    const refsIn = (value: unknown): string[] => {
      if (typeof value === 'string') return prefixes.some((prefix) => value.startsWith(prefix)) ? [value] : []
      return value !== null && typeof value === 'object' ? Object.values(value).flatMap(refsIn) : []
    }
    for (const item of items) {
      const { recommendedAssets: _recommended, ...needed } = item.fields as Record<string, unknown>
      const all = [...refsIn(item.fields), ...Object.keys(item.head.dependencies ?? {})]
      expect(all.filter((id) => !itemOf(id)), item.id).toEqual([])
      expect(refsIn(needed).filter((id) => item.head.dependencies?.[id] === undefined), item.id).toEqual([])
    }
  })

  it('loads nothing from elsewhere', () => {
    for (const { id, files } of items)
      for (const file of files)
        expect(textOf(file).match(/(?:src|href)="https?:|url\(\s*['"]?https?:|@import\s|from '(?:https?:)/g), `${id} ${file.name}`).toBeNull()
  })
})

describe('palettes', () => {
  /** [in front, behind, the least ratio] by WCAG 2.2, 1.4.3 and 1.4.11. */
  const pairs = [
    ...['text', 'muted', 'primary', 'success', 'danger'].flatMap((front) => ['background', 'surface'].map((back) => [front, back, 4.5] as const)),
    ...['border', 'focus'].flatMap((front) => ['background', 'surface'].map((back) => [front, back, 3] as const)),
    ...['primary', 'success', 'danger'].map((back) => [`on-${back}`, back, 4.5] as const),
  ]
  const contrast = (front: string, back: string) => {
    const [dark, light] = [front, back].map((hex) => luminance(parseColor(hex)!)).sort((a, b) => a - b) as [number, number]
    return (light + 0.05) / (dark + 0.05)
  }

  it('can be read, in every mode', () => {
    const palettes = ofKind('design-tokens').filter(({ group }) => group === 'colors')
    expect(palettes.length).toBeGreaterThanOrEqual(2)
    for (const { id } of palettes) {
      const { default: light, modes } = modules.get(id) as { default: Record<string, string>; modes: { dark: Record<string, string> } }
      for (const [mode, colors] of Object.entries({ light, ...modes }))
        for (const [front, back, least] of pairs)
          expect(contrast(colors[front]!, colors[back]!), `${id} ${mode}: ${front} on ${back}`).toBeGreaterThanOrEqual(least)
    }
  })

  it('are what components fall back to', () => {
    const calm = modules.get('design-tokens/colors/calm')!.default as Record<string, string>
    for (const item of ofKind('ui-components', 'templates', 'modules'))
      for (const file of item.files)
        for (const [, token, color] of textOf(file).matchAll(/var\(--([a-z-]+), (#[0-9a-f]+)\)/g))
          expect(calm[token!], `${item.id} ${file.name}: ${token}`).toBe(color)
  })
})

describe('programs and prompts', () => {
  it('tools and skills give what their examples state', async () => {
    for (const { id, fields } of ofKind('tools', 'agent-skills')) {
      const { examples, entry } = fields as { examples: Example[]; entry?: string }
      const { execute } = modules.get(id) as unknown as { execute(input: unknown): Promise<unknown> }
      expect(examples.length, id).toBeGreaterThan(0)
      for (const { input, output } of examples) {
        const result = await execute(input)
        if (entry === undefined) for (const text of Object.values(input as object)) expect(result, id).toContain(text)
        else expect(result, `${id} ${JSON.stringify(input).slice(0, 80)}`).toMatchObject(output!)
      }
    }
  })

  it('the image optimiser writes a smaller picture of the format that was asked for', async () => {
    const { default: sharp } = await import('sharp')
    const source = project.path('photo.png')
    await sharp({ create: { width: 900, height: 600, channels: 3, background: '#1d4ed8', noise: { type: 'gaussian', mean: 128, sigma: 30 } } }).png().toFile(source)
    const { execute } = modules.get('tools/optimizers/image-optimizer') as unknown as { execute(input: unknown): Promise<Record<string, number>> }
    const target = project.path('out/deep/photo.avif')
    const result = await execute({ source, target, format: 'avif', quality: 40, maxWidthPx: 300 })
    expect(await sharp(target).metadata()).toMatchObject({ width: 300, height: 200, format: 'heif' })
    expect(result).toMatchObject({ widthPx: 300, heightPx: 200, sizeBytes: project.read('out/deep/photo.avif').length })
    expect(result.savedPercent).toBeGreaterThan(50)
    await expect(execute({ source, quality: 0 })).rejects.toThrow(/quality/)
  })

  it('prompts are rendered from their examples without a gap', () => {
    for (const { id, fields } of ofKind('ai-prompts')) {
      const { examples } = fields as { examples: { variables: Record<string, unknown> }[] }
      const prompt = modules.get(id)!.default as (values: object) => string
      expect(examples.length, id).toBeGreaterThan(0)
      for (const { variables } of examples) {
        const text = prompt(variables)
        for (const value of Object.values(variables)) expect(text, id).toContain(String(value))
        expect(text, id).not.toMatch(/\{\{|undefined/)
      }
    }
    for (const { id } of ofKind('style-prompts')) expect((modules.get(id)!.default as (values: object) => string)({}), id).not.toMatch(/\{\{|undefined/)
  })
})

describe('components', () => {
  /** What Astro made of each of its items, by id. */
  let html: Map<string, string>
  const buttons: Record<string, (component: never, props: object) => string | Promise<string>> = {
    react: (component, props) => renderToStaticMarkup(createElement(component, props, 'Send')),
    vue: (component, props) => renderToString(createSSRApp({ render: () => h(component, props, () => 'Send') })),
    svelte: (component, props) => render(component, { props: props as never }).body,
  }

  it.each(Object.keys(buttons))('the button of %s is one, and says when it is busy', async (framework) => {
    const component = modules.get(`ui-components/buttons/button-${framework}`)!.default as never
    const idle = await buttons[framework]!(component, { variant: 'secondary', id: 'own' })
    expect(idle).toMatch(/<button[^>]* type="button"/)
    expect(idle).toContain('data-variant="secondary"')
    expect(idle).toContain('id="own"')
    expect(idle).not.toMatch(/aria-(?:busy|disabled)/)
    const busy = await buttons[framework]!(component, { busy: true, type: 'submit' })
    expect(busy).toContain('type="submit"')
    expect(busy).toContain('aria-busy="true"')
    expect(busy).toContain('aria-disabled="true"')
    expect(busy).not.toMatch(/\sdisabled/)
  })

  it('Astro builds every component, template and module', async () => {
    /** A page for each, with the props of its example and something in its slot. */
    const props: Record<string, object> = {
      'templates/sections/hero': { heading: 'Bread', text: 'Baked today.', action: { href: '/a', label: 'Order' } },
      'templates/sections/feature-list': { heading: 'Why', features: [{ title: 'Fresh', text: 'Every morning.' }] },
      'templates/layouts/base': { title: 'Bread', description: 'Baked today.' },
      'templates/pages/not-found': {},
    }
    const shown = items.filter(isAstro)
    for (const [i, { id, fields }] of shown.entries()) {
      const values = props[id] ?? (fields as { examples: { props: object }[] }).examples[0]!.props
      const item = '<Item {...values}>Inside</Item>'
      const isPage = /^templates\/(?:pages|layouts)\//.test(id)
      const page = isPage ? item : `<html lang="en"><head><title>Item</title></head><body>${item}</body></html>`
      project.write(`src/pages/item-${i}.astro`, `---\nimport Item from 'asset:${id}'\nconst values = ${JSON.stringify(values)}\n---\n${page}\n`)
    }
    // There is no adapter here: what is rendered on demand on a site is rendered ahead of time, and endpoints are left out.
    for (const module of ofKind('modules')) install(module, (target, text) => (target.includes('/api/') ? undefined : text.replace('export const prerender = false\n', '')))
    project.write('astro.config.mjs', astroConfig("site: 'https://site.test', build: { inlineStylesheets: 'always' }"))
    const built = await runNode([join(repository, 'node_modules/astro/bin/astro.mjs'), 'build'], project.root, quiet)
    expect(built.code, built.stdout + built.stderr).toBe(0)
    html = new Map(shown.map(({ id }, i) => [id, project.read(`dist/item-${i}/index.html`).toString()]))
    expect(html.get('templates/sections/hero')).toMatch(/<h1[^>]*>Bread<\/h1>[\s\S]*href="\/a"/)
    expect(html.get('templates/layouts/base')).toMatch(/<html lang="en"[\s\S]*href="https:\/\/site\.test\/item-\d+\/"[\s\S]*Inside/)
    expect(html.get('ui-components/buttons/button-astro')).toMatch(/<button[^>]* type="button"[^>]*>Inside<\/button>/)
    expect(html.get('ui-components/modals/dialog')).toMatch(/data-opens="terms"[\s\S]*<dialog[^>]* id="terms" aria-labelledby="terms-title"/)
    expect(html.get('ui-components/navigation/site-nav')).toContain('aria-label="Main"')
    const form = html.get('ui-components/forms/contact-form')!
    const ids = [...form.matchAll(/<(?:input|textarea)[^>]* id="([^"]+)"/g)].map((match) => match[1]!)
    expect(ids).toHaveLength(4)
    for (const id of ids) expect(form).toMatch(new RegExp(`<label for="${id}"`))
    expect(project.read('dist/blog/index.html').toString()).toContain('href="/blog/first-post/"')
    expect(project.read('dist/blog/first-post/index.html').toString()).toMatch(/<h1[^>]*>How this blog works<\/h1>[\s\S]*<code>src\/content\/blog<\/code>/)
    expect(project.read('dist/rss.xml').toString()).toContain('<link>https://site.test/blog/first-post/</link>')
    expect(project.read('dist/contact/index.html').toString()).toContain('action="/api/contact"')
  }, 240_000)

  it.skipIf(browserMissing)('in a browser the keyboard reaches all that can be pressed, and shows where it is', async () => {
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      for (const [id, text] of html) {
        await page.setContent(text)
        const reached = new Set<string>()
        for (let presses = 0; presses < 12; presses++) {
          await page.keyboard.press('Tab')
          const focused = await page.evaluate(() => {
            const element = document.activeElement!
            if (element === document.body) return undefined
            const { outlineStyle, outlineWidth } = getComputedStyle(element.closest('.card') ?? element)
            return { html: element.outerHTML, ring: outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth), heightPx: element.getBoundingClientRect().height, isControl: element.matches('button, input, textarea, nav a, .button') }
          })
          if (!focused) break
          reached.add(focused.html)
          expect(focused.ring, `${id}: ${focused.html}`).toBeGreaterThan(0)
          if (focused.isControl) expect(focused.heightPx, `${id}: ${focused.html}`).toBeGreaterThanOrEqual(44)
        }
        const pressable = await page.locator(':is(a[href], button, input, textarea):not([tabindex="-1"]):visible').count()
        expect(reached.size, id).toBe(pressable)
      }
      await page.setContent(html.get('ui-components/modals/dialog')!)
      await page.locator('[data-opens]').press('Enter')
      expect(await page.locator('dialog:modal').count()).toBe(1)
      await page.keyboard.press('Escape')
      expect(await page.locator('dialog:modal').count()).toBe(0)
      expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.opens)).toBe('terms')
    } finally {
      await browser.close()
    }
  })

  it('the contact module has the same form as the component', () => {
    const form = itemOf('modules/forms/contact').files.find(({ name }) => name.endsWith('ContactForm.astro'))!
    expect(textOf(form)).toBe(textOf(itemOf('ui-components/forms/contact-form').files[0]!))
  })

  it('the settings of the blog module are those of its file', async () => {
    const { blog } = (await project.load('export { blog } from "../assets/library/modules/blog/posts/blog-settings.ts"')) as { blog: object }
    const { configuration } = itemOf('modules/blog/posts').fields as { configuration: Record<string, { default: unknown }> }
    expect(Object.fromEntries(Object.entries(configuration).map(([name, one]) => [name, one.default]))).toEqual(blog)
  })

  it('the contact endpoint passes messages on, and neither spam nor what is incomplete', async () => {
    install(itemOf('modules/forms/contact'), (target, text) => (target.endsWith('.ts') ? text : undefined))
    const { POST } = (await project.load('export { POST } from "./pages/api/contact.ts"')) as { POST(context: { request: Request }): Promise<Response> }
    const received: unknown[] = []
    let status = 204
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk)).on('end', () => {
        received.push(JSON.parse(body))
        response.writeHead(status).end()
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const good = { name: 'A reader', email: 'reader@site.test', message: 'Hello' }
    const post = async (fields: Record<string, string>) =>
      (await POST({ request: new Request('http://site.test/api/contact', { method: 'POST', body: new URLSearchParams(fields) }) })).headers.get('location')
    process.env.CONTACT_WEBHOOK_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    try {
      expect(await post(good)).toBe('/contact?result=sent')
      expect(received).toEqual([good])
      expect(await post({ ...good, website: 'x' })).toBe('/contact?result=sent')
      for (const wrong of [{ email: 'reader' }, { message: '  ' }, { name: 'a\r\nBcc: b' }, { message: 'x'.repeat(5001) }])
        expect(await post({ ...good, ...wrong }), JSON.stringify(wrong).slice(0, 40)).toBe('/contact?result=invalid')
      expect(received).toHaveLength(1)
      status = 500
      expect(await post(good)).toBe('/contact?result=failed')
    } finally {
      delete process.env.CONTACT_WEBHOOK_URL
      await new Promise((done) => server.close(done))
    }
    expect(await post(good)).toBe('/contact?result=failed')
  })
})
