import { Writable } from 'node:stream'

/**
 * Keep stdout for one voice: what anybody else writes there, a config file or a provider, goes to stderr.
 * @returns the voice, and what lets everybody speak again
 */
export function takeStdout(): { stdout: Writable; giveBack(): void } {
  const original = process.stdout.write
  const write = original.bind(process.stdout)
  process.stdout.write = process.stderr.write.bind(process.stderr)
  return {
    stdout: new Writable({ write: (chunk: Uint8Array, _, done) => void write(chunk, done) }),
    giveBack: () => void (process.stdout.write = original),
  }
}
