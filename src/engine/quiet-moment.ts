/** Calls that take the places of answers go out within this time: before it is over nothing is known of the next ones. */
const settleMs = 6

/** The first call of a provider opens connections and loads what it needs: those beside it may be this much shorter. */
const firstShare = 0.75

/**
 * Work that holds up everything else waits until no answer is due while it lasts: no place at a provider then stays
 * empty because of it. What a provider's calls took before tells when one is due at the earliest.
 */
export interface QuietMoment {
  /** A call goes out. @returns to be told that its answer is there, or that none will come; only the first time counts */
  sent(provider: string): () => void
  /**
   * Ends when no answer is due for so long.
   * @param patienceMs - how long that is waited for: answers may be due all the time
   */
  lasting(neededMs: number, patienceMs: number): Promise<void>
  /** Nobody waits any more. */
  end(): void
}

/** @param input.now - milliseconds of a steady clock */
export function createQuietMoment({ now }: { now(): number }): QuietMoment {
  const underWay = new Set<{ provider: string; sentMs: number }>()
  /** About the shortest time that an answer took, by provider; it forgets slowly. */
  const shortestMs = new Map<string, number>()
  const waiting = new Set<{ neededMs: number; patience: NodeJS.Timeout; over(): void }>()
  let check: NodeJS.Timeout | undefined

  const dueInMs = () => {
    const dues = [...underWay].map(({ provider, sentMs }) => sentMs + (shortestMs.get(provider) ?? Infinity))
    return Math.min(...dues) - now()
  }
  const settle = (one: { patience: NodeJS.Timeout; over(): void }) => {
    clearTimeout(one.patience)
    one.over()
  }
  const look = () => {
    clearTimeout(check)
    if (waiting.size === 0) return
    check = setTimeout(() => {
      const quietMs = dueInMs()
      for (const one of waiting)
        if (one.neededMs <= quietMs) {
          waiting.delete(one)
          settle(one)
        }
    }, settleMs)
  }
  return {
    sent(provider) {
      const call = { provider, sentMs: now() }
      underWay.add(call)
      look()
      return () => {
        if (!underWay.delete(call)) return
        const tookMs = now() - call.sentMs
        const before = shortestMs.get(provider) ?? tookMs * firstShare
        shortestMs.set(provider, Math.min(tookMs, before + (tookMs - before) / 8))
        look()
      }
    },
    lasting(neededMs, patienceMs) {
      return new Promise<void>((over) => {
        const one = {
          neededMs,
          over,
          patience: setTimeout(() => {
            waiting.delete(one)
            over()
          }, patienceMs),
        }
        waiting.add(one)
        look()
      })
    },
    end() {
      clearTimeout(check)
      waiting.forEach(settle)
      waiting.clear()
    },
  }
}
