import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Log, LogEvent, LogLevel } from '../core/ports.ts'

const rank: Record<LogLevel | 'silent', number> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 }

/**
 * Write structured events as JSON lines, one file per run, and hand those at or above a level to a face.
 * A log that cannot be written never stops the work.
 */
export function createLog(input: {
  folder: string
  runId: string
  level: LogLevel | 'silent'
  now(): Date
  show?: ((event: LogEvent) => void) | undefined
}): Log {
  const file = join(input.folder, `${input.runId}.jsonl`)
  let isUsable = true
  return {
    write(event) {
      if (rank[event.level] < rank[input.level]) return
      input.show?.(event)
      if (!isUsable) return
      try {
        mkdirSync(input.folder, { recursive: true })
        appendFileSync(file, `${JSON.stringify({ time: input.now().toISOString(), ...event })}\n`, { mode: 0o600 })
      } catch {
        isUsable = false
      }
    },
  }
}
