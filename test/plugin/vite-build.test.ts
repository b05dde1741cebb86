import { createHash } from 'node:crypto'
import { cpSync, existsSync, globSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as vite7 from 'vite-7'
import * as vite8 from 'vite'
import { beforeAll, describe, expect, it } from 'vitest'
import { createProject, runNode, type Project } from '../project.ts'
import { noisyPng, plainPng } from '../pictures.ts'
import assetloom from '../../dist/plugin/vite.js'

const config = `export default { tokens: { families: { ACME: 'Acme' } } }`
const logo = 'LOGO-ACME-MARK001'
const photo = 'PHOTO-ACME-MAIN001'
const color = 'COLOR-ACME-BRAND001'

async function siteProject(name?: string): Promise<Project> {
  const project = createProject({
    ...(name && { name }),
    packages: ['vite', 'sass'],
    files: {
      'assetloom.config.ts': config,
      'in/mark.png': await plainPng(600, 400, '#FF6B35'),
      'in/photo.png': await noisyPng(300, 200),
      'index.html': '<!doctype html><body><script type="module" src="/src/main.js"></script></body>',
    },
  })
  await project.cli('import', 'in/mark.png', '--category', 'Logos', '--family', 'ACME', '--alt', 'The mark of Acme')
  await project.cli('import', 'in/photo.png', '--category', 'Photos', '--family', 'ACME', '--variant', 'MAIN')
  await project.cli('import', '--color', '#FF6B35', '--family', 'ACME', '--variant', 'BRAND')
  return project
}

const hosts = [
  ['8', vite8],
  ['7', vite7 as unknown as typeof vite8],
] as const

let project: Project
beforeAll(async () => {
  project = await siteProject()
})

async function build(main: string, options: { files?: Record<string, string>; config?: vite8.InlineConfig; vite?: typeof vite8; project?: Project } = {}) {
  const at = options.project ?? project
  at.write({ 'src/main.js': main, 'index.html': '<!doctype html><body><script type="module" src="/src/main.js"></script></body>', ...options.files })
  const outDir = join(at.root, 'dist')
  rmSync(outDir, { recursive: true, force: true })
  await (options.vite ?? vite8).build({ root: at.root, configFile: false, logLevel: 'silent', plugins: [assetloom()], ...options.config })
  const files = globSync('**/*', { cwd: outDir, withFileTypes: true }).filter((f) => f.isFile()).map((f) => join(f.parentPath, f.name))
  return {
    outDir,
    names: files.map((file) => file.slice(outDir.length + 1)).sort(),
    js: files.filter((f) => f.endsWith('.js')).map((f) => readFileSync(f, 'utf8')).join('\n'),
    css: files.filter((f) => f.endsWith('.css')).map((f) => readFileSync(f, 'utf8')).join('\n'),
    html: existsSync(join(outDir, 'index.html')) ? readFileSync(join(outDir, 'index.html'), 'utf8') : '',
    bytes: (pattern: RegExp) => readFileSync(files.find((f) => pattern.test(f))!),
  }
}

/** Build a server bundle of the module and evaluate it. */
async function evaluate(main: string, extra: vite8.InlineConfig = {}): Promise<Record<string, unknown>> {
  project.write({ 'src/entry.js': main })
  const outDir = join(project.root, 'dist-ssr')
  rmSync(outDir, { recursive: true, force: true })
  await vite8.build({ root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom()], ...extra, build: { ssr: 'src/entry.js', outDir, ...extra.build } })
  return (await import(`${pathToFileURL(join(outDir, 'entry.js')).href}?${Math.random()}`)) as Record<string, unknown>
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'built',
    (error: Error) => error.message,
  )

