import { parentPort, type MessagePort } from 'node:worker_threads'
import { buffersIn, failureOf, outcomeOf, settle, type FromWorker, type Outcome, type ToWorker } from './messages.ts'
import { tasks } from './tasks.ts'

/* The program of a worker thread. */

function serve(owner: MessagePort): void {
  const send = (message: FromWorker, transfer: ArrayBuffer[] = []) => owner.postMessage(message, transfer)
  const asked = new Map<number, (outcome: Outcome) => void>()
  let calls = 0

  /** A function of the owner, asked by message. */
  const remote =
    (name: string) =>
    async (...args: unknown[]): Promise<unknown> => {
      const call = ++calls
      const answer = new Promise<Outcome>((resolve) => asked.set(call, resolve))
      send({ type: 'call', call, name, args })
      return settle(await answer)
    }

  const carryOut = async ({ name, input, hostNames }: ToWorker & { type: 'task' }): Promise<void> => {
    const host = Object.fromEntries(hostNames.map((one) => [one, remote(one)]))
    const task = tasks[name as keyof typeof tasks] as (input: unknown, host: unknown) => Promise<unknown>
    const outcome = await outcomeOf(() => task(input, host))
    try {
      send({ type: 'done', outcome }, [...buffersIn(outcome)])
    } catch (error) {
      // What cannot be sent must not leave the owner waiting.
      send({ type: 'done', outcome: { failure: failureOf(error) } })
    }
  }

  owner.on('message', (message: ToWorker) => {
    if (message.type === 'task') return void carryOut(message)
    if (message.type === 'end') return owner.close()
    asked.get(message.call)?.(message.outcome)
    asked.delete(message.call)
  })
}

if (parentPort) serve(parentPort)
