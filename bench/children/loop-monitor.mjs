/* Preloaded with --import: writes the longest hold-up of the event loop of a process into the file LOOP_FILE names. */
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
process.on('exit', () => writeFileSync(process.env.LOOP_FILE, JSON.stringify({ maxMs: delay.max / 1e6, p99Ms: delay.percentile(99) / 1e6 })))
