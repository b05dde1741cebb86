import type { LogLevel } from './ports.ts'

const rank: Record<LogLevel | 'silent', number> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 }

/** Whether an event of a level is kept from a log that takes events from another level upwards. */
export function isBelowLevel(level: LogLevel, least: LogLevel | 'silent'): boolean {
  return rank[level] < rank[least]
}
