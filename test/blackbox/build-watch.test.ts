import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { expect, it } from 'vitest'
import assetloom from '../../dist/plugin/vite.js'
import { plainPng } from '../pictures.ts'
import { createProject } from '../project.ts'

interface Watcher {
  on(event: 'event', listener: (event: { code: string }) => void): void
  close(): Promise<void>
}

it('vite build --watch follows a file that only a style sheet shows', async () => {
  const project = createProject({
    files: {
      'assetloom.config.ts': `export default { tokens: { families: { ACME: 'Acme' } } }`,
      'in/mark.png': await plainPng(64, 64, '#FF6B35'),
      'src/main.js': 'import "./style.css"',
      'src/style.css': '.a { background: url(asset:LOGO-ACME-MARK001) }',
    },
  })
  await project.cli('import', 'in/mark.png', '--category', 'Logos', '--family', 'ACME', '--variant', 'MARK')
  const outDir = join(project.root, 'dist')
  const watcher = (await build({
    root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom()],
    build: { watch: {}, outDir, assetsInlineLimit: 0, rollupOptions: { input: join(project.root, 'src/main.js') } },
  })) as unknown as Watcher
  const shown = () => globSync('assets/*.png', { cwd: outDir }).join()
  const next = () => new Promise<void>((resolve) => watcher.on('event', ({ code }) => code === 'END' && resolve()))
  await next()
  const before = shown()
  writeFileSync(join(project.root, 'assets/logos/LOGO-ACME-MARK001.png'), await plainPng(64, 64, '#112233'))
  for (let tries = 0; tries < 200 && ['', before].includes(shown()); tries++) await new Promise((resolve) => setTimeout(resolve, 50))
  expect(before).toMatch(/LOGO-ACME-MARK001-[\w-]{8}\.png/)
  expect(shown()).not.toBe(before)
  await watcher.close()
})
