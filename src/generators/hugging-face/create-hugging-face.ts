import type { Job } from '../../core/job.ts'
import type { Provider, ProviderCapabilities } from '../../core/ports.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { priceUnknown } from '../define-provider.ts'
import { createHttp } from '../http/create-http.ts'
import type { ProviderSettings } from '../providers.ts'
import { readFaultFor } from './failures.ts'
import { hubModelName } from './model-name.ts'
import { readSoundAnswer } from './sound-answer.ts'

const router = 'https://router.huggingface.co/hf-inference/models'

/** Without a graphics card, a minute of work makes a few seconds of sound. */
const timeoutMs = 15 * 60_000

/** A model that an endpoint of Hugging Face serves. */
export interface HubModel {
  /** `owner/name`, unless the options or the spec name another. */
  name: string
  capabilities: ProviderCapabilities
  /** What a job asks beside its prompt. @throws PROVIDER_REJECTED for what the model does not take */
  parametersOf(job: Job): Record<string, unknown>
}

/**
 * A provider whose sounds an endpoint of Hugging Face makes, or any server that answers as one does. Endpoints are paid
 * by the hour, so the options say what a sound costs.
 */
export function createHuggingFaceProvider(
  provider: string,
  model: HubModel,
  { options, keys }: ProviderSettings,
): Provider {
  const endpoint = options.baseURL as string | undefined
  const apiKey = (options.apiKey as string | undefined) ?? keys.HF_TOKEN
  const defaultModel = (options.model as string | undefined) ?? model.name
  const http = createHttp({ provider, readFault: readFaultFor(provider) })
  const rejected = (message: string, hint?: string) =>
    providerFailure({ kind: 'rejected', provider, message, ...(hint && { hint }) })

  const callOf = (job: Job) => {
    const { model: name = defaultModel, prompt, variations } = job.request
    if (variations > 1) throw rejected(`a call makes one sound, and ${variations} are asked`)
    if (!hubModelName.test(name)) throw rejected(`${name} is no name of a model`, `Write it as ${model.name}.`)
    return { url: endpoint ?? `${router}/${name}`, json: { inputs: prompt, parameters: model.parametersOf(job) }, name }
  }

  return {
    id: provider,
    version: 1,
    capabilities: { ...model.capabilities, variationsPerCall: 1 },
    free: false,
    // An endpoint has one machine as a rule, which makes one sound after the other.
    concurrency: 1,
    timeoutMs,
    defaultModel: () => defaultModel,
    isAvailable: () =>
      apiKey
        ? { available: true }
        : { available: false, reason: 'HF_TOKEN is not set, and the options name no apiKey' },
    check: (job) => void callOf(job),
    quote({ request }) {
      throw priceUnknown({ provider, model: request.model ?? defaultModel })
    },
    async generate(job, { signal }) {
      const { url, json, name } = callOf(job)
      const headers = { authorization: `Bearer ${apiKey}` }
      const answer = await http.send({ url, headers, json, signal, isSlow: true })
      return { outputs: [await readSoundAnswer(provider, answer)], costMicroUsd: 0, model: name }
    },
  }
}
