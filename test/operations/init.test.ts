import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { documentKind, specSchema } from '../../src/core/spec.ts'
import { commands } from '../../src/cli/commands.ts'
import { loadConfigFile, resolveOptions } from '../../src/options.ts'
import { parse } from 'yaml'
import { createProject, png, startCli, type TestProject } from './project.ts'

let project: TestProject
beforeEach(() => {
  project = createProject()
})
afterEach(() => project.remove())

/** What create-vite writes for react-ts, as far as init looks at it. */
function viteTemplate(): void {
  project.write(
    'package.json',
    '{\n  "name": "my-site",\n  "private": true,\n  "type": "module",\n  "scripts": {\n    "dev": "vite"\n  },\n  "devDependencies": {\n    "vite": "^8.3.4"\n  }\n}\n',
  )
  project.write('.gitignore', 'node_modules\ndist')
  project.write(
    'tsconfig.json',
    '{\n  "files": [],\n  "references": [\n    { "path": "./tsconfig.app.json" },\n    { "path": "./tsconfig.node.json" }\n  ]\n}\n',
  )
  project.write(
    'tsconfig.app.json',
    '{\n  "compilerOptions": {\n    "target": "es2023", "module": "esnext", "lib": ["ES2023", "DOM"], "types": [],\n    /* Bundler mode */\n    "moduleResolution": "bundler",\n    "noEmit": true, "strict": true,\n  },\n  "include": ["src"]\n}\n',
  )
  project.write('tsconfig.node.json', '{ "compilerOptions": { "noEmit": true }, "include": ["vite.config.ts"] }')
  project.write(
    'vite.config.ts',
    "import { defineConfig } from 'vite'\nimport react from '@vitejs/plugin-react'\n\n// https://vite.dev/config/\nexport default defineConfig({\n  plugins: [react()],\n})\n",
  )
  project.write('src/main.ts', 'export {}\n')
}

interface Output {
  ok: boolean
  data: { steps: { file: string; state: string }[]; families: Record<string, string> }
}
async function init(...args: string[]): Promise<Output['data']> {
  const { code, stdout, stderr } = await startCli(project, ['init', '--json', ...args]).done
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return (JSON.parse(stdout) as Output).data
}
const states = (data: Output['data']) => Object.fromEntries(data.steps.map(({ file, state }) => [file, state]))
const own = () => project.files('.').filter((file) => !file.startsWith('.assetloom/'))

