import type { RunEvent, Runs } from './runs.ts'

/** A word so often that nothing on the way takes the silence for an end. */
const beatMs = 15_000

/**
 * The events of a run as server-sent events; it ends when the run has finished.
 * @param after - the last event that is known already
 * @throws RUN_NOT_SERVED
 */
export function eventStream(runs: Runs, id: string, after: number, signal: AbortSignal): Response {
  let leave = () => {}
  runs.get(id)
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const encoder = new TextEncoder()
      const write = (text: string) => controller.enqueue(encoder.encode(text))
      let isOver = false
      const end = () => {
        if (isOver) return
        isOver = true
        leave()
        controller.close()
      }
      const beat = setInterval(() => write(': still here\n\n'), beatMs)
      let unfollow = () => {}
      leave = () => {
        clearInterval(beat)
        signal.removeEventListener('abort', end)
        unfollow()
      }
      signal.addEventListener('abort', end)
      const hear = ({ id: number, type, data }: RunEvent) => {
        if (isOver) return
        write(`id: ${number}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
        if (type === 'finished') end()
      }
      unfollow = runs.follow(id, after, hear)
      // Asked after the end with nothing left to tell.
      if (runs.get(id).status !== 'running') end()
    },
    cancel: () => leave(),
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' } })
}
