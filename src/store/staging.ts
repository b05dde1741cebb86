import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { defineError, isAssetloomError } from '../core/errors.ts'
import { hashInTurns } from './hash-in-turns.ts'

const stagingFailed = defineError('STAGING_FAILED', {
  summary: 'Bytes could not be written to the disk, or read back differently.',
  message: (d: { why: string }) => `The bytes could not be kept: ${d.why}.`,
  hint: () => 'Free disk space, or look after the disk.',
  http: 500,
})

/**
 * Put bytes on the disk beside their later place and read them back.
 * Asynchronous, unlike the other writes: with many files the flushes overlap.
 * @param keep - keeps the bytes for later versions, while the disk is busy flushing
 * @returns the temporary path, to be placed by a manifest change
 * @throws STAGING_FAILED, WRITE_FAILED
 */
export async function stageBytes(
  tempFolder: string,
  bytes: Uint8Array,
  hash: string,
  keep: (bytes: Uint8Array, hash: string) => void,
): Promise<string> {
  const path = join(tempFolder, `${process.pid}-${randomUUID()}.tmp`)
  try {
    const handle = await open(path, 'wx', 0o644).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      await mkdir(tempFolder, { recursive: true })
      return open(path, 'wx', 0o644)
    })
    try {
      await handle.writeFile(bytes)
      const flushed = handle.sync()
      try {
        keep(bytes, hash)
      } finally {
        await flushed
      }
    } finally {
      await handle.close()
    }
    if ((await hashInTurns(await readFile(path))) !== hash) throw new Error('what was read back differs from what was written')
    return path
  } catch (cause) {
    await rm(path, { force: true }).catch(() => undefined)
    if (isAssetloomError(cause)) throw cause
    throw stagingFailed({ why: (cause as Error).message }, { cause })
  }
}
