import { writeFileSync } from 'node:fs'
import { setImmediate } from 'node:timers'
import { parentPort } from 'node:worker_threads'

/* A worker whose tasks end it in the ways that real ones may. */
let isDeaf = false
parentPort.on('message', ({ type, input }) => {
  if (type === 'end') return isDeaf || parentPort.close()
  if (input.how === 'exit') process.exit(3)
  if (input.how === 'throw') setImmediate(() => { throw new Error('it fell over') })
  // A thread that is stopped has no exit of its own.
  if (input.how === 'leave a mark') process.once('exit', () => writeFileSync(input.file, 'left'))
  if (input.how === 'grow deaf') isDeaf = true
  if (!['hang', 'throw'].includes(input.how)) parentPort.postMessage({ type: 'done', outcome: { value: input.how } })
})
