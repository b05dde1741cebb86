import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'

/** Hashed at a stretch: some ten milliseconds. */
const turnBytes = 4 * 1024 * 1024

/** The digest of bytes, `sha256:…`; between two parts of many, timers and sockets get their turn. */
export async function hashInTurns(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < bytes.length; at += turnBytes) {
    if (at > 0) await setImmediate()
    hash.update(bytes.subarray(at, at + turnBytes))
  }
  return `sha256:${hash.digest('hex')}`
}
