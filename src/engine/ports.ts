/* What the engine needs of the parts below and beside it; the workspace hands them over. */

export interface BlobPort {
  put(layer: 'raw' | 'derived', bytes: Uint8Array): Promise<string>
  get(hash: string): Uint8Array | undefined
}

export interface CachePort {
  get<T>(key: string): Promise<T | undefined>
  set(key: string, value: unknown): Promise<void>
}

export interface SharedPort {
  getRecord<T>(key: string): Promise<T | undefined>
  setRecord(key: string, value: unknown): Promise<void>
  getBlob(hash: string): Promise<Uint8Array | undefined>
  setBlob(hash: string, bytes: Uint8Array): Promise<void>
}

export interface LockPort {
  alone<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>
}
