import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { isBelowLevel } from '../core/log-level.ts'
import type { Log, LogEvent, LogLevel } from '../core/ports.ts'

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
  const append = (line: string) => appendFileSync(file, line, { mode: 0o600 })
  return {
    write(event) {
      if (isBelowLevel(event.level, input.level)) return
      input.show?.(event)
      if (!isUsable) return
      const line = `${JSON.stringify({ time: input.now().toISOString(), ...event })}\n`
      try {
        try {
          append(line)
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
          mkdirSync(input.folder, { recursive: true })
          append(line)
        }
      } catch {
        isUsable = false
      }
    },
  }
}
