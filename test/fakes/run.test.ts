import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { fakes } from './index.ts'

const script = fileURLToPath(new URL('run.ts', import.meta.url))

function start(...args: string[]) {
  const child = spawn(process.execPath, [script, ...args])
  const told = { stdout: '', stderr: '' }
  child.stdout.on('data', (text: Buffer) => (told.stdout += text.toString()))
  child.stderr.on('data', (text: Buffer) => (told.stderr += text.toString()))
  return { child, told, code: new Promise<number | null>((resolve) => child.on('close', resolve)) }
}

describe('npm run fake', () => {
  it.each(fakes.map(({ id }) => id))('serves %s until it is interrupted, with a line per request', async (id) => {
    const { child, told, code } = start(id)
    await expect.poll(() => told.stdout, { timeout: 20_000 }).toContain('assetloom.config.ts')
    const origin = /Base: (\S+)/.exec(told.stdout)![1]!
    expect((await fetch(`${origin}/nowhere`)).status).toBeGreaterThanOrEqual(400)
    await expect.poll(() => told.stdout).toContain('GET /nowhere')
    child.kill('SIGINT')
    expect(await code).toBe(0)
    expect(told.stdout).toContain('1 requests')
  })

  it.each([
    [[], 'Which provider?'],
    [['opnai'], 'There is no fake opnai.'],
    [['openai', '--port', '70000'], '--port must be a whole number from 0 to 65535'],
    [['openai', '--latency', 'long'], '--latency must be a whole number'],
    [['openai', '--fault', 'nope'], 'has no fault "nope"; it has ok, html'],
    [['openai', '--speed', '3'], '--speed'],
  ])('explains itself for %j', async (args, message) => {
    const { told, code } = start(...args)
    expect(await code).toBe(2)
    expect(told.stderr).toContain(message)
    expect(told.stderr).toContain('npm run fake -- <provider>')
  })
})

describe('npm run fake -- catalog', () => {
  it('serves a folder, whose changes move the branch', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assetloom-catalog-'))
    mkdirSync(join(folder, 'assets'))
    writeFileSync(join(folder, 'assets/index.csv'), 'type\n')
    const { child, told, code } = start('catalog', '--dir', folder)
    await expect.poll(() => told.stdout, { timeout: 20_000 }).toContain('assetloom.config.ts')
    const origin = /Base: (\S+)/.exec(told.stdout)![1]!
    const commit = async () => ((await (await fetch(`${origin}/repos/acme/assets/commits/main`)).json()) as { sha: string }).sha
    const first = await commit()
    expect(await commit()).toBe(first)
    writeFileSync(join(folder, 'assets/index.csv'), 'other\n')
    const second = await commit()
    expect(second).not.toBe(first)
    const read = async (sha: string) => (await fetch(`${origin}/acme/assets/${sha}/assets/index.csv`)).text()
    expect(await Promise.all([first, second].map(read))).toEqual(['type\n', 'other\n'])
    child.kill('SIGINT')
    expect(await code).toBe(0)
    rmSync(folder, { recursive: true })
  })

  it.each([
    [['catalog'], 'Which folder?'],
    [['catalog', '--dir', '/nowhere/at/all'], 'There is no folder /nowhere/at/all'],
    [['catalog', '--dir', '.', '--fault', 'nope'], 'catalog has no fault "nope"; it has html'],
    [['openai', '--dir', '.'], '--dir and --token are for catalog.'],
  ])('explains itself for %j', async (args, message) => {
    const { told, code } = start(...args)
    expect(await code).toBe(2)
    expect(told.stderr).toContain(message)
  })
})
