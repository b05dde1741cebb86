import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createProject, runNode, type CliResult, type Project } from '../project.ts'
import { noisyPng } from '../pictures.ts'

export const quiet = { NODE_ENV: 'production', ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1', FORCE_COLOR: '0' }

export const page = `---
import { Image } from 'astro:assets'
import { getCollection, render } from 'astro:content'
import { Asset, Picture } from 'assetloom/astro/components'
import logo, { alt } from 'asset:LOGO-ACME-MARK001'
import smaller, { src as smallUrl } from 'asset:LOGO-ACME-MARK001.webp'
const [post] = await getCollection('posts')
const pictures = await getCollection('pictures')
const { Content } = await render(post)
---
<html lang="en"><head><title>Page</title></head><body>
<Image id="esm" src={logo} alt={alt} width={120} />
<Image id="webp" src={smaller} alt="" width={60} />
<a id="url" href={smallUrl}>picture</a>
<Image id="cover" src={post.data.cover} alt="" width={90} />
<Asset id="asset" ref={post.data.hero} width={100} class="big" data-x="1" />
<Picture id="picture" ref="particle" formats={['webp']} widths={[40, 80]} sizes="10vw" alt="" />
<ul>{pictures.map(({ id, data }) => <li data-id={id} data-alt={data.alt} data-size={\`\${data.width}x\${data.height}\`} />)}</ul>
<Image id="collected" src={pictures.find(({ id }) => id === 'LOGO-ACME-MARK001').data.image} alt="" width={70} />
<Content />
<div class="bg">x</div>
</body></html>
<style>
.bg { background: url(asset:PHOTO-ACME-CSS001) }
.big { background: url(asset:PHOTO-ACME-HERO001) }
</style>
`

export const post = `---
title: One
cover: ~asset/PHOTO-ACME-COVER001.png
hero: PHOTO-ACME-HERO001
---
Text

![A photo](~asset/PHOTO-ACME-BODY001.png)

\`\`\`md
![x](asset:LOGO-ACME-MARK001)
\`\`\`
`

const contentConfig = `
import { defineCollection } from 'astro:content'
import { glob } from 'astro/loaders'
import { z } from 'astro/zod'
import { assetCollection } from 'assetloom/astro/loader'
export const collections = {
  posts: defineCollection({
    loader: glob({ pattern: '*.md', base: './src/content/posts' }),
    schema: ({ image }) => z.object({ title: z.string(), cover: image(), hero: z.string() }),
  }),
  pictures: defineCollection({ loader: assetCollection({ kind: 'image', tags: ['shown'] }) }),
}
`

export const particle = `version: "1.0"
id: particle
metadata: { category: Particles, alt: A soft particle }
generation: { type: image, provider: local, recipe: particle }
prompt: { base: A soft round particle, parameters: { size: 120x80, seed: 1 } }
integration: { token: { prefix: PARTICLE, family: ACME, variant: MAIN }, manifest_key: particle }
`

const variants = { BODY: 'Body', CSS: 'CSS', UNUSED: 'Unused' }

export function astroConfig(options = ''): string {
  return `import { defineConfig } from 'astro/config'\nimport assetloom from 'assetloom/astro'\nexport default defineConfig({ integrations: [assetloom()], ${options} })\n`
}

/** For pages that are rendered on demand: what an adapter of a server is made of. */
export const onDemandFiles = {
  'server.mjs': `import { createApp } from 'astro/app/entrypoint'\nexport const app = createApp()\n`,
  'adapter.mjs': `
    const supportedAstroFeatures = { staticOutput: 'stable', hybridOutput: 'stable', serverOutput: 'stable', sharpImageService: 'stable' }
    export default { name: 'adapter', hooks: { 'astro:config:done': ({ setAdapter }) =>
      setAdapter({ name: 'adapter', entrypointResolution: 'auto', serverEntrypoint: new URL('./server.mjs', import.meta.url), supportedAstroFeatures }) } }`,
  'astro.config.mjs': `import adapter from './adapter.mjs'\n${astroConfig('adapter')}`,
}

/** An Astro project that uses assets in every place where Astro knows pictures. */
export async function astroSite(): Promise<Project> {
  const pictures = Object.fromEntries(await Promise.all(['mark', 'cover', 'hero', 'body', 'css', 'unused'].map(async (name, i) => [`in/${name}.png`, await noisyPng(300, 200, i + 1)] as const)))
  const project = createProject({
    packages: ['astro', 'vite', 'typescript', 'sharp'],
    files: {
      ...pictures,
      'assetloom.config.ts': `export default { tokens: { families: { ACME: 'Acme' }, variants: ${JSON.stringify(variants)} }, constants: false }\n`,
      'astro.config.mjs': astroConfig(),
      'tsconfig.json': '{ "extends": "astro/tsconfigs/strict", "include": [".astro/types.d.ts", "**/*"], "exclude": ["dist"] }',
      'specs/particle.yaml': particle,
      'src/content.config.ts': contentConfig,
      'src/content/posts/one.md': post,
      'src/pages/index.astro': page,
    },
  })
  const add = (name: string, category: string, variant: string, ...more: string[]) => project.cli('import', `in/${name}.png`, '--category', category, '--family', 'ACME', '--variant', variant, ...more)
  const results = [
    await add('mark', 'Logos', 'MARK', '--alt', 'The mark', '--tags', 'shown'),
    await add('cover', 'Photos', 'COVER', '--alt', 'A cover'),
    await add('hero', 'Photos', 'HERO', '--alt', 'A hero'),
    await add('body', 'Photos', 'BODY'),
    await add('css', 'Photos', 'CSS'),
    await add('unused', 'Photos', 'UNUSED', '--tags', 'shown'),
    await project.cli('generate'),
  ]
  const failed = results.find(({ code }) => code !== 0)
  if (failed) throw new Error(failed.stderr || failed.stdout)
  return project
}

export function astro(project: Project, ...args: string[]): Promise<CliResult> {
  return runNode([join(project.root, 'node_modules/astro/bin/astro.mjs'), ...args], project.root, quiet)
}

export interface Built extends CliResult {
  html: string
  /** Everything in the output folder, POSIX. */
  files: string[]
  /** Attribute of the element with an id. */
  attribute(id: string, name: string): string | undefined
}

export async function build(project: Project, ...args: string[]): Promise<Built> {
  const outDir = join(project.root, 'dist')
  rmSync(outDir, { recursive: true, force: true })
  const result = await astro(project, 'build', ...args)
  const html = existsSync(join(outDir, 'index.html')) ? readFileSync(join(outDir, 'index.html'), 'utf8') : ''
  const files = existsSync(outDir) ? globSync('**/*', { cwd: outDir, withFileTypes: true }).filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name).slice(outDir.length + 1).replaceAll('\\', '/')).sort() : []
  return { ...result, html, files, attribute: (id, name) => attributeOf(html, id, name) }
}

