import type { Job } from '../../core/job.ts'
import type { Provider } from '../../core/ports.ts'
import { providerFailure } from '../../core/provider-failure.ts'
import { hubModelName } from '../hugging-face/model-name.ts'
import type { ProviderSettings } from '../providers.ts'
import { capabilities, musicRejected, transformersInput } from './call.ts'
import type { MusicOrder, MusicOutcome } from './make-music.ts'
import { installCommand } from './transformers.ts'

/** About 2 GB, fetched once into the package's own cache. */
const usualModel = 'Xenova/musicgen-small'
/** Half a minute of music takes many minutes on a slow machine. */
const timeoutMs = 60 * 60_000

/** What computes music on this machine. */
export interface MusicEngine {
  isInstalled(): boolean
  /** @param signal - gives the music up at its next step */
  make(order: MusicOrder, signal: AbortSignal): Promise<MusicOutcome>
}

/** MusicGen in this process: free, and slow without strong hardware. */
export function createInProcessMusicgen({ options }: ProviderSettings, engine: MusicEngine): Provider {
  const defaultModel = (options.model as string | undefined) ?? usualModel

  const orderOf = (job: Job): MusicOrder => {
    const { model = defaultModel, variations, prompt } = job.request
    if (variations > 1) throw musicRejected(`a call makes one sound, and ${variations} are asked`)
    if (!hubModelName.test(model)) throw musicRejected(`${model} is no name of a model`, `Write it as ${usualModel}.`)
    return { model, prompt, parameters: transformersInput(job) }
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
      engine.isInstalled()
        ? { available: true }
        : { available: false, reason: `via local needs a package that is not installed: ${installCommand}` },
    check: (job) => void orderOf(job),
    quote: () => 0,
    async generate(job, { signal }) {
      const order = orderOf(job)
      const outcome = await engine.make(order, signal)
      if ('music' in outcome) return { outputs: [outcome.music], costMicroUsd: 0, model: order.model }
      if ('isGivenUp' in outcome)
        throw providerFailure({ kind: 'aborted', provider: 'musicgen', message: 'given up before the music was ready' })
      throw musicRejected(
        `${order.model} could not be loaded: ${outcome.unloadable}`,
        'Check the name of the model, and that it can be fetched from Hugging Face or lies in the cache.',
      )
    },
  }
}
