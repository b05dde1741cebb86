import { codeText } from '../../core/code-text.ts'
import type { Framework } from '../../core/kinds/code-files.ts'

/** An example of a component. */
export interface Example {
  name: string
  props: Readonly<Record<string, unknown>>
  /** Text inside of it. */
  content?: string | undefined
}

/** A component with its examples. */
export interface ExampleItem {
  ref: string
  framework: Framework
  /** Absolute path of its component. */
  code: string
  examples: readonly Example[]
  /** It imports other assets. */
  usesAssets: boolean
}

/** An import of a package of the project's, as code. */
const imported = (names: string, from: string) => `import ${names} from ${codeText(from)}`

/** How a framework shows a component on a page. */
interface Showing {
  /** Packages that the project must have. */
  packages: readonly string[]
  /** Import of the plugin of Vite, and the expression that makes it. */
  plugin?: readonly [statement: string, expression: string]
  /** Code that shows `Item` with `props` and `content` in `target`. */
  show: string
}

const showings: Readonly<Record<Exclude<Framework, 'astro'>, Showing>> = {
  react: {
    packages: ['vite', 'react', 'react-dom'],
    show: `${imported('{ createElement }', 'react')}
${imported('{ createRoot }', 'react-dom/client')}
${imported('{ flushSync }', 'react-dom')}
flushSync(() => createRoot(target).render(createElement(Item, props, content)))`,
  },
  vue: {
    packages: ['vite', 'vue', '@vitejs/plugin-vue'],
    plugin: [imported('vue', '@vitejs/plugin-vue'), 'vue()'],
    show: `${imported('{ createApp, h }', 'vue')}
const app = createApp({ render: () => h(Item, props, content === undefined ? undefined : () => content) })
app.config.throwUnhandledErrorInProduction = true
app.mount(target)`,
  },
  svelte: {
    packages: ['vite', 'svelte', '@sveltejs/vite-plugin-svelte'],
    plugin: [imported('{ svelte }', '@sveltejs/vite-plugin-svelte'), 'svelte({ configFile: false })'],
    show: `${imported('{ createRawSnippet, flushSync, mount }', 'svelte')}
const text = document.createElement('span')
text.textContent = content ?? ''
const children = createRawSnippet(() => ({ render: () => text.outerHTML }))
mount(Item, { target, props: content === undefined ? props : { ...props, children } })
flushSync()`,
  },
}

/** Packages that a project must have for the examples of a framework to be shown. */
export function packagesOf(framework: Framework): readonly string[] {
  return framework === 'astro' ? ['astro'] : showings[framework].packages
}

/** A module that shows one component; which example it is, the page says in `example`. */
export function showingModule(framework: Exclude<Framework, 'astro'>, code: string): string {
  return `import Item from ${codeText(code)}
const { props, content } = globalThis.example
const target = document.getElementById('example')
${showings[framework].show}
`
}

/**
 * A script that builds entries with the project's own Vite and writes `{ js, css } | { failure }` of each to a file. Scripts
 * in the project's folder find its packages, wherever this package lies.
 */
export function viteScript(framework: Exclude<Framework, 'astro'>, input: { root: string; entries: readonly { entry: string; usesAssets: boolean }[]; output: string }): string {
  const [statement, expression] = showings[framework].plugin ?? ['', '']
  return `${imported('{ writeFileSync }', 'node:fs')}
${imported('{ build }', 'vite')}
${statement}
const built = []
for (const { entry, usesAssets } of ${codeText(input.entries)}) {
  try {
    const plugins = [${expression}]
    if (usesAssets) plugins.push((await import(${codeText('assetloom/vite')})).default())
    const [{ output }] = [await build({
      root: ${codeText(input.root)}, configFile: false, envFile: false, publicDir: false, logLevel: 'silent', plugins,
      build: {
        write: false, minify: false, target: 'esnext', cssCodeSplit: false, modulePreload: false, assetsInlineLimit: 1e9,
        rollupOptions: { input: entry, output: { format: 'iife', inlineDynamicImports: true } },
      },
    })].flat()
    const texts = (ending) => output.filter(({ fileName }) => fileName.endsWith(ending)).map((one) => String(one.code ?? one.source)).join('\\n')
    built.push({ js: texts('.js'), css: texts('.css') })
  } catch (error) {
    built.push({ failure: String(error?.message ?? error) })
  }
}
writeFileSync(${codeText(input.output)}, JSON.stringify(built))
`
}

/** A page of Astro that shows one example. */
export function astroPage(code: string, { name, props, content }: Example): string {
  return `---
import Item from ${codeText(code)}
const props = ${codeText(props)}
const content = ${codeText(content)}
---
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{${codeText(name)}}</title></head><body>
<main>${content === undefined ? '<Item {...props} />' : '<Item {...props}>{content}</Item>'}</main></body></html>
`
}

/** A script that builds the pages below a folder with the project's own Astro. */
export function astroScript(input: { root: string; output: string }): string {
  return `${imported('{ writeFileSync }', 'node:fs')}
${imported('{ build }', 'astro')}
let failure
try {
  await build({
    root: ${codeText(input.root)}, configFile: false, logLevel: 'silent', devToolbar: { enabled: false }, cacheDir: './cache',
    build: { inlineStylesheets: 'always', format: 'file' }, vite: { build: { assetsInlineLimit: 1e9 } },
  })
} catch (error) {
  failure = String(error?.message ?? error)
}
writeFileSync(${codeText(input.output)}, JSON.stringify({ failure }))
`
}
