import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A real server of this machine, started for the tests. */
export interface StartedServer {
  url: string
  /** At once, as a crash would. */
  stop(): Promise<void>
}

/** Whether a server can be started here; a reason is printed when not, and is a failure where servers are required. */
export function canStart(name: 'redis' | 'postgres'): boolean {
  const binary = name === 'redis' ? onPath('redis-server') : postgresBinary('initdb')
  if (binary) return true
  const missing = `${name} is not installed on this machine; its tests are skipped`
  if (process.env.REQUIRE_SERVERS) throw new Error(missing)
  process.stderr.write(`${missing}.\n`)
  return false
}

export async function startRedis(): Promise<StartedServer> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'assetloom-redis-')))
  const port = await freePort()
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
    stdio: 'ignore',
  })
  await untilListening(port, child)
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGKILL')
      await ended(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function startPostgres(): Promise<StartedServer> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'assetloom-postgres-')))
  const data = join(folder, 'data')
  // PostgreSQL refuses to run as root.
  const isRoot = process.getuid?.() === 0
  if (isRoot) execFileSync('chown', ['postgres', folder])
  chmodSync(folder, 0o700)
  const asUser = (binary: string, args: string[]): [string, string[]] =>
    isRoot ? ['runuser', ['-u', 'postgres', '--', binary, ...args]] : [binary, args]
  execFileSync(
    ...asUser(postgresBinary('initdb')!, ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8']),
    { stdio: 'pipe', cwd: folder },
  )
  const port = await freePort()
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-k', folder, '-p', String(port)]
  const child = spawn(...asUser(postgresBinary('postgres')!, ['-D', data, ...settings]), { stdio: 'ignore', cwd: folder })
  await untilListening(port, child)
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      // The server itself: between it and this process may stand what made it another user's.
      const server = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
      process.kill(server, 'SIGKILL')
      await ended(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A server that takes connections and never says a word. */
export async function startSilentServer(): Promise<{ port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('data', () => undefined))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

async function freePort(): Promise<number> {
  const { port, stop } = await startSilentServer()
  await stop()
  return port
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  const { connect } = await import('node:net')
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}`)
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.end())
    })
    if (isUp) return
    await sleep(50)
  }
}

const ended = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.on('exit', () => resolve())
  })

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '').split(':').map((folder) => join(folder, name)).find((file) => existsSync(file))
}

/** Debian keeps them out of the path, in a folder for each version. */
function postgresBinary(name: string): string | undefined {
  const versions = '/usr/lib/postgresql'
  const folders = existsSync(versions) ? readdirSync(versions).map((version) => join(versions, version, 'bin')) : []
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? onPath(name)
}
