import type { JobRequest } from '../../core/job.ts'
import type { Provider } from '../../core/ports.ts'
import { priceUnknown } from '../define-provider.ts'
import { createHttp } from '../http/create-http.ts'
import type { ProviderSettings } from '../providers.ts'
import { defaultModels, durations, soundCall } from './call.ts'
import { readFault } from './failures.ts'
import { readSoundAnswer } from './output-format.ts'
import { quoteMicroUsd } from './prices.ts'

const publicBaseURL = 'https://api.elevenlabs.io'

/** Sound effects, music and speech by ElevenLabs. */
export function createElevenlabsProvider({ options, keys }: ProviderSettings): Provider {
  const baseURL = ((options.baseURL as string | undefined) ?? publicBaseURL).replace(/\/+$/, '')
  const apiKey = (options.apiKey as string | undefined) ?? keys.ELEVENLABS_API_KEY
  const http = createHttp({ provider: 'elevenlabs', readFault })

  return {
    id: 'elevenlabs',
    version: 1,
    capabilities: { types: ['audio', 'music', 'speech'], durations, variationsPerCall: 1 },
    free: false,
    // What the smallest plans allow at once.
    concurrency: 2,
    defaultModel: ({ type }: JobRequest) => (defaultModels as Partial<Record<string, string>>)[type],
    isAvailable: () =>
      apiKey
        ? { available: true }
        : { available: false, reason: 'ELEVENLABS_API_KEY is not set, and the options name no apiKey' },
    check: (job) => void soundCall(job),
    quote(job) {
      const { priced } = soundCall(job)
      const quoted = quoteMicroUsd(priced)
      if (quoted === undefined) throw priceUnknown({ provider: 'elevenlabs', model: priced.model })
      return quoted
    },
    async generate(job, { signal }) {
      const { path, outputFormat, body, priced } = soundCall(job)
      const answer = await http.send({
        url: `${baseURL}${path}?output_format=${outputFormat}`,
        headers: { 'xi-api-key': apiKey! },
        json: body,
        signal,
      })
      const credits = Number(answer.headers.get('character-cost') ?? NaN)
      const { seed } = body
      return {
        outputs: [await readSoundAnswer(answer, outputFormat)],
        // A model without a list price is only asked when the options price it, and is then charged so.
        costMicroUsd: quoteMicroUsd(priced) ?? 0,
        model: priced.model,
        ...(typeof seed === 'number' && { seed }),
        meta: { outputFormat, ...(Number.isFinite(credits) && { credits }) },
      }
    },
  }
}
