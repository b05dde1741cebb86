import { fileURLToPath } from 'node:url'
import { createMediaWork, type MediaWork } from '../../src/generators/media-work.ts'

/** The program of worker threads, from the sources. */
export const workerSource = fileURLToPath(new URL('../../src/generators/workers/worker.ts', import.meta.url))

/** Media work as a workspace has it; its one worker starts when it is needed and keeps no process alive. */
export const startMedia = (program = workerSource): MediaWork => createMediaWork({ program, threads: 1 })
