import { setImmediate } from 'node:timers'
import { parentPort } from 'node:worker_threads'

/* A worker whose tasks end it in the ways that real ones may. */
parentPort.on('message', ({ input }) => {
  if (input.how === 'exit') process.exit(3)
  if (input.how === 'throw') setImmediate(() => { throw new Error('it fell over') })
  if (input.how === 'answer') parentPort.postMessage({ type: 'done', outcome: { value: input.how } })
})
