import { randomInt } from 'node:crypto'
import type { Provider } from '../../core/ports.ts'
import { createHttp } from '../http/create-http.ts'
import { detectMediaType } from '../media/detect-media-type.ts'
import type { ProviderSettings } from '../providers.ts'
import { askA1111 } from './a1111.ts'
import { draftCall } from './call.ts'
import { comfyCheckpoint, createComfyui } from './comfyui.ts'
import { readFault } from './failures.ts'
import type { Flavor } from './flavor.ts'
import { askSdServer } from './sd-server.ts'

/** A picture may take many minutes on a machine without a graphics card. */
const timeoutMs = 1_800_000
/** Time to take a job back before the engine gives it up. */
const stopWithinMs = 15_000
/** One above the largest that every server takes. */
const seeds = 2 ** 32

const flavors: Readonly<Record<string, Flavor>> = {
  a1111: askA1111,
  comfyui: createComfyui({ deadlineMs: timeoutMs - stopWithinMs }),
  'sd-server': askSdServer,
}

/** Pictures by a Stable Diffusion server of one's own, which costs nothing: A1111 or Forge, ComfyUI, sd-server. */
export function createStableDiffusionProvider({ options }: ProviderSettings): Provider {
  const { flavor = 'a1111', model } = options as { flavor?: string; model?: string }
  const baseURL = (options.baseURL as string | undefined)?.replace(/\/+$/, '')
  const http = createHttp({ provider: 'stable-diffusion', readFault })
  const checkpoint = model ?? (flavor === 'comfyui' ? comfyCheckpoint : undefined)

  return {
    id: 'stable-diffusion',
    version: 1,
    // A reference and its mask.
    capabilities: { types: ['image'], maxWidthPx: 4096, maxHeightPx: 4096, references: 2, variationsPerCall: 1 },
    free: true,
    // It has one graphics card.
    concurrency: 1,
    timeoutMs,
    defaultModel: () => checkpoint,
    isAvailable: () =>
      baseURL
        ? { available: true }
        : { available: false, reason: 'the options name no server: providers["stable-diffusion"].baseURL' },
    check: (job) => void draftCall(job, 0),
    quote: () => 0,
    async generate(job, { signal }) {
      const { size: asked, strength, ...draft } = draftCall(job, randomInt(seeds))
      // Loaded late: most jobs have no reference, and pictures are heavy to load.
      const { readSource } = await import('./source.ts')
      const { size, image, mask } = await readSource(job.references, asked)
      const call = { ...draft, ...size, ...(image && { source: { image, strength, ...(mask && { mask }) } }) }
      const { bytes, seed = call.seed } = await flavors[flavor]!({ baseURL: baseURL!, http }, call, signal)
      const format = await detectMediaType(bytes)
      return {
        outputs: [{ bytes, mediaType: format?.mediaType ?? 'application/octet-stream' }],
        costMicroUsd: 0,
        seed,
        ...(call.model !== undefined && { model: call.model }),
      }
    },
  }
}
