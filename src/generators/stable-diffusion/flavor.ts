import type { Http } from '../http/create-http.ts'
import type { Size } from '../transform/target-size.ts'

/** A self-hosted server. */
export interface Server {
  /** Without a closing slash. */
  baseURL: string
  http: Http
}

/** One picture as every flavour of server can be asked for it; what is absent is left to the server. */
export interface PictureCall extends Size {
  prompt: string
  /** Empty when nothing is unwanted. */
  negative: string
  seed: number
  /** The checkpoint, as the server calls it. */
  model?: string
  steps?: number
  cfgScale?: number
  /** As the server spells it. */
  sampler?: string
  scheduler?: string
  /** The picture to begin with. */
  source?: Source
}

/** What a picture is made from beside its prompt; PNGs of the size of the picture. */
export interface Source {
  image: Uint8Array
  /** White where the picture may be changed, black elsewhere. */
  mask?: Uint8Array
  /** 0 gives the source back, 1 leaves nothing of it. */
  strength: number
}

export interface Made {
  bytes: Uint8Array
  /** Where the server tells. */
  seed?: number
}

/** How one sort of server is asked. @throws ProviderFailure */
export type Flavor = (server: Server, call: PictureCall, signal: AbortSignal) => Promise<Made>

/** For flavours whose servers have no defaults of their own; those of the usual user interfaces. */
export const usualSteps = 20
export const usualCfgScale = 7
