import { setImmediate } from 'node:timers/promises'

/** Frames (or, of encoded data, bytes) worked on before other work gets its turn. */
export const framesPerBreath = 1 << 17

/** Let timers, sockets and watchers run between two blocks of long work. */
export const breath = (): Promise<void> => setImmediate()
