import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as vite7 from 'vite-7'
import * as vite8 from 'vite'
import { beforeAll, describe, expect, it } from 'vitest'
import assetloom from '../../dist/plugin/vite.js'
import { plainPng } from '../pictures.ts'
import { createProject, type Project } from '../project.ts'

const shapes = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24"><symbol id="star"><path d="M0 0h24v24H0z"/></symbol></svg>'
let project: Project

beforeAll(async () => {
  project = createProject({
    files: {
      'assetloom.config.ts': `export default { tokens: { families: { ACME: 'Acme' } } }`,
      'in/mark.png': await plainPng(64, 64, '#FF6B35'),
      'in/shapes.svg': shapes,
      'index.html': [
        '<!doctype html><meta property="og:image" content="asset:LOGO-ACME-MARK001">',
        '<img srcset="asset:LOGO-ACME-MARK001?w=16 1x, asset:LOGO-ACME-MARK001?w=32 2x" src="asset:LOGO-ACME-MARK001?w=8">',
        '<svg><use href="asset:ICON-ACME-SET001#star"/></svg>',
      ].join('\n'),
    },
  })
  await project.cli('import', 'in/mark.png', '--category', 'Logos', '--family', 'ACME', '--variant', 'MARK')
  await project.cli('import', 'in/shapes.svg', '--category', 'Icons', '--family', 'ACME', '--variant', 'SET')
})

describe.each([
  ['8', vite8],
  ['7', vite7 as unknown as typeof vite8],
])('index.html built by Vite %s', (version, vite) => {
  it('keeps fragments, and inlines nothing that a reader chooses from or a crawler fetches', async () => {
    const outDir = join(project.root, `dist-${version}`)
    await vite.build({ root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom()], build: { outDir } })
    const html = readFileSync(join(outDir, 'index.html'), 'utf8')
    const files = new Set(globSync('assets/*', { cwd: outDir }).map((file) => `/${file}`))
    const [, social] = /content="([^"]*)"/.exec(html)!
    const [, small, large] = /srcset="(\S+) 1x, (\S+) 2x"/.exec(html)!
    const [, used, fragment] = /<use href="([^"#]*)(#[^"]*)"/.exec(html)!
    expect([social, small, large, used].filter((url) => !files.has(url!))).toEqual([])
    expect(fragment).toBe('#star')
    expect(html).toMatch(/src="data:image\/png/)
  })
})