describe.each(hosts)('vite %s', (_version, vite) => {
  it('hashes, bases and optimises an imported picture, and drops unused exports', async () => {
    const out = await build(`import logo, { width } from "asset:${logo}"; document.body.append(logo, width)`, { vite, config: { base: '/app/' } })
    const name = out.names.find((n) => n.includes(logo))!
    expect(name).toMatch(/^assets\/LOGO-ACME-MARK001-[\w-]{8}\.png$/)
    expect(out.js).toContain(`/app/${name}`)
    expect(out.js).toContain('600')
    expect(out.js).not.toContain('The mark of Acme')
    expect(out.bytes(/MARK001/).equals(readFileSync(join(project.root, 'assets/logos', `${logo}.png`)))).toBe(true)
  })

  it('resolves url(), image-set, Sass partials, @import and CSS modules', async () => {
    const out = await build('import "./a.scss"; import m from "./m.module.css"; document.body.className = m.box', {
      vite,
      files: {
        'src/a.scss': `@use "part";\n@import url("./plain.css");\n.a { background: image-set("asset:${photo}?w=100&format=webp" 1x, url(asset:${photo}) 2x) }`,
        'src/_part.scss': `.p { background: url("asset:${photo}?w=120") }`,
        'src/plain.css': `.q { background: url(asset:${photo}) }`,
        'src/m.module.css': `.box { background: url('asset:${photo}') }`,
      },
      config: { build: { assetsInlineLimit: 0 } },
    })
    expect(out.css).not.toContain('asset:')
    expect(out.names.filter((n) => n.includes(photo)).map((n) => n.replace(/-[\w-]{8}\./, '.'))).toEqual([
      'assets/PHOTO-ACME-MAIN001-100.webp',
      'assets/PHOTO-ACME-MAIN001-120.png',
      'assets/PHOTO-ACME-MAIN001.png',
    ])
  })

  it('resolves src, srcset, href, poster and og:image of index.html with a relative base', async () => {
    const out = await build('', {
      vite,
      files: {
        'index.html': `<!doctype html><head><link rel="icon" href="asset:${logo}?w=32"><meta property="og:image" content="asset:${photo}"></head>
          <body><img src="asset:${photo}" srcset="asset:${photo}?w=100 100w, asset:${photo} 300w"><video poster="asset:${photo}"></video></body>`,
      },
      config: { base: './', build: { assetsInlineLimit: 0 } },
    })
    expect(out.html).not.toContain('asset:')
    expect(out.html.match(/\.\/assets\/PHOTO-ACME-MAIN001-[\w-]{8}\.png/g)).toHaveLength(4)
    expect(out.html).toMatch(/\.\/assets\/PHOTO-ACME-MAIN001-100-[\w-]{8}\.png 100w/)
    expect(out.html).toMatch(/rel="icon" href="\.\/assets\/LOGO-ACME-MARK001-32-/)
  })

  it('inlines as the host does', async () => {
    const out = await build(`import logo from "asset:${logo}"; document.body.append(logo)`, { vite, config: { build: { assetsInlineLimit: 100_000 } } })
    const bytes = readFileSync(join(project.root, 'assets/logos', `${logo}.png`))
    expect(out.js).toContain(`data:image/png;base64,${bytes.toString('base64')}`)
    const never = await build(`import logo from "asset:${logo}?no-inline"; document.body.append(logo)`, { vite, config: { build: { assetsInlineLimit: 100_000 } } })
    expect(never.names.some((n) => n.includes(logo))).toBe(true)
  })
})

describe('what an import gives', () => {
  it('has typed named exports and public meta only', async () => {
    const m = await evaluate(`export { default as url, src, width, height, alt, token, meta } from "asset:${logo}"`)
    expect(m).toMatchObject({ width: 600, height: 400, alt: 'The mark of Acme', token: logo, meta: { kind: 'image', category: 'Logos', family: 'ACME', mediaType: 'image/png' } })
    expect(m.url).toBe(m.src)
    expect(Object.keys(m.meta as object)).not.toContain('source')
  })

  it('gives srcset, picture, placeholder, colour and glob', async () => {
    const m = await evaluate(
      `export { default as srcset } from "asset:${photo}?w=100;200&format=webp"
       export { default as picture } from "asset:${photo}?w=100;200&format=avif;webp&as=picture"
       export { default as lqip } from "asset:${photo}?placeholder"
       export { default as color } from "asset:${color}"
       export { default as logos } from "asset:LOGO-ACME-*"`,
    )
    expect(m.srcset).toMatch(/^\/assets\/PHOTO-ACME-MAIN001-100-[\w-]{8}\.webp 100w, \/assets\/PHOTO-ACME-MAIN001-200-[\w-]{8}\.webp 200w$/)
    expect(m.picture).toMatchObject({ sources: [{ type: 'image/avif' }, { type: 'image/webp' }], img: { width: 200, height: 133 } })
    expect(m.lqip).toMatch(/^data:image\/webp;base64,/)
    expect(m.color).toBe('#FF6B35')
    expect(Object.keys(m.logos as object)).toEqual([logo])
    expect((m.logos as Record<string, { width: number }>)[logo]!.width).toBe(600)
  })

  it('honours renderBuiltUrl and build.lib', async () => {
    const cdn = await build(`import logo from "asset:${logo}"; document.body.append(logo)`, { config: { experimental: { renderBuiltUrl: (name) => `https://cdn.test/${name}` } } })
    expect(cdn.js).toMatch(/https:\/\/cdn\.test\/assets\/LOGO-ACME-MARK001-/)
    project.write({ 'src/lib.js': `export { default } from "asset:${logo}"` })
    await vite8.build({ root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom()], build: { outDir: join(project.root, 'dist-lib'), lib: { entry: 'src/lib.js', formats: ['es'], fileName: 'lib' } } })
    expect(readFileSync(join(project.root, 'dist-lib/lib.js'), 'utf8')).toContain('data:image/png;base64')
  })

  it('keeps the candidates of image-set() files, however small, in sheets and in partials', async () => {
    const set = (one: string) => `.${one} { background: image-set("asset:${photo}?w=4&format=webp" 1x, url(asset:${photo}?w=8&format=webp) 2x) }`
    const files = { 'src/x.css': set('a'), 'src/y.scss': '@use "part";', 'src/_part.scss': set('b'), 'src/z.css': `.c { background: url("asset:${photo}?w=5&format=webp") }` }
    const { css, names } = await build('import "./x.css"; import "./y.scss"; import "./z.css"', { files, config: { build: { cssMinify: false } } })
    expect(css.match(/image-set\(/g)!.length).toBeGreaterThanOrEqual(2)
    expect(css.match(/url\("?data:/g)).toHaveLength(1)
    expect(names.filter((name) => name.endsWith('.webp'))).toHaveLength(2)
  })

  it('refuses an extension with a query where no type knows it, and says how to write it', async () => {
    const png = await evaluate(`export { default as small } from "~asset/${photo}.png?w=10&no-inline"`)
    expect(png.small).toMatch(/\.png$/)
    for (const spelled of [`asset:${photo}.webp?w=10`, `~asset/${photo}.webp?w=10`]) {
      const message = await failure(build(`import a from "${spelled}"; console.log(a)`))
      expect(message).toContain('EXTENSION_AND_QUERY')
      expect(message).toContain(`Write asset:${photo}?w=10&format=webp.`)
    }
    expect(await failure(build(`import a from "asset:${photo}.png?w=10"; console.log(a)`))).toContain(`Write asset:${photo}?w=10.`)
  })

  it('emits only what is used: a derived size does not ship its original', async () => {
    const out = await build(`import small from "asset:${photo}?w=100&no-inline"; document.body.append(small)`)
    expect(out.names.filter((n) => n.includes(photo))).toHaveLength(1)
  })

  it('accepts the scheme-less spelling', async () => {
    const m = await evaluate(`export { default as png } from "~asset/${photo}.png"; export { default as webp } from "~asset/${photo}.webp"`, { build: { assetsInlineLimit: 0 } })
    expect(m.png).toMatch(/PHOTO-ACME-MAIN001-[\w-]{8}\.png$/)
    expect(m.webp).toMatch(/\.webp$/)
  })
})

describe('an unknown ref is a hard error', () => {
  const cases = {
    js: { main: 'import x from "asset:LOGO-ACME-MARK002"; console.log(x)' },
    css: { main: 'import "./x.css"', files: { 'src/x.css': '.a { background: url(asset:LOGO-ACME-MARK002) }' } },
    html: { main: '', files: { 'index.html': '<img src="asset:LOGO-ACME-MARK002">' } },
    'scheme-less': { main: 'import x from "~asset/LOGO-ACME-MARK002.png"; console.log(x)' },
  }
  const places: Record<string, RegExp> = { js: /main\.js:1/, css: /x\.css:1/, html: /index\.html:1/, 'scheme-less': /main\.js:1/ }
  it.each(Object.entries(cases))('in %s, with the place, a suggestion and the manifest', async (where, { main, files }: { main: string; files?: Record<string, string> }) => {
    const message = await failure(build(main, { ...(files && { files }) }))
    expect(message).toContain('ASSET_UNKNOWN')
    expect(message).toContain(logo)
    expect(message).toContain('assets/manifest.json')
    expect(message).toMatch(places[where]!)
  })
})

describe('a fault in a style sheet', () => {
  const fault = 'background: url("asset:LOGO-ACME-MARK002")'
  it.each([
    ['a sheet', { 'src/x.css': `.b { color: red }\n.a {\n  ${fault} }` }, 'x.css', 'src/x.css'],
    ['a Sass partial', { 'src/x.scss': '@use "parts/deep";', 'src/parts/_deep.scss': `.b { color: red }\n.a {\n  ${fault} }` }, 'x.scss', 'src/parts/_deep.scss'],
  ])('is shown at its own line and column by a dev server: %s', async (_, files: Record<string, string>, entry, place) => {
    project.write({ ...files, 'src/main.js': `import "./${entry}"` })
    const told: string[] = []
    const logger = { ...vite8.createLogger('silent'), error: (text: string) => void told.push(text) }
    const server = await vite8.createServer({ root: project.root, configFile: false, customLogger: logger, plugins: [assetloom()], server: { middlewareMode: true, ws: false } })
    try {
      const error = (await server.transformRequest(`/src/${entry}`).then(() => undefined, (thrown: unknown) => thrown)) as Error & { loc: unknown }
      expect(error.message).toContain(`${join(project.root, place)}:3:20`)
      // Sass tells where the partial was loaded.
      expect(error.loc).toEqual(entry === 'x.css' ? { file: join(project.root, place), line: 3, column: 19 } : expect.objectContaining({ line: 1 }))
    } finally {
      await server.close()
    }
    expect(told.join('\n')).not.toContain('NaN')
  })
})

describe('queries', () => {
  it('make one cache entry whatever the order of their keys', async () => {
    const fresh = await siteProject()
    const blobs = () => globSync('.assetloom/blobs/derived/**/*', { cwd: fresh.root, withFileTypes: true }).filter((f) => f.isFile()).length
    await build(`import a from "asset:${photo}?w=100&format=webp&quality=70"; document.body.append(a)`, { project: fresh })
    expect(blobs()).toBe(1)
    await build(`import a from "asset:${photo}?quality=70&format=webp&w=100"; document.body.append(a)`, { project: fresh })
    expect(blobs()).toBe(1)
    await build(`import a from "asset:${photo}?quality=71&format=webp&w=100"; document.body.append(a)`, { project: fresh })
    expect(blobs()).toBe(2)
  })

  it.each([
    ['widht=100', 'QUERY_UNKNOWN_KEY'],
    ['w=0', 'QUERY_VALUE'],
    ['format=bmp', 'QUERY_VALUE'],
  ])('refuse ?%s with %s', async (query, code) => {
    expect(await failure(build(`import a from "asset:${photo}?${query}"; document.body.append(a)`))).toContain(code)
  })

  it('refuse a transform of what is no picture', async () => {
    project.write({ 'in/tone.wav': wav() })
    await project.cli('import', 'in/tone.wav', '--category', 'Sound Effects', '--family', 'ACME', '--variant', 'TONE')
    expect(await failure(build('import a from "asset:SFX-ACME-TONE001?w=100"; document.body.append(a)'))).toContain('QUERY_NEEDS_PICTURE')
  })
})

describe('the cache', () => {
  it('remakes truncated and flipped entries: the output equals a clean build', async () => {
    const fresh = await siteProject()
    const main = `import a from "asset:${photo}?w=100&format=webp"; import b from "asset:${photo}"; import "./x.css"; document.body.append(a, b)`
    const files = { 'src/x.css': `.a { background: url("asset:${photo}?w=90") }` }
    const clean = await build(main, { project: fresh, files, config: { build: { assetsInlineLimit: 0 } } })
    const digests = (out: typeof clean) => out.names.map((n) => `${n} ${createHash('sha256').update(readFileSync(join(out.outDir, n))).digest('hex')}`)
    const expected = digests(clean)
    for (const damage of ['truncate', 'flip', 'delete'] as const) {
      for (const file of globSync('.assetloom/{blobs/derived,files}/**/*', { cwd: fresh.root, withFileTypes: true }).filter((f) => f.isFile()).map((f) => join(f.parentPath, f.name))) {
        if (damage === 'truncate') truncateSync(file, 10)
        else if (damage === 'delete') rmSync(file)
        else {
          const bytes = readFileSync(file)
          bytes[Math.floor(bytes.length / 2)]! ^= 1
          writeFileSync(file, bytes)
        }
      }
      expect(digests(await build(main, { project: fresh, files, config: { build: { assetsInlineLimit: 0 } } }))).toEqual(expected)
    }
  })

  it('gives the same bytes in another checkout', async () => {
    const main = `import a from "asset:${photo}?w=100&format=avif"; document.body.append(a)`
    const here = await build(main, { config: { build: { assetsInlineLimit: 0 } } })
    const other = createProject({ name: 'elsewhere', packages: ['vite'] })
    for (const part of ['assets', 'assetloom.config.ts']) cpSync(join(project.root, part), join(other.root, part), { recursive: true })
    const there = await build(main, { project: other, config: { build: { assetsInlineLimit: 0 } } })
    expect(there.names).toEqual(here.names)
  })

  it('does the work once for client and server', async () => {
    const fresh = await siteProject()
    fresh.write({
      'src/main.js': `import a from "asset:${photo}?w=100&format=webp"; document.body.append(a)`,
      'src/server.js': `export { default } from "asset:${photo}?w=100&format=webp"`,
      'vite.config.js': `import assetloom from 'assetloom/vite'
        export default { plugins: [assetloom()], logLevel: 'silent', builder: {}, environments: { client: {}, ssr: { build: { outDir: 'dist/server', rollupOptions: { input: 'src/server.js' } } } } }`,
    })
    const run = await runNode([join(fresh.root, 'node_modules/vite/bin/vite.js'), 'build', '--app'], fresh.root)
    expect(run.stderr).toBe('')
    expect(run.code).toBe(0)
    expect(readdirSync(join(fresh.root, 'dist/server')).filter((f) => f.endsWith('.js'))).toEqual(['server.js'])
    const { default: url } = (await import(pathToFileURL(join(fresh.root, 'dist/server/server.js')).href)) as { default: string }
    expect(existsSync(join(fresh.root, 'dist', url)) || url.startsWith('data:')).toBe(true)
  })
})

describe('paths', () => {
  it.each(['with space', 'Проект', '[x] (1)', '100% sure'])('may hold unusual characters: %s', async (name) => {
    const odd = await siteProject(name)
    const out = await build(`import logo from "asset:${logo}"; import "./x.css"; document.body.append(logo)`, {
      project: odd,
      files: { 'src/x.css': `.a { background: url(asset:${photo}) }` },
    })
    expect(out.names.filter((n) => /MARK001|MAIN001/.test(n))).toHaveLength(2)
  })
})

describe('files that are not what the manifest says', () => {
  it('name a Git LFS pointer and a missing file', async () => {
    const fresh = await siteProject()
    const file = join(fresh.root, 'assets/logos', `${logo}.png`)
    writeFileSync(file, 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n')
    const main = `import a from "asset:${logo}"; document.body.append(a)`
    expect(await failure(build(main, { project: fresh }))).toContain('git lfs pull')
    rmSync(file)
    expect(await failure(build(main, { project: fresh }))).toContain('ASSET_FILE_MISSING')
  })

  it('stop a frozen build', async () => {
    const fresh = await siteProject()
    writeFileSync(join(fresh.root, 'assets/logos', `${logo}.png`), await plainPng(10, 10, '#000000'))
    fresh.write({ 'src/main.js': `import a from "asset:${logo}"; document.body.append(a)` , 'vite.config.js': `import assetloom from 'assetloom/vite'\nexport default { plugins: [assetloom()] }` })
    const run = await runNode([join(fresh.root, 'node_modules/vite/bin/vite.js'), 'build'], fresh.root, { CI: '1' })
    expect(run.code).toBe(1)
    expect(run.stderr + run.stdout).toContain('assetloom sync')
  })
})

/** 0.1 s of a square wave. */
function wav(): Buffer {
  const data = Buffer.alloc(8820)
  for (let i = 0; i < 4410; i++) data.writeInt16LE(i % 100 < 50 ? 8000 : -8000, i * 2)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + data.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(44100, 24)
  head.writeUInt32LE(88200, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(data.length, 40)
  return Buffer.concat([head, data])
}
