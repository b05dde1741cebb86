import { execFile } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { noisyPng } from '../pictures.ts'
import { cliPath, repository, runNode } from '../project.ts'

// Scaffolds stay between runs; what a run builds does not.
const cache = join(repository, 'node_modules/.cache/create-vite')
const work = join(repository, '.scratch/create-vite')
const templates = { 'react-ts': 'src/main.tsx', 'vue-ts': 'src/main.ts', 'svelte-ts': 'src/main.ts', 'vanilla-ts': 'src/main.ts' }

afterAll(() => rmSync(work, { recursive: true, force: true, maxRetries: 5 }))

function run(command: string, args: string[], cwd: string): Promise<{ code: number; output: string }> {
  const { CI: _ci, VITEST: _vitest, NODE_ENV: _mode, ...rest } = process.env
  // The scaffold is a project of its own: what npm tells of ours must not reach it.
  const env = Object.fromEntries(Object.entries(rest).filter(([name]) => !/^npm_(?:package|lifecycle|config_(?:local_prefix|prefix))/.test(name)))
  return new Promise((resolve) => {
    const child = execFile(command, args, { cwd, env, maxBuffer: 64e6, shell: process.platform === 'win32' }, (error, stdout, stderr) =>
      resolve({ code: error ? 1 : 0, output: stdout + stderr }),
    )
    child.stdin?.end()
  })
}

/** Why the scaffold cannot be made here; undefined when it stands in the cache. */
async function scaffold(template: string): Promise<string | undefined> {
  const folder = join(cache, template)
  if (existsSync(join(folder, 'node_modules/.package-lock.json'))) return undefined
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  const made = await run('npm', ['create', 'vite@latest', template, '--yes', '--', '--template', template, '--no-interactive'], cache)
  if (!existsSync(join(folder, 'package.json'))) return `npm create vite failed: ${made.output.slice(-400)}`
  const installed = await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], folder)
  return installed.code === 0 ? undefined : `npm install failed: ${installed.output.slice(-400)}`
}

const registryMissing = (await run('npm', ['view', 'create-vite', 'version', '--fetch-retries=0', '--fetch-timeout=10000'], repository)).code !== 0
const isCached = Object.keys(templates).every((template) => existsSync(join(cache, template, 'node_modules/.package-lock.json')))
const skipped = registryMissing && !isCached ? 'the npm registry is out of reach and no scaffold is cached' : undefined
if (skipped) console.warn(`Tests of create-vite's templates are skipped: ${skipped}.`)

describe.skipIf(skipped)('a project of create-vite', () => {
  it.each(Object.entries(templates))('%s builds with one asset import, its own type check included', { timeout: 180_000 }, async (template, entry) => {
    expect(await scaffold(template)).toBeUndefined()
    const root = join(work, template)
    rmSync(root, { recursive: true, force: true })
    mkdirSync(work, { recursive: true })
    expect((await run('cp', ['-R', join(cache, template), root], work)).code).toBe(0)
    const link = join(root, 'node_modules/assetloom')
    if (!existsSync(link)) symlinkSync(repository, link, 'junction')
    writeFileSync(join(root, 'logo.png'), await noisyPng(64, 64))

    const cli = (...args: string[]) => runNode([cliPath, ...args], root)
    const init = await cli('init', '--yes', '--family', 'ACME=Acme')
    expect(init.code, init.stdout + init.stderr).toBe(0)
    const imported = await cli('import', 'logo.png', '--category', 'Logos', '--family', 'ACME', '--variant', 'MARK')
    expect(imported.code, imported.stdout + imported.stderr).toBe(0)
    appendFileSync(join(root, entry), `\nimport logo, { width } from 'asset:LOGO-ACME-MARK001'\ndocument.body.dataset.logo = \`\${logo} \${width satisfies 64}\`\n`)

    const built = await run('npm', ['run', 'build'], root)
    expect(built.code, built.output).toBe(0)

    // The check does check: an asset that does not exist stops it.
    appendFileSync(join(root, entry), `import wrong from 'asset:LOGO-ACME-NOPE001'\nconsole.log(wrong)\n`)
    const broken = await run('npm', ['run', 'build'], root)
    expect(broken.code, broken.output).not.toBe(0)
  })
})
