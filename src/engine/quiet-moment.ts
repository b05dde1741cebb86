/** Calls that went out together have gone when none followed for so long. */
const goneAfterMs = 15

/** How long work waits for calls to go out: those of a slow provider may take minutes. */
const patienceMs = 250

/**
 * Work that holds up everything else waits until calls have just gone out: whatever answers the provider gives, none
 * comes at that moment, and no place at the provider stays empty because of it.
 */
export interface QuietMoment {
  /** A call went out. */
  sent(): void
  /** Carry out work at the next such moment; work that waits already is carried out only once. */
  await(work: () => void): void
  /** Forget what waits. */
  cancel(): void
}

export function createQuietMoment(): QuietMoment {
  let waiting: (() => void) | undefined
  let timer: NodeJS.Timeout | undefined
  let latest: NodeJS.Timeout | undefined
  const cancel = () => {
    clearTimeout(timer)
    clearTimeout(latest)
    waiting = undefined
  }
  const carryOut = () => {
    const work = waiting
    cancel()
    work?.()
  }
  return {
    sent() {
      if (!waiting) return
      clearTimeout(timer)
      timer = setTimeout(carryOut, goneAfterMs)
    },
    await(work) {
      if (!waiting) latest = setTimeout(carryOut, patienceMs)
      waiting = work
    },
    cancel,
  }
}
