import type { Provider } from '../../core/ports.ts'
import { priceUnknown } from '../define-provider.ts'
import { createHttp } from '../http/create-http.ts'
import type { ProviderSettings } from '../providers.ts'
import { readAnswer } from './answers.ts'
import { stabilityCall } from './call.ts'
import { readFault } from './failures.ts'
import { defaultModel, priceMicroUsd } from './models.ts'
import { readReference } from './reference.ts'

const publicBaseURL = 'https://api.stability.ai'

/** Pictures by Stable Image v2beta of Stability AI: from a prompt, or from a prompt and one reference. */
export function createStabilityProvider({ options, keys }: ProviderSettings): Provider {
  const baseURL = ((options.baseURL as string | undefined) ?? publicBaseURL).replace(/\/+$/, '')
  const apiKey = (options.apiKey as string | undefined) ?? keys.STABILITY_API_KEY
  const http = createHttp({ provider: 'stability', readFault })

  return {
    id: 'stability',
    version: 1,
    // It makes about a million pixels in a shape of its list; what is asked beyond twice that width would be a blur.
    capabilities: { types: ['image'], maxWidthPx: 2048, maxHeightPx: 2048, references: 1, variationsPerCall: 1 },
    free: false,
    concurrency: 4,
    defaultModel: () => defaultModel,
    isAvailable: () =>
      apiKey
        ? { available: true }
        : { available: false, reason: 'STABILITY_API_KEY is not set, and the options name no apiKey' },
    check: (job) => void stabilityCall(job),
    quote(job) {
      const { known, model } = stabilityCall(job)
      if (!known) throw priceUnknown({ provider: 'stability', model })
      return priceMicroUsd(known) * job.request.variations
    },
    async generate(job, { signal }) {
      const call = stabilityCall(job)
      const [reference] = job.references
      const form = new FormData()
      for (const [name, value] of Object.entries(call.fields)) form.append(name, value)
      if (reference) form.append('image', await readReference(reference))
      const answer = await http.send({
        url: `${baseURL}${call.path}`,
        headers: { authorization: `Bearer ${apiKey}`, accept: 'image/*' },
        body: form,
        signal,
      })
      const { output, seed } = await readAnswer(answer)
      return {
        outputs: [output],
        // A model without a list price is only asked when the options price it, and is then charged so.
        costMicroUsd: call.known ? priceMicroUsd(call.known) : 0,
        model: call.model,
        ...(seed !== undefined && { seed }),
      }
    },
  }
}
