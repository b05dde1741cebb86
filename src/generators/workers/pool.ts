import { Worker } from 'node:worker_threads'
import { defineError } from '../../core/errors.ts'
import { outcomeOf, settle, type FromWorker, type Outcome, type ToWorker } from './messages.ts'
import type { TaskHost, TaskInput, TaskName, TaskResult } from './tasks.ts'

const workerLost = defineError('WORKER_LOST', {
  summary: 'A worker thread ended while it worked on a picture or sound.',
  message: (d: { task: string; why: string }) => `The worker thread that should ${d.task} ended: ${d.why}.`,
  hint: () => 'Run again. When it happens every time, make the picture or sound smaller: memory may be short.',
  http: 500,
})

const workersClosed = defineError('WORKERS_CLOSED', {
  summary: 'A project was closed while work on a picture or sound was under way.',
  message: () => 'The project was closed before the work was done.',
  http: 503,
})

/** Worker threads for work that would hold up the event loop. */
export interface WorkerPool {
  /**
   * Carry out a task in a worker. Bytes of the input are copied, since they stay the caller's; those of the result are
   * handed over.
   * @param host - functions of this thread that the task may ask
   * @throws WORKER_LOST, WORKERS_CLOSED and what the task throws
   */
  run<N extends TaskName>(name: N, input: TaskInput<N>, host?: TaskHost<N>): Promise<TaskResult<N>>
  /** End all workers: those that rest by themselves, the others at once; work under way fails. */
  close(): Promise<void>
}

interface Order {
  name: TaskName
  input: unknown
  host: Record<string, (...args: unknown[]) => unknown>
  done(outcome: Outcome): void
  fail(error: Error): void
}

interface Hand {
  worker: Worker
  order: Order | undefined
  rest: NodeJS.Timeout | undefined
}

/** A worker that was asked to end and has not by then is stopped. */
const endsWithinMs = 2_000

/**
 * @param input.program - file of the worker's program
 * @param input.size - most workers; each is started when there is work that no other is free for
 * @param input.idleMs - a worker without work for so long is ended
 * @param input.prepare - runs before the first worker is started
 */
export function createWorkerPool(input: {
  program: string | URL
  size: number
  idleMs: number
  prepare(): Promise<unknown>
}): WorkerPool {
  const hands = new Set<Hand>()
  const waiting: Order[] = []
  let prepared: Promise<unknown> | undefined
  let isClosed = false

  const start = (): Hand => {
    // The owner's own flags may not fit a program in a file, e.g. --input-type.
    const worker = new Worker(input.program, { execArgv: [], name: 'assetloom' })
    const hand: Hand = { worker, order: undefined, rest: undefined }
    hands.add(hand)
    const lost = (why: string, cause?: unknown) => {
      hands.delete(hand)
      clearTimeout(hand.rest)
      const order = hand.order
      hand.order = undefined
      order?.fail(isClosed ? workersClosed({}) : workerLost({ task: order.name, why }, { cause }))
      void worker.terminate()
      assign()
    }
    worker.on('message', (message: FromWorker) => {
      const order = hand.order
      if (!order) return
      if (message.type === 'call') {
        void outcomeOf(() => order.host[message.name]!(...message.args)).then((outcome) =>
          tell(hand, { type: 'answer', call: message.call, outcome }),
        )
        return
      }
      hand.order = undefined
      order.done(message.outcome)
      assign()
      if (!hand.order) letRest(hand)
    })
    worker.on('messageerror', (error) => lost(error.message, error))
    worker.on('error', (error: unknown) => lost(error instanceof Error ? error.message : String(error), error))
    worker.on('exit', (code) => lost(`it exited with code ${code}`))
    return hand
  }

  const tell = ({ worker }: Hand, message: ToWorker) => worker.postMessage(message)

  /** A worker that rests keeps no process alive. */
  const letRest = (hand: Hand) => {
    hand.worker.unref()
    hand.rest = setTimeout(() => {
      hands.delete(hand)
      void end(hand)
    }, input.idleMs).unref()
  }

  /** A worker that rests leaves by itself: native code, which a stop would cut off, has then come to its end. */
  const end = async (hand: Hand) => {
    const { worker, order } = hand
    clearTimeout(hand.rest)
    if (order) return void (await worker.terminate())
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    tell(hand, { type: 'end' })
    const late = setTimeout(() => void worker.terminate(), endsWithinMs)
    await ended
    clearTimeout(late)
  }

  const assign = () => {
    while (waiting.length > 0) {
      let hand = [...hands].find((one) => one.order === undefined)
      if (!hand && hands.size >= input.size) return
      const order = waiting.shift()!
      try {
        hand ??= start()
        clearTimeout(hand.rest)
        hand.worker.ref()
        hand.order = order
        const { name, input, host } = order
        tell(hand, { type: 'task', name, input, hostNames: Object.keys(host) })
      } catch (error) {
        if (hand) {
          hand.order = undefined
          letRest(hand)
        }
        order.fail(error as Error)
      }
    }
  }

  return {
    async run(name, taskInput, host) {
      await (prepared ??= input.prepare())
      if (isClosed) throw workersClosed({})
      const outcome = await new Promise<Outcome>((done, fail) => {
        waiting.push({ name, input: taskInput, host: (host ?? {}) as Order['host'], done, fail })
        assign()
      })
      return settle(outcome) as TaskResult<typeof name>
    },
    async close() {
      isClosed = true
      for (const order of waiting.splice(0)) order.fail(workersClosed({}))
      await Promise.all([...hands].map(end))
    },
  }
}
