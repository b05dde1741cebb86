import { build, type Plugin } from 'vite'
import { beforeAll, expect, it } from 'vitest'
import assetloom from '../../dist/plugin/vite.js'
import { plainPng } from '../pictures.ts'
import { createProject, type Project } from '../project.ts'

const mark = 'LOGO-ACME-MARK001'
let project: Project

beforeAll(async () => {
  project = createProject({
    files: { 'assetloom.config.ts': `export default { tokens: { families: { ACME: 'Acme' } } }`, 'in/mark.png': await plainPng(64, 64, '#FF6B35') },
  })
  await project.cli('import', 'in/mark.png', '--category', 'Logos', '--family', 'ACME', '--variant', 'MARK')
})

/** What Vue's compiler makes of src="~asset/…": an import without the tilde. */
const vue: Plugin = {
  name: 'vue-like',
  transform: { filter: { id: /\.vue$/ }, handler: (code) => `import url from ${JSON.stringify(/src="~?([^"]+)"/.exec(code)![1])}; export default url` },
}

async function built(file: string, code: string): Promise<string> {
  project.write({ [`src/${file}`]: code })
  try {
    const input = `${project.root}/src/${file}`
    const output = await build({
      root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom(), vue],
      build: { write: false, assetsInlineLimit: 0, rollupOptions: { input, preserveEntrySignatures: 'strict', external: [/^react/] } },
    })
    return (output as { output: { code?: string }[] }).output.map((one) => one.code ?? '').join('')
  } catch (error) {
    return (error as Error).message
  }
}

it('reaches Vue templates as ~asset/', async () => {
  expect(await built('a.vue', `<template><img src="~asset/${mark}.png?w=32"></template>`)).toMatch(/assets\/LOGO-ACME-MARK001-32-[\w-]{8}\.png/)
})

it.each([
  ['b.vue', `<template><img src="asset:${mark}"></template>`, /TEMPLATE_SPELLING[^]*b\.vue:1/],
  ['c.jsx', `export default () => <img src="asset:${mark}" />`, /TEMPLATE_SPELLING[^]*c\.jsx:1/],
])('refuses asset: in an attribute that nobody would resolve: %s', async (file, code, message) => {
  expect(await built(file, code)).toMatch(message)
})

it.each([
  ['d.ts', `export const url: URL = new URL("asset:${mark}", import.meta.url)`, /URL_SPELLING[^]*d\.ts:1/],
  ['e.js', 'export const all = import.meta.glob("asset:LOGO-*")', /URL_SPELLING[^]*e\.js:1/],
])('refuses calls that Vite resolves without asking: %s', async (file, code, message) => {
  expect(await built(file, code)).toMatch(message)
})
