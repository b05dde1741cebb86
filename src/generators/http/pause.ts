import { setTimeout as sleep } from 'node:timers/promises'

/** Wait; a signal cuts the wait short, and whoever waits looks at the signal next. */
export async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  await sleep(waitMs, undefined, { signal }).catch(() => undefined)
}