export function attributeOf(html: string, id: string, name: string): string | undefined {
  const tag = [...html.matchAll(/<[a-z]+\b[^>]*>/g)].map(([text]) => text).find((text) => text.includes(`id="${id}"`))
  const match = tag && new RegExp(`\\s${name}(?:="([^"]*)")?(?=[\\s>])`).exec(tag)
  return match ? (match[1] ?? '').replaceAll('&amp;', '&') : undefined
}

export interface DevSite {
  url: string
  /** Status and text of the page. */
  get(path?: string): Promise<{ status: number; text: string }>
  output(): string
  stop(): Promise<void>
}

export async function dev(project: Pick<Project, 'root'>): Promise<DevSite> {
  const port = await freePort()
  const { CI: _ci, DEV: _dev, PROD: _prod, MODE: _mode, ...env } = process.env
  const child = spawn(process.execPath, [join(project.root, 'node_modules/astro/bin/astro.mjs'), 'dev', '--port', String(port)], {
    cwd: project.root,
    env: { ...env, VITEST: '', ...quiet, NODE_ENV: 'development' },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => /watching for file changes/.test(output) && resolve())
    child.once('exit', () => reject(new Error(`astro dev ended: ${output}`)))
  })
  const url = `http://localhost:${port}`
  return {
    url,
    async get(path = '/') {
      const response = await fetch(url + path)
      return { status: response.status, text: await response.text() }
    },
    output: () => output,
    stop: () => stop(child),
  }
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
