import Keyv, { type KeyvStoreAdapter } from 'keyv'
import pLimit from 'p-limit'
import { contentHash } from '../core/digest.ts'
import { takeIdleFaults } from './idle-connection-faults.ts'

/**
 * A team's cache: records by key and blobs by digest in any Keyv store. Being down is one fault, never an error; after it
 * the store is not asked again.
 */
export interface SharedCache {
  getRecord<T>(key: string): Promise<T | undefined>
  setRecord(key: string, value: unknown): Promise<void>
  /** Whether there are bytes under a digest; they are looked at when they are fetched. */
  hasBlob(hash: string): Promise<boolean>
  /** Verified bytes, or undefined. */
  getBlob(hash: string): Promise<Uint8Array | undefined>
  setBlob(hash: string, bytes: Uint8Array): Promise<void>
  /** Ends the connections, so that they do not hold the process. */
  close(): Promise<void>
}

/** Waiting longer than this for a shared cache costs more than it saves. */
const answerTimeoutMs = 5_000
/** More for what is sent: a line of 4 Mbit/s. */
const sendMsPerByte = 0.002
/** Asked at once: a build asks for thousands, and the time of a question must not run while it waits for others. */
const questionsAtOnce = 16
/** A store that does not say goodbye in this time is left. */
const goodbyeTimeoutMs = 1_000

/** Caches that use a store: a config file that is loaded once may be opened by several workspaces. */
const users = new WeakMap<object, number>()

export function createSharedCache(input: {
  store: Keyv | KeyvStoreAdapter | Map<string, unknown>
  onFault(error: unknown): void
  onDamage(hash: string): void
}): SharedCache {
  const keyv = input.store instanceof Keyv ? input.store : new Keyv({ store: input.store, namespace: 'assetloom' })
  const store = keyv.store as Store
  users.set(store, (users.get(store) ?? 0) + 1)
  const questions = pLimit(questionsAtOnce)
  let isUp = true
  let isClosed = false

  /** @param isForced - now, whatever is under way: a client that goes on trying to connect would hold the process */
  const disconnect = async (isForced: boolean) => {
    try {
      await within(goodbyeTimeoutMs, async () => store.disconnect?.(isForced))
    } catch {
      if (!isForced) await disconnect(true)
    }
  }
  const fault = (error: unknown) => {
    if (!isUp || isClosed) return
    isUp = false
    input.onFault(error)
    void disconnect(true)
  }
  keyv.on('error', fault)
  const leaveIdleFaults = store.opts?.dialect === 'postgres' ? takeIdleFaults(fault) : undefined

  const asked = async <T>(work: () => Promise<T>, timeoutMs = answerTimeoutMs): Promise<T | undefined> => {
    if (!isUp) return undefined
    return questions(async () => {
      if (!isUp) return undefined
      try {
        return await within(timeoutMs, work)
      } catch (error) {
        fault(error)
        return undefined
      }
    })
  }

  return {
    getRecord: <T>(key: string) => asked(() => keyv.get<T>(key) as Promise<T | undefined>),
    async setRecord(key, value) {
      await asked(() => keyv.set(key, value))
    },
    hasBlob: async (hash) => (await asked(() => keyv.has(`blob:${hash}`))) === true,
    async getBlob(hash) {
      const text = await asked(() => keyv.get<string>(`blob:${hash}`))
      if (text === undefined) return undefined
      const bytes = Buffer.from(String(text), 'base64')
      if (contentHash(bytes) === hash) return bytes
      input.onDamage(hash)
      return undefined
    },
    async setBlob(hash, bytes) {
      const text = Buffer.from(bytes).toString('base64')
      await asked(() => keyv.set(`blob:${hash}`, text), answerTimeoutMs + text.length * sendMsPerByte)
    },
    async close() {
      if (isClosed) return
      isClosed = true
      const others = (users.get(store) ?? 1) - 1
      users.set(store, others)
      if (others === 0) await disconnect(!isUp)
      leaveIdleFaults?.()
    },
  }
}

/** What adapters have beside the methods that Keyv knows. */
interface Store {
  opts?: { dialect?: string }
  disconnect?(isForced?: boolean): unknown
}

/** @throws Error when the work takes longer */
async function within<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${Math.round(timeoutMs / 100) / 10} s`)), timeoutMs)
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}
