import pLimit, { type LimitFunction } from 'p-limit'
import type { Provider } from '../core/ports.ts'
import type { PlannedJob } from '../plan/plan.ts'
import { createProviderGate, type ProviderGate } from './provider-gate.ts'

/** Assets in work at once whose raw answers are in the cache. */
const derivesAtOnce = 4

/**
 * Jobs in work for every call that a provider takes at once: while one is asked for, another is made ready and a third
 * kept, so that the provider never waits for that.
 */
const jobsPerCall = 3

/**
 * Reservations open for every call that a provider takes at once: of calls under way, of the next ones, and of answers
 * that are not kept and booked yet. What a crash can lose stands in the books as reserved, and is no more than these.
 */
const reservationsPerCall = 2

/** The calls that one provider takes at once. */
export interface Lane {
  provider: Provider
  gate: ProviderGate
  /** Everything between reserving and booking. */
  reservations: LimitFunction
  places: Places
}

interface Places {
  /** Wait for a place at the provider. @returns gives the place back, at the first call */
  take(): Promise<() => void>
  /** A call waits for a place. */
  areAwaited(): boolean
}

interface LanePorts {
  provider(id: string): Promise<Provider>
  now(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** Bounded parallelism per provider: over jobs, and over the calls that they make. */
export function createLanes(ports: LanePorts, concurrency: number | undefined) {
  const lanes = new Map<string, Promise<Lane & { jobs: LimitFunction }>>()
  const derives = pLimit(derivesAtOnce)
  const of = (id: string) => {
    let lane = lanes.get(id)
    if (!lane) {
      lane = ports.provider(id).then((provider) => {
        const atOnce = Math.max(1, Math.min(provider.concurrency, concurrency ?? Infinity))
        const jobs = pLimit(atOnce)
        // The first calls go out before anything is made ready for the ones after them.
        setImmediate(() => (jobs.concurrency = atOnce * jobsPerCall))
        return {
          provider,
          gate: createProviderGate({ provider: id, now: ports.now, sleep: ports.sleep }),
          reservations: pLimit(atOnce * reservationsPerCall),
          places: createPlaces(atOnce),
          jobs,
        }
      })
      lanes.set(id, lane)
    }
    return lane
  }
  return {
    of,
    jobs: async (job: PlannedJob): Promise<LimitFunction> =>
      job.action === 'derive' ? derives : (await of(job.candidate!.provider)).jobs,
  }
}

function createPlaces(count: number): Places {
  const places = pLimit(count)
  return {
    take: () =>
      new Promise((taken) => {
        void places(() => new Promise<void>((giveBack) => taken(giveBack)))
      }),
    areAwaited: () => places.pendingCount > 0,
  }
}
