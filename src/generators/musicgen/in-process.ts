import type { Job } from '../../core/job.ts'
import type { Sound } from '../../core/media.ts'
import type { GenerationContext, Provider } from '../../core/ports.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { hubModelName } from '../hugging-face/model-name.ts'
import { encodeWav } from '../media/wav-write.ts'
import type { ProviderSettings } from '../providers.ts'
import { capabilities, transformersInput } from './call.ts'
import { installCommand, type MusicModel, type Tokenizer, type Transformers, type TransformersSource } from './transformers.ts'

/** About 2 GB, fetched once into the package's own cache. */
const usualModel = 'Xenova/musicgen-small'
/** Smaller types are audibly worse. */
const precision = 'fp32'
/** Half a minute of music takes many minutes on a slow machine. */
const timeoutMs = 60 * 60_000

interface LoadedModel {
  transformers: Transformers
  tokenizer: Tokenizer
  model: MusicModel
}

/**
 * MusicGen in this process: free, and slow without strong hardware. The model computes step by step on the main thread,
 * so that a dev server answers late while music is made.
 */
export function createInProcessMusicgen({ options }: ProviderSettings, source: TransformersSource): Provider {
  const defaultModel = (options.model as string | undefined) ?? usualModel
  const loaded = new Map<string, Promise<LoadedModel>>()

  const callOf = (job: Job) => {
    const { model: name = defaultModel, variations } = job.request
    if (variations > 1) throw rejected(`a call makes one sound, and ${variations} are asked`)
    if (!hubModelName.test(name)) throw rejected(`${name} is no name of a model`, `Write it as ${usualModel}.`)
    return { name, prompt: job.request.prompt, parameters: transformersInput(job) }
  }
  const load = async (name: string): Promise<LoadedModel> => {
    const transformers = await source.load()
    const { AutoTokenizer, MusicgenForConditionalGeneration } = transformers
    const [tokenizer, model] = await Promise.all([
      AutoTokenizer.from_pretrained(name),
      MusicgenForConditionalGeneration.from_pretrained(name, { dtype: precision }),
    ])
    return { transformers, tokenizer, model }
  }
  const modelOf = async (name: string): Promise<LoadedModel> => {
    let one = loaded.get(name)
    if (!one) loaded.set(name, (one = load(name)))
    try {
      return await one
    } catch (error) {
      loaded.delete(name)
      throw rejected(
        `${name} could not be loaded: ${(error as Error).message}`,
        'Check the name of the model, and that it can be fetched from Hugging Face or lies in the cache.',
        error,
      )
    }
  }

  return {
    id: 'musicgen',
    version: 1,
    capabilities: { ...capabilities, variationsPerCall: 1 },
    free: true,
    // The model takes every core that there is.
    concurrency: 1,
    timeoutMs,
    defaultModel: () => defaultModel,
    isAvailable: () =>
      source.isInstalled()
        ? { available: true }
        : { available: false, reason: `via local needs a package that is not installed: ${installCommand}` },
    check: (job) => void callOf(job),
    quote: () => 0,
    async generate(job, context) {
      const { name, prompt, parameters } = callOf(job)
      const sound = await soundOf(await modelOf(name), prompt, parameters, context)
      return {
        outputs: [{ bytes: await encodeWav(sound, 16), mediaType: 'audio/wav' }],
        costMicroUsd: 0,
        model: name,
      }
    },
  }
}

async function soundOf(
  { transformers, tokenizer, model }: LoadedModel,
  prompt: string,
  parameters: Record<string, unknown>,
  { signal }: GenerationContext,
): Promise<Sound> {
  const stopping = new transformers.InterruptableStoppingCriteria()
  const interrupt = () => stopping.interrupt()
  signal.addEventListener('abort', interrupt, { once: true })
  try {
    requireGoing(signal)
    const inputs = await tokenizer(prompt)
    const { data, dims } = await model.generate({ ...inputs, ...parameters, stopping_criteria: stopping })
    requireGoing(signal)
    const channelCount = dims.length === 3 ? dims[1]! : 1
    const frames = data.length / channelCount
    return {
      channels: Array.from({ length: channelCount }, (_, c) => data.slice(c * frames, (c + 1) * frames)),
      sampleRateHz: model.config.audio_encoder.sampling_rate,
    }
  } finally {
    signal.removeEventListener('abort', interrupt)
  }
}

function requireGoing(signal: AbortSignal): void {
  if (signal.aborted)
    throw providerFailure({ kind: 'aborted', provider: 'musicgen', message: 'given up before the music was ready' })
}

function rejected(message: string, hint?: string, cause?: unknown) {
  return providerFailure({ kind: 'rejected', provider: 'musicgen', message, ...(hint && { hint }) }, cause)
}
