import { spawn } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, createServer, type InlineConfig, type PluginOption, type ViteDevServer } from 'vite'
import assetloom from '../../dist/plugin/vite.js'
import { createProject, run, type TestProject } from '../operations/project.ts'

const repository = resolve(import.meta.dirname, '../..')

export interface LibraryProject extends TestProject {
  create(kind: string, name: string, more?: Record<string, unknown>): Promise<{ ref: string; files: string[] }>
  sync(): Promise<Sync>
  /** Build a module that imports assets, run it, and give its exports. */
  load(code: string, plugins?: PluginOption[]): Promise<Record<string, unknown>>
  serve(config?: InlineConfig): Promise<ViteDevServer>
  /** Codes of the type errors of `src`, by file. */
  typeErrors(files: Record<string, string>): Promise<Record<string, string[]>>
}

export interface Sync {
  added: { ref: string }[]
  changed: { ref: string }[]
  missing: { ref: string }[]
  failed: { file: string; code: string; message: string; line?: number; hint?: string }[]
}

/** A project with the package and the frameworks in its node_modules. */
export function createLibraryProject(): LibraryProject {
  const project = createProject()
  project.write('package.json', '{ "name": "site", "type": "module" }')
  symlinkSync(join(repository, 'node_modules'), project.path('node_modules'), 'junction')
  mkdirSync(project.path('src'))
  let builds = 0
  return {
    ...project,
    create: (kind, name, more = {}) => run(project, 'create', { kind, name, ...more }),
    sync: () => run<Sync>(project, 'sync', {}, {}).catch((error: unknown) => Promise.reject(error as Error)),
    async load(code, plugins = []) {
      const entry = project.path(`src/entry-${++builds}.js`)
      writeFileSync(entry, code)
      const outDir = project.path(`out-${builds}`)
      await build({
        root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom(), ...plugins],
        build: { outDir, ssr: entry, minify: false, rollupOptions: { output: { entryFileNames: 'entry.mjs' } } },
      })
      return (await import(pathToFileURL(join(outDir, 'entry.mjs')).href)) as Record<string, unknown>
    },
    serve: (config = {}) =>
      createServer({ root: project.root, configFile: false, logLevel: 'silent', plugins: [assetloom()], server: { port: 0, host: '127.0.0.1' }, ...config }),
    async typeErrors(files) {
      for (const [name, text] of Object.entries(files)) project.write(`src/${name}.ts`, text)
      const compilerOptions = {
        target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler', strict: true, noEmit: true, verbatimModuleSyntax: true,
        allowImportingTsExtensions: true, jsx: 'react-jsx', skipLibCheck: true, types: ['vite/client'],
      }
      project.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['src/*.ts', '.assetloom/types/assets.d.ts'] }))
      const child = spawn(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '-p', project.root, '--pretty', 'false'], { cwd: project.root })
      let output = ''
      child.stdout.on('data', (chunk) => (output += chunk))
      await new Promise((done) => child.on('close', done))
      const errors: Record<string, string[]> = {}
      for (const [, file, code] of output.matchAll(/^(?:src\/)?(\S+?)(?:\.ts)?\(\d+,\d+\): error (TS\d+)/gm)) (errors[file!] ??= []).push(code!)
      if (output.trim() && Object.keys(errors).length === 0) throw new Error(output)
      return errors
    },
  }
}

/** Look until it is so, or time is up; the last look is returned. */
export async function until<T>(look: () => Promise<T> | T, isDone: (value: T) => boolean, withinMs = 10_000): Promise<T> {
  const end = Date.now() + withinMs
  for (;;) {
    const value = await look()
    if (isDone(value) || Date.now() > end) return value
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The watcher tells of changes once it has read the folders. */
export const watching = () => new Promise((resolve) => setTimeout(resolve, 1000))
