import { pause } from '../http/pause.ts'

const windowMs = 60_000

/** Keeps requests within a number per minute: the first ones go at once, the next when the window has room again. */
export function createPace(perMinute: number): { turn(signal: AbortSignal): Promise<void> } {
  const sentMs: number[] = []
  return {
    async turn(signal) {
      while (!signal.aborted) {
        const nowMs = performance.now()
        while (sentMs.length > 0 && sentMs[0]! <= nowMs - windowMs) sentMs.shift()
        if (sentMs.length < perMinute) {
          sentMs.push(nowMs)
          return
        }
        await pause(sentMs[0]! + windowMs - nowMs, signal)
      }
    },
  }
}
