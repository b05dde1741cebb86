import { isBelowLevel } from '../core/log-level.ts'
import type { Log, LogLevel } from '../core/ports.ts'
import type { SpecInstance } from '../core/spec-instance.ts'

/** A log that leaves out what specs want left out of it. */
export interface SpecLog extends Log {
  /** From now on the specs' own levels hold for events with their `spec_id`. */
  heed(instances: readonly SpecInstance[]): void
}

export function createSpecLog(log: Log): SpecLog {
  const levels = new Map<string, LogLevel>()
  return {
    heed(instances) {
      for (const { specId, logLevel } of instances)
        if (logLevel) levels.set(specId, logLevel)
        else levels.delete(specId)
    },
    write(event) {
      const least = levels.get(String(event.spec_id))
      if (!least || !isBelowLevel(event.level, least)) log.write(event)
    },
  }
}
