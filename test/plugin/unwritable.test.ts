import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { noisyPng } from '../pictures.ts'
import { createProject, runNode } from '../project.ts'

describe('a project in which .assetloom cannot be made', () => {
  it('still builds, and says so once', async () => {
    const maker = createProject({ files: { 'assetloom.config.ts': `export default { tokens: { families: { ACME: 'Acme' } }, constants: false }`, 'in/mark.png': await noisyPng(120, 90) } })
    await maker.cli('import', 'in/mark.png', '--category', 'Logos', '--family', 'ACME', '--variant', 'MARK')
    // A file of that name stands in the way: even root cannot write below it.
    rmSync(join(maker.root, '.assetloom'), { recursive: true })
    writeFileSync(join(maker.root, '.assetloom'), '')
    mkdirSync(join(maker.root, 'src'))
    maker.write({
      'index.html': '<!doctype html><body><script type="module" src="/src/main.js"></script></body>',
      'src/main.js': 'import a from "asset:LOGO-ACME-MARK001"; import b from "asset:LOGO-ACME-MARK001?w=60&format=webp"; document.body.append(a, b)',
      'vite.config.js': `import assetloom from 'assetloom/vite'\nexport default { plugins: [assetloom()] }`,
    })
    const run = await runNode([join(maker.root, 'node_modules/vite/bin/vite.js'), 'build'], maker.root)
    expect(run.code, run.stderr + run.stdout).toBe(0)
    const warnings = (run.stdout + run.stderr).split('\n').filter((line) => line.includes('[assetloom]'))
    expect(warnings).toEqual([expect.stringContaining('.assetloom')])
  })
})
