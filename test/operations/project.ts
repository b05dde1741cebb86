import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import sharp from 'sharp'
import { contentHash } from '../../src/core/digest.ts'
import type { Manifest } from '../../src/core/manifest.ts'
import type { AssetloomOptions } from '../../src/options.ts'
import { operations } from '../../src/operations/index.ts'
import type { OperationContext } from '../../src/operations/operation.ts'
import { parseManifest } from '../../src/store/manifest-text.ts'
import { openWorkspace } from '../../src/workspace.ts'

export const options: AssetloomOptions = {
  tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' },
  logLevel: 'silent',
}

/** A real project in a temporary folder. */
export interface TestProject {
  root: string
  path(file: string): string
  write(file: string, content: string | Uint8Array): void
  read(file: string): Buffer
  manifest(): Manifest
  /** Files under a folder, POSIX, sorted. */
  files(folder: string): string[]
  remove(): void
}

export function projectAt(root: string): TestProject {
  const path = (file: string) => join(root, file)
  return {
    root,
    path,
    write(file, content) {
      mkdirSync(dirname(path(file)), { recursive: true })
      writeFileSync(path(file), content)
    },
    read: (file) => readFileSync(path(file)),
    manifest: () => parseManifest(readFileSync(path('assets/manifest.json'), 'utf8'), 'assets/manifest.json'),
    files: (folder) =>
      readdirSync(path(folder), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort(),
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

export function createProject(): TestProject {
  return projectAt(realpathSync(mkdtempSync(join(tmpdir(), 'assetloom-'))))
}

/** Run one operation in this process. */
export async function run<T = Record<string, unknown>>(
  project: TestProject,
  name: string,
  input: Record<string, unknown>,
  more: AssetloomOptions = {},
  face: Partial<OperationContext> = {},
): Promise<T> {
  const operation = await operations.find((row) => row.name === name)!.load()
  const workspace = await openWorkspace({ root: project.root, options: { ...options, ...more }, env: userOf(project) })
  try {
    workspace.manifest.recover()
    return (await operation.run(operation.input.parse(input), {
      workspace,
      signal: new AbortController().signal,
      progress: { start() {}, advance() {}, stop() {} },
      confirm: async () => false,
      ...face,
    })) as T
  } finally {
    await workspace.close()
  }
}

export interface CliResult {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

const cli = resolve(import.meta.dirname, '../../src/cli/main.ts')

/** Each project has a user of its own: what one allows, no other test has. */
const userOf = ({ root }: TestProject) => ({ XDG_CONFIG_HOME: join(root, '.config') })

/** Run the command line in a process of its own. */
export function startCli(
  project: TestProject,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { done: Promise<CliResult>; kill(): void; interrupt(): void } {
  const child = spawn(process.execPath, [cli, ...args, '--cwd', project.root], {
    env: { PATH: process.env.PATH, ...userOf(project), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const done = new Promise<CliResult>((done, fail) => {
    child.on('error', fail)
    child.on('close', (code, signal) => done({ code, signal, stdout, stderr }))
  })
  return { done, kill: () => void child.kill('SIGKILL'), interrupt: () => void child.kill('SIGINT') }
}

export const configText = `export default ${JSON.stringify({ tokens: options.tokens })}\n`

/** A picture that differs from every other seed's. */
export async function png(seed: number, widthPx = 24, heightPx = 16, alpha = true): Promise<Buffer> {
  const channels = alpha ? 4 : 3
  const pixels = new Uint8Array(widthPx * heightPx * channels)
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * 31 + seed * 97 + ((i * seed) % 7) * 11) & 0xff
  pixels.set([seed & 0xff, (seed >> 8) & 0xff, (seed >> 16) & 0xff])
  return sharp(pixels, { raw: { width: widthPx, height: heightPx, channels } })
    .png()
    .toBuffer()
}

/** 16-bit PCM, mono. */
export function wav(seconds = 0.1, hertz = 440, sampleRateHz = 8000): Buffer {
  const frames = Math.round(seconds * sampleRateHz)
  const bytes = Buffer.alloc(44 + frames * 2)
  bytes.write('RIFF', 0, 'latin1')
  bytes.writeUInt32LE(36 + frames * 2, 4)
  bytes.write('WAVEfmt ', 8, 'latin1')
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(sampleRateHz, 24)
  bytes.writeUInt32LE(sampleRateHz * 2, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(frames * 2, 40)
  for (let i = 0; i < frames; i++)
    bytes.writeInt16LE(Math.round(12000 * Math.sin((2 * Math.PI * hertz * i) / sampleRateHz)), 44 + i * 2)
  return bytes
}

/** What must hold at every moment: the manifest parses and each file that it names is there with its hash. */
export function requireWhole(project: TestProject): Manifest {
  const manifest = project.manifest()
  for (const [ref, entry] of Object.entries(manifest.assets)) {
    if (!entry.file) continue
    const found = contentHash(project.read(entry.file))
    if (found !== entry.hash)
      throw new Error(`${ref}: ${entry.file} has ${found}, the manifest says ${entry.hash ?? 'nothing'}`)
  }
  return manifest
}

/** Files under assets/ that the manifest does not name; those of the history are its own. */
export function strayFiles(project: TestProject): string[] {
  const named = new Set(Object.values(project.manifest().assets).map((entry) => entry.file))
  return project.files('assets').filter((file) => file !== 'assets/manifest.json' && !file.startsWith('assets/history/') && !named.has(file))
}
