import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ViteDevServer } from 'vite'
import { createLibraryProject, until, watching, type LibraryProject } from '../library/item-project.ts'
import { png, run } from '../operations/project.ts'

const logo = 'LOGO-ACME-MARK001'
const palette = 'design-tokens/colors/brand'
const button = 'ui-components/buttons/go'
let project: LibraryProject
const servers: ViteDevServer[] = []

beforeAll(async () => {
  project = createLibraryProject()
  project.write('assetloom.config.js', 'export default { tokens: { families: { ACME: "Acme" }, defaultFamily: "ACME" } }')
  project.write('in/one.png', await png(1, 24, 16))
  project.write('in/two.png', await png(2, 40, 30))
  await run(project, 'import', { files: ['in/one.png'], category: 'Logos', variant: 'MARK', alt: 'One' })
  await run(project, 'update', { ref: logo, file: 'in/two.png', alt: 'Two' })
  await run(project, 'version label', { ref: logo, name: 'production', version: '1.0.0' })
  await project.create('design-tokens', 'colors/brand')
  const file = 'assets/library/design-tokens/colors/brand.asset.yaml'
  project.write(file, project.read(file).toString().replaceAll('#2563eb', '#aa0000').replace('[0.145, 0.388, 0.922]', '[0.667, 0, 0]'))
  await project.create('ui-components', 'buttons/go', { framework: 'react' })
  await project.sync()
  const source = project.files('assets/library/ui-components').find((one) => one.endsWith('.tsx') || one.endsWith('.jsx'))!
  project.write(source, project.read(source).toString().replace(/<button/, '<button data-new=""'))
  await project.sync()
})
afterAll(async () => {
  for (const server of servers) await server.close()
  project.remove()
})

const dataUrlOf = (bytes: Uint8Array) => `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`

describe('a pinned import', () => {
  it('gives the picture of a version and of a label, with the facts of that time', async () => {
    const m = await project.load(`
      import now, { width as nowWidth } from "asset:${logo}?inline"
      import first, { width, alt, token } from "asset:${logo}@1.0.0?inline"
      import labelled from "asset:${logo}@production?inline"
      import latest from "asset:${logo}@latest?inline"
      export { now, nowWidth, first, width, alt, token, labelled, latest }`)
    expect(m).toMatchObject({ nowWidth: 40, width: 24, alt: 'One', token: logo })
    expect(m.first).toBe(dataUrlOf(await png(1, 24, 16)))
    expect(m.labelled).toBe(m.first)
    expect(m.now).toBe(dataUrlOf(await png(2, 40, 30)))
    expect(m.latest).toBe(m.now)
  })

  it('takes a query and an extension', async () => {
    const m = await project.load(`
      import small, { width } from "asset:${logo}@1.0.0?w=12&format=webp"
      import webp from "asset:${logo}@1.0.0.webp"
      export { small, width, webp }`)
    expect(m).toMatchObject({ width: 12 })
    expect(m.small).toMatch(/webp/)
    expect(m.webp).toMatch(/webp/)
  })

  it('gives a library item as it was, source files included', async () => {
    const m = await project.load(`
      import now from "asset:${palette}"
      import then, { meta } from "asset:${palette}@1.0.0"
      import css from "asset:${palette}@1.0.0?css&inline"
      import Button from "asset:${button}"
      import OldButton from "asset:${button}@1.0.0"
      import { renderToStaticMarkup } from "react-dom/server"
      import { createElement } from "react"
      export const primary = [now.primary, then.primary], markup = [Button, OldButton].map((one) => renderToStaticMarkup(createElement(one, { label: "x" }, "x")))
      export { css, meta }`)
    expect(m.primary).toEqual(['#aa0000', '#2563eb'])
    expect(m.css).toContain('#2563eb')
    expect((m.markup as string[])[0]).toContain('data-new')
    expect((m.markup as string[])[1]).not.toContain('data-new')
  })

  it('stands in style sheets', async () => {
    project.write('src/styled.css', `.a { background: url("asset:${logo}@1.0.0?inline") }`)
    const m = await project.load('import css from "./styled.css?inline"\nexport { css }')
    expect(m.css).toContain(dataUrlOf(await png(1, 24, 16)))
  })

  it.each([
    [`${logo}@7.0.0`, /VERSION_UNKNOWN|has no version, label or branch "7\.0\.0"\. It has 1\.0\.1, 1\.0\.0, latest, production/],
    [`LOGO-ACME-MARK009@1.0.0`, /LOGO-ACME-MARK009/],
  ])('of %s fails with what there is', async (request, message) => {
    await expect(project.load(`export { default } from "asset:${request}"`)).rejects.toThrow(message)
  })

  it('has a type, for labels too', async () => {
    await run(project, 'types', {})
    const errors = await project.typeErrors({
      good: `import a from "asset:${logo}@1.0.0"\nimport b from "asset:${logo}@production?w=20"\nimport c from "asset:${palette}@1.0.0"\nexport const x: string = a, y: string = b, z: string = c.primary`,
      bad: `import a from "asset:${logo}@1.0.0"\nexport const x: number = a`,
    })
    expect(errors).toEqual({ bad: ['TS2322'] })
  })

  it('in dev follows a label that moves', async () => {
    const server = await project.serve()
    servers.push(server)
    await server.listen()
    await watching()
    const load = async () => (await server.ssrLoadModule(`asset:${logo}@production`)) as { alt: string }
    expect((await load()).alt).toBe('One')
    await run(project, 'version label', { ref: logo, name: 'production', version: '1.0.1' })
    expect((await until(load, ({ alt }) => alt === 'Two')).alt).toBe('Two')
    // The watcher of Vite tells of a file once in 50 ms.
    await setTimeout(200)
    await run(project, 'version label', { ref: logo, name: 'production', version: '1.0.0' })
    expect((await until(load, ({ alt }) => alt === 'One')).alt).toBe('One')
  })

  it('whose bytes are nowhere is named', async () => {
    rmSync(project.path('.assetloom/blobs'), { recursive: true, force: true })
    rmSync(project.path('.assetloom/files'), { recursive: true, force: true })
    expect(existsSync(project.path('.assetloom/blobs'))).toBe(false)
    writeFileSync(project.path('src/gone.js'), '')
    await expect(project.load(`export { default } from "asset:${logo}@1.0.0"`)).rejects.toThrow(/of LOGO-ACME-MARK001@1\.0\.0 is neither in \.assetloom nor in a shared cache/)
  })
})
