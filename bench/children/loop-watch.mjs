import { monitorEventLoopDelay } from 'node:perf_hooks'

const everyMs = 5

/**
 * Watch how long the event loop of this thread is held up.
 * @returns a function that ends it: the longest hold-up by the clock, in which other programs and the disk have a part,
 *   and the most CPU time that this thread spent between two turns of the loop, in which they have none
 */
export function watchLoop() {
  const delay = monitorEventLoopDelay({ resolution: everyMs })
  delay.enable()
  let spent = process.threadCpuUsage()
  let cpuMs = 0
  const look = () => {
    const { user, system } = process.threadCpuUsage(spent)
    spent = process.threadCpuUsage()
    cpuMs = Math.max(cpuMs, (user + system) / 1000)
  }
  const timer = setInterval(look, everyMs)
  return () => {
    look()
    clearInterval(timer)
    delay.disable()
    return { clockMs: delay.max / 1e6, cpuMs }
  }
}

/**
 * Do the same thing three times: small, so that all modules are loaded; small and watched; large and watched.
 * Says as the last line of stdout what was seen.
 */
export async function watchThree(work) {
  await work('warm')
  const seen = {}
  for (const size of ['small', 'large']) {
    await new Promise((done) => setTimeout(done, 300))
    const stop = watchLoop()
    await work(size)
    seen[size] = stop()
  }
  console.log(JSON.stringify(seen))
  process.exit()
}
