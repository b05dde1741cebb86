import Keyv, { type KeyvStoreAdapter } from 'keyv'
import { contentHash } from '../core/digest.ts'

/** A team's cache: records by key and blobs by digest in any Keyv store. Being down is one warning, never an error. */
export interface SharedCache {
  getRecord<T>(key: string): Promise<T | undefined>
  setRecord(key: string, value: unknown): Promise<void>
  /** Verified bytes, or undefined. */
  getBlob(hash: string): Promise<Uint8Array | undefined>
  setBlob(hash: string, bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}

/** Waiting longer than this for a shared cache costs more than it saves. */
const answerTimeoutMs = 5_000

export function createSharedCache(input: {
  store: Keyv | KeyvStoreAdapter | Map<string, unknown>
  onFault(error: unknown): void
  onDamage(hash: string): void
}): SharedCache {
  const keyv = input.store instanceof Keyv ? input.store : new Keyv({ store: input.store, namespace: 'assetloom' })
  let isUp = true
  const fault = (error: unknown) => {
    if (isUp) input.onFault(error)
    isUp = false
  }
  keyv.on('error', fault)

  const asked = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (!isUp) return undefined
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${answerTimeoutMs / 1000} s`)), answerTimeoutMs)
    })
    try {
      return await Promise.race([work(), late])
    } catch (error) {
      fault(error)
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    getRecord: <T>(key: string) => asked(() => keyv.get<T>(key) as Promise<T | undefined>),
    async setRecord(key, value) {
      await asked(() => keyv.set(key, value))
    },
    async getBlob(hash) {
      const text = await asked(() => keyv.get<string>(`blob:${hash}`))
      if (typeof text !== 'string') return undefined
      const bytes = Buffer.from(text, 'base64')
      if (contentHash(bytes) === hash) return bytes
      input.onDamage(hash)
      return undefined
    },
    async setBlob(hash, bytes) {
      await asked(() => keyv.set(`blob:${hash}`, Buffer.from(bytes).toString('base64')))
    },
    async close() {
      if (isUp) await keyv.disconnect().catch(() => undefined)
    },
  }
}