describe('init', () => {
  it('sets an untouched Vite project up, once', async () => {
    viteTemplate()
    const before = own()
    const dry = await init('--yes', '--editor', '--dry-run')
    expect(own()).toEqual(before)
    const done = await init('--yes', '--editor')
    expect(states(done)).toEqual(states(dry))
    expect(states(done)).toEqual({
      'assetloom.config.ts': 'done',
      'assets/manifest.json': 'done',
      'specs/example.yaml': 'done',
      'src/assetloom-env.d.ts': 'done',
      '.gitignore': 'done',
      'package.json': 'done',
      '.vscode/settings.json': 'done',
      'vite.config.ts': 'done',
    })
    expect(project.read('.gitignore').toString()).toBe(
      'node_modules\ndist\n\n# Caches and state of Assetloom\n.assetloom/\n',
    )
    expect(JSON.parse(project.read('package.json').toString())).toMatchObject({
      name: 'my-site',
      scripts: { dev: 'vite', asset: 'assetloom', 'asset:list': 'assetloom list' },
    })
    expect(JSON.parse(project.read('.vscode/settings.json').toString())).toMatchObject({
      'typescript.preferences.autoImportSpecifierExcludeRegexes': ['^~?asset[:/]'],
    })
    expect(project.read('vite.config.ts').toString()).toContain('plugins: [assetloom(), react()]')
    const config = await loadConfigFile(project.root)
    expect(resolveOptions(config!.options, { root: project.root, env: {} }).tokens).toMatchObject({
      families: { MYSITE: 'My Site' },
      defaultFamily: 'MYSITE',
    })

    const files = new Map(own().map((file) => [file, project.read(file).toString()]))
    const again = await init('--yes', '--editor')
    expect(new Set(Object.values(states(again)))).toEqual(new Set(['present']))
    expect(new Map(own().map((file) => [file, project.read(file).toString()]))).toEqual(files)
  })

  it('adds a script for every command, leaves those of the user, and adds none when told not to', async () => {
    const first = [...new Set(commands.map(({ name }) => name.split(' ')[0]!))]
    viteTemplate()
    const own = JSON.parse(project.read('package.json').toString()) as { scripts: Record<string, string> }
    project.write('package.json', JSON.stringify({ ...own, scripts: { ...own.scripts, 'asset:use': 'echo mine' } }, null, 2))
    await init()
    const { scripts } = JSON.parse(project.read('package.json').toString()) as { scripts: Record<string, string> }
    expect(scripts).toEqual({
      ...own.scripts,
      asset: 'assetloom',
      ...Object.fromEntries(first.map((word) => [`asset:${word}`, `assetloom ${word}`])),
      'asset:use': 'echo mine',
    })
    expect(scripts).toMatchObject({ 'asset:rollback': 'assetloom rollback', 'asset:cache': 'assetloom cache' })

    viteTemplate()
    await init('--no-scripts')
    expect(JSON.parse(project.read('package.json').toString())).toMatchObject({ scripts: { dev: 'vite' } })
    expect(project.read('package.json').toString()).not.toContain('assetloom')
  })

  it('makes the types work where the tsconfig takes in src only', async () => {
    viteTemplate()
    await init('--family', 'ACME=Acme')
    project.write('a.png', await png(1, 64, 32))
    expect((await startCli(project, ['import', 'a.png', '--category', 'Logos', '--variant', 'MARK']).done).code).toBe(0)
    const tsc = (text: string) => {
      project.write('src/main.ts', text)
      try {
        execFileSync(
          process.execPath,
          [
            resolve(import.meta.dirname, '../../node_modules/typescript/bin/tsc'),
            '--noEmit',
            '-p',
            'tsconfig.app.json',
          ],
          { cwd: project.root },
        )
        return ''
      } catch (error) {
        return String((error as { stdout: Buffer }).stdout)
      }
    }
    expect(
      tsc(
        'import url, { width } from "asset:LOGO-ACME-MARK001"\nexport const w: 64 = width\nexport const u: string = url\n',
      ),
    ).toBe('')
    expect(tsc('import url from "asset:LOGO-ACME-MARK002"\nexport const u: string = url\n')).toContain('src/main.ts(1')
  })

  it('without --yes it leaves the config of the host alone and says what to add', async () => {
    viteTemplate()
    const text = project.read('vite.config.ts')
    expect(states(await init())).toMatchObject({ 'vite.config.ts': 'todo' })
    expect(project.read('vite.config.ts').equals(text)).toBe(true)
    project.write('vite.config.ts', 'export default { base: "/x/" }\n')
    expect(states(await init('--yes'))).toMatchObject({ 'vite.config.ts': 'todo' })
    expect(project.read('vite.config.ts').toString()).toBe('export default { base: "/x/" }\n')
  })

  it('never writes over what is there', async () => {
    viteTemplate()
    project.write('assetloom.config.mjs', 'export default { tokens: { families: { OLD: "Old" } } }\n')
    project.write('src/assetloom-env.d.ts', '// mine\n')
    project.write('specs/mine.yaml', 'x: 1\n')
    project.write('.vscode/settings.json', '{\n  // mine\n  "a": 1\n}\n')
    expect(states(await init('--editor', '--yes'))).toMatchObject({
      'assetloom.config.mjs': 'present',
      'src/assetloom-env.d.ts': 'present',
      specs: 'present',
      '.vscode/settings.json': 'todo',
    })
    expect(project.read('src/assetloom-env.d.ts').toString()).toBe('// mine\n')
    expect(existsSync(project.path('assetloom.config.ts'))).toBe(false)
    expect(existsSync(project.path('specs/example.yaml'))).toBe(false)
  })

  it('knows an Astro project, and an empty folder', async () => {
    expect(Object.keys(states(await init('--yes')))).not.toContain('vite.config.ts')
    project.write(
      'astro.config.mjs',
      "// @ts-check\nimport { defineConfig } from 'astro/config';\n\n// https://astro.build/config\nexport default defineConfig({});\n",
    )
    project.write(
      'tsconfig.json',
      '{ "extends": "astro/tsconfigs/strict", "include": [".astro/types.d.ts", "**/*"], "exclude": ["dist"] }',
    )
    expect(states(await init('--yes'))).toMatchObject({ 'astro.config.mjs': 'done', 'assetloom-env.d.ts': 'present' })
    expect(project.read('astro.config.mjs').toString()).toContain('integrations: [assetloom()]')
  })

  it('writes an example that is a valid spec', async () => {
    await init('--family', 'ACME=Acme')
    const document = parse(project.read('specs/example.yaml').toString()) as Record<string, unknown>
    expect(documentKind(document)).toBe('spec')
    expect(specSchema.parse(document)).toMatchObject({
      generation: { provider: 'local' },
      integration: { token: { family: 'ACME' } },
    })
  })

  it('refuses a family that cannot stand in a token', async () => {
    const { code, stdout } = await startCli(project, ['init', '--family', 'acme=Acme', '--json']).done
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'WORD_INVALID' } })
    expect(own()).toEqual([])
  })
})
