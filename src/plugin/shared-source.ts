import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { LogEvent } from '../core/ports.ts'
import { findConfigFile } from '../options/file.ts'
import type { AssetloomOptions } from '../options.ts'
import type { openWorkspace as openWorkspaceType } from '../workspace.ts'
import type { AssetSource } from './asset-source.ts'

/**
 * One source per project and process: a build resolves the config once per environment and makes the plugin anew,
 * while the work must be done once.
 */
const sources = new Map<string, { source: Promise<OpenSource>; users: number }>()

/** What ends the work that goes on beside the build. */
type OpenSource = AssetSource & { rest(): Promise<void> }

/**
 * An adapter of the shared cache may connect as soon as it is made. Until the project is opened, nobody would hear that
 * it could not, and an `error` that nobody hears ends the process.
 */
export function hearEarlyFaults(options: AssetloomOptions | undefined): void {
  const store = options?.cache?.shared as { on?: unknown } | undefined
  if (typeof store?.on === 'function') store.on('error', () => undefined)
}

export interface SourceUse {
  source: Promise<AssetSource>
  /** The last user closes the project. */
  release(): Promise<void>
}

export function useSource(
  root: string,
  options: AssetloomOptions | undefined,
  show: (event: LogEvent) => void,
  isDev = false,
): SourceUse {
  // A dev server that starts anew in the same process, before the old one has closed, must see the config file as it is
  // now.
  const file = options ? undefined : findConfigFile(root)
  const configVersion = file ? statSync(file).mtimeMs : undefined
  const key = `${resolve(root)}\n${isDev}\n${configVersion}\n${options ? JSON.stringify(options, (_k, v: unknown) => (typeof v === 'function' ? String(v) : v instanceof Map ? 'map' : v)) : ''}`
  let shared = sources.get(key)
  if (!shared) {
    const source = open({ root, options, show, ...(configVersion !== undefined && { configVersion }) }, isDev)
    shared = { source, users: 0 }
    sources.set(key, shared)
    const opened = shared
    source.catch(() => forget(key, opened))
  }
  const use = shared
  use.users++
  let isReleased = false
  return {
    source: use.source,
    async release() {
      if (isReleased) return
      isReleased = true
      if (--use.users > 0) return
      forget(key, use)
      const opened = await use.source.catch(() => undefined)
      await opened?.rest()
      await opened?.workspace.close()
    },
  }
}

function forget(key: string, shared: unknown): void {
  if (sources.get(key) === shared) sources.delete(key)
}

async function open(input: Parameters<typeof openWorkspaceType>[0], isDev: boolean): Promise<OpenSource> {
  // Loaded at the first asset: the start of a dev server must not pay for what its first page may not need.
  const [{ openWorkspace }, { createAssetSource }] = await Promise.all([
    import('../workspace.ts'),
    import('./asset-source.ts'),
  ])
  const source = createAssetSource(await openWorkspace(input), { isDev })
  const ending = new AbortController()
  const work = makeEagerly(source, ending.signal)
  return Object.assign(source, {
    async rest() {
      source.sites.rest()
      ending.abort()
      await work
    },
  })
}

/** Beside what is asked for, make the pictures of sites that want it so; what fails here fails for whoever asks. */
async function makeEagerly(source: AssetSource, signal: AbortSignal): Promise<void> {
  try {
    if (!(await source.sites.hasEager())) return
    const { precompileForSites } = await import('../operations/site-cache.ts')
    await precompileForSites({ workspace: source.workspace, signal, progress: { start() {}, advance() {}, stop() {} } })
  } catch {
    // A damaged sites.json, a pinned version that is nowhere, an end: told where something is imported.
  }
}
