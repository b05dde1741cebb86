/** Work that is not done yet, whoever still waits for it: a project is closed after it. */
export interface InFlight {
  track<T>(work: Promise<T>): Promise<T>
  /** All that was begun has ended, well or not. */
  settled(): Promise<void>
}

export function createInFlight(): InFlight {
  const works = new Set<Promise<unknown>>()
  return {
    track(work) {
      works.add(work)
      const forget = () => void works.delete(work)
      work.then(forget, forget)
      return work
    },
    async settled() {
      while (works.size > 0) await Promise.allSettled(works)
    },
  }
}
