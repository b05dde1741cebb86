import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

export const repository = fileURLToPath(new URL('..', import.meta.url))
export const cliPath = join(repository, 'dist/cli/main.js')

export interface Project {
  root: string
  write(files: Record<string, string | Uint8Array>): void
  /** Run the built CLI; never throws. */
  cli(...args: string[]): Promise<CliResult>
}

export interface CliResult {
  code: number
  stdout: string
  stderr: string
  /** Of `--json`. */
  // What a test reads of it is its assertion.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  json: any
}

const roots: string[] = []
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true, maxRetries: 5 })
})

/**
 * A project in a temporary folder, with the built package and the named ones in its node_modules.
 * @param input.name - of the folder, for paths with unusual characters
 */
export function createProject(input: { files?: Record<string, string | Uint8Array>; packages?: string[]; name?: string } = {}): Project {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'assetloom-')))
  roots.push(base)
  const root = input.name ? join(base, input.name) : base
  const write = (files: Record<string, string | Uint8Array>) => {
    for (const [path, content] of Object.entries(files)) {
      const file = join(root, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
  }
  write({ 'package.json': '{ "name": "site", "private": true, "type": "module" }', ...input.files })
  for (const name of ['assetloom', ...(input.packages ?? ['vite'])]) {
    const link = join(root, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(name === 'assetloom' ? repository : join(repository, 'node_modules', name), link, 'junction')
  }
  return {
    root,
    write,
    cli: (...args) => runNode([cliPath, ...args], root),
  }
}

/** Run Node on something in a folder, without the variables that would change what Assetloom does. */
export function runNode(args: string[], cwd: string, env: Record<string, string> = {}): Promise<CliResult> {
  // Vitest sets DEV, PROD and MODE, which Astro takes for its own.
  const { CI: _ci, DEV: _dev, PROD: _prod, MODE: _mode, ...rest } = process.env
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env: { ...rest, NODE_ENV: '', VITEST: '', ...env }, maxBuffer: 64e6 }, (error, stdout, stderr) => {
      const code = error ? ((error as { code?: unknown }).code as number) ?? 1 : 0
      let json: unknown
      try {
        json = JSON.parse(stdout)
      } catch {
        json = undefined
      }
      resolve({ code, stdout, stderr, json })
    })
  })
}
