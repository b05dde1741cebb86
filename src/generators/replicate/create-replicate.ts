import type { Job } from '../../core/job.ts'
import type { Provider, ProviderCapabilities } from '../../core/ports.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { priceUnknown } from '../define-provider.ts'
import { downloadResult } from '../http/download.ts'
import { mediaBytesOf } from '../media/media-bytes.ts'
import type { ProviderSettings } from '../providers.ts'
import { runPrediction } from './predictions.ts'

const publicBaseURL = 'https://api.replicate.com/v1'
/** A model that nobody used for a while is started first, which takes minutes. */
const deadlineMs = 15 * 60_000
/** The cancelling of a run that took too long included. */
const timeoutMs = deadlineMs + 60_000

/** A model at Replicate that gives one file per run. */
export interface ReplicateModel {
  /** `owner/name`: {@link version} of it, unless the options or the spec name another. */
  name: string
  /** 64 hex digits. */
  version: string
  capabilities: ProviderCapabilities
  /** What a job asks of the model. @throws PROVIDER_REJECTED for what it does not take */
  inputOf(job: Job): Record<string, unknown>
  /** Where in its output the address of the file stands. */
  fileIn(output: unknown): unknown
}

/** A provider whose sounds one model at Replicate makes. Hardware has no public price per run: the options say it. */
export function createReplicateProvider(
  provider: string,
  model: ReplicateModel,
  { options, keys }: ProviderSettings,
): Provider {
  const baseURL = ((options.baseURL as string | undefined) ?? publicBaseURL).replace(/\/+$/, '')
  const apiKey = (options.apiKey as string | undefined) ?? keys.REPLICATE_API_TOKEN
  const version = options.version as string | undefined
  /** The version is part of the name, and so of the job key, where it is not the adapter's own. */
  const defaultModel = version === undefined || version === model.version ? model.name : `${model.name}:${version}`

  const versionOf = ({ request }: Job): string => {
    const name = request.model ?? defaultModel
    if (name === model.name) return model.version
    const [, named] = /^[\w.-]+\/[\w.-]+:([0-9a-f]{64})$/.exec(name) ?? []
    if (named !== undefined) return named
    throw providerFailure({
      kind: 'rejected',
      provider,
      message: `there is no model ${name} at Replicate that ${provider} could use`,
      hint: `Write ${model.name}, or ${model.name}:<version> with the 64 hex digits of a version.`,
    })
  }
  const callOf = (job: Job) => {
    const { variations } = job.request
    if (variations > 1)
      throw providerFailure({
        kind: 'rejected',
        provider,
        message: `a run makes one sound, and ${variations} are asked`,
      })
    return { version: versionOf(job), input: model.inputOf(job) }
  }

  return {
    id: provider,
    version: 1,
    capabilities: { ...model.capabilities, variationsPerCall: 1 },
    free: false,
    // An account with little credit may begin one run per second.
    concurrency: 2,
    timeoutMs,
    defaultModel: () => defaultModel,
    isAvailable: () =>
      apiKey
        ? { available: true }
        : { available: false, reason: 'REPLICATE_API_TOKEN is not set, and the options name no apiKey' },
    check: (job) => void callOf(job),
    quote({ request }) {
      throw priceUnknown({ provider, model: request.model ?? defaultModel })
    },
    async generate(job, { signal }) {
      const { id, output, predictSeconds } = await runPrediction({
        provider,
        baseURL,
        apiKey: apiKey!,
        ...callOf(job),
        deadlineMs,
        signal,
      })
      const url = model.fileIn(output)
      if (typeof url !== 'string')
        throw providerFailure({ kind: 'bad-output', provider, message: `the run ${id} ended without a file` })
      const { bytes } = await downloadResult({ provider, url, signal })
      return {
        outputs: [await mediaBytesOf(bytes)],
        // What a run costs is only known from the options, which are then charged.
        costMicroUsd: 0,
        model: job.request.model ?? defaultModel,
        meta: { prediction: id, ...(predictSeconds !== undefined && { predictSeconds }) },
      }
    },
  }
}
