import type { MediaBytes, Sound } from '../../core/media.ts'
import { encodeWav } from '../media/wav-write.ts'
import { installedTransformers, type MusicModel, type Tokenizer, type Transformers, type TransformersSource } from './transformers.ts'

/** Smaller types are audibly worse. */
const precision = 'fp32'

/** One piece of music. */
export interface MusicOrder {
  model: string
  prompt: string
  /** As the transformers libraries name them. */
  parameters: Record<string, unknown>
}

/** Failures are told as plain words: what a provider's failure means is known to the thread that asked alone. */
export type MusicOutcome = { music: MediaBytes } | { unloadable: string } | { isGivenUp: true }

/** What the thread that asks for music says while it is made. */
export interface MusicHost {
  /** Ends when the music is given up. */
  givenUp(): Promise<void>
}

interface LoadedModel {
  transformers: Transformers
  tokenizer: Tokenizer
  model: MusicModel
}

/** Computes music step by step, which keeps the thread it runs in busy. A model is loaded once and kept. */
export function createMusicMaker(source: TransformersSource) {
  const loaded = new Map<string, Promise<LoadedModel>>()

  const load = async (name: string): Promise<LoadedModel> => {
    const transformers = await source.load()
    const { AutoTokenizer, MusicgenForConditionalGeneration } = transformers
    const [tokenizer, model] = await Promise.all([
      AutoTokenizer.from_pretrained(name),
      MusicgenForConditionalGeneration.from_pretrained(name, { dtype: precision }),
    ])
    return { transformers, tokenizer, model }
  }
  const modelOf = (name: string): Promise<LoadedModel> => {
    let one = loaded.get(name)
    if (!one) loaded.set(name, (one = load(name)))
    one.catch(() => loaded.delete(name))
    return one
  }

  return async (order: MusicOrder, host: MusicHost): Promise<MusicOutcome> => {
    let model: LoadedModel
    try {
      model = await modelOf(order.model)
    } catch (error) {
      return { unloadable: (error as Error).message }
    }
    const sound = await soundOf(model, order, host)
    return sound ? { music: { bytes: await encodeWav(sound, 16), mediaType: 'audio/wav' } } : { isGivenUp: true }
  }
}

/** With the package that the project has installed. */
export const makeMusic = createMusicMaker(installedTransformers)

/** @returns undefined when it was given up */
async function soundOf(
  { transformers, tokenizer, model }: LoadedModel,
  { prompt, parameters }: MusicOrder,
  host: MusicHost,
): Promise<Sound | undefined> {
  const stopping = new transformers.InterruptableStoppingCriteria()
  let isGivenUp = false
  void host.givenUp().then(() => {
    isGivenUp = true
    stopping.interrupt()
  })
  const inputs = await tokenizer(prompt)
  const { data, dims } = await model.generate({ ...inputs, ...parameters, stopping_criteria: stopping })
  if (isGivenUp) return undefined
  const channelCount = dims.length === 3 ? dims[1]! : 1
  const frames = data.length / channelCount
  return {
    channels: Array.from({ length: channelCount }, (_, c) => data.slice(c * frames, (c + 1) * frames)),
    sampleRateHz: model.config.audio_encoder.sampling_rate,
  }
}
