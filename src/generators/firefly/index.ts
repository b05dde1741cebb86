import type { Generation, Provider } from '../../core/ports.ts'
import { priceUnknown } from '../define-provider.ts'
import { downloadResult } from '../http/download.ts'
import { mediaBytesOf } from '../media/media-bytes.ts'
import type { ProviderSettings } from '../providers.ts'
import { createFireflyApi, type FireflyApi } from './api.ts'
import { fireflyCall, maxReferences, maxVariations } from './call.ts'
import { handIn, waitForJob, type JobResult } from './job.ts'
import { defaultModel, largest } from './models.ts'
import { createPace } from './pace.ts'
import { readInputs, withUploads } from './references.ts'

const publicBaseURL = 'https://firefly-api.adobe.io'
const publicImsBaseURL = 'https://ims-na1.adobelogin.com'
/** Of the vendor's own host, by its documentation of 2025. */
const publicRequestsPerMinute = 4

/** Pictures by Adobe Firefly Services: an asynchronous job, paid by contract. */
export function createFireflyProvider({ options, keys }: ProviderSettings): Provider {
  const ownBaseURL = options.baseURL as string | undefined
  const baseURL = withoutSlash(ownBaseURL ?? publicBaseURL)
  const imsBaseURL = withoutSlash((options.imsBaseURL as string | undefined) ?? publicImsBaseURL)
  const clientId = (options.clientId as string | undefined) ?? keys.FIREFLY_CLIENT_ID
  const clientSecret = (options.clientSecret as string | undefined) ?? keys.FIREFLY_CLIENT_SECRET
  const perMinute =
    (options.requestsPerMinute as number | undefined) ?? (ownBaseURL === undefined ? publicRequestsPerMinute : Infinity)
  const pace = createPace(perMinute)
  let known: FireflyApi | undefined
  const connect = () =>
    (known ??= createFireflyApi({ baseURL, imsBaseURL, clientId: clientId!, clientSecret: clientSecret! }))

  return {
    id: 'firefly',
    version: 1,
    capabilities: {
      types: ['image'],
      maxWidthPx: largest.widthPx,
      maxHeightPx: largest.heightPx,
      alpha: false,
      references: maxReferences,
      variationsPerCall: maxVariations,
    },
    free: false,
    concurrency: 2,
    defaultModel: () => defaultModel,
    isAvailable() {
      const missing = [
        ...(clientId ? [] : ['FIREFLY_CLIENT_ID (clientId)']),
        ...(clientSecret ? [] : ['FIREFLY_CLIENT_SECRET (clientSecret)']),
      ]
      if (missing.length === 0) return { available: true }
      return { available: false, reason: `neither the environment nor the options have ${missing.join(' and ')}` }
    },
    check: (job) => void fireflyCall(job),
    quote(job) {
      throw priceUnknown({ provider: 'firefly', model: fireflyCall(job).model })
    },
    async generate(job, context) {
      const call = fireflyCall(job)
      const api = connect()
      const pictures = await readInputs(call.inputs)
      const body = await withUploads(api, call.body, pictures, context.signal)
      await pace.turn(context.signal)
      const handed = await handIn(api, call, body, context.signal)
      return generationOf(await waitForJob(api, handed, context), call.model, context.signal)
    },
  }
}

/** Results lie on another host, which gets no key. */
async function generationOf({ outputs }: JobResult, model: string, signal: AbortSignal): Promise<Generation> {
  const media = await Promise.all(
    outputs.map(async ({ image }) => {
      const { bytes } = await downloadResult({ provider: 'firefly', url: image.url, signal })
      return mediaBytesOf(bytes)
    }),
  )
  const seeds = outputs.flatMap(({ seed }) => seed ?? [])
  return {
    outputs: media,
    // By contract, not by list: `prices` of the options says it.
    costMicroUsd: 0,
    model,
    ...(seeds[0] !== undefined && { seed: seeds[0] }),
    ...(seeds.length > 0 && { meta: { seeds } }),
  }
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '')
