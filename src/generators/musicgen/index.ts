import type { Provider } from '../../core/ports.ts'
import { createHuggingFaceProvider } from '../hugging-face/create-hugging-face.ts'
import type { ProviderSettings } from '../providers.ts'
import { createReplicateProvider } from '../replicate/create-replicate.ts'
import { capabilities, replicateInput, transformersInput } from './call.ts'
import { createInProcessMusicgen, type MusicEngine } from './in-process.ts'

/** Seen at Replicate on 2026-11-20; the option `version` names another. */
const replicateVersion = 'b05b1dff1d8c6dc63d14b0cdb42135378dcb87f6373b0d3d341ede46e59e2b38'

const licenseNote = 'The weights of MusicGen are under CC-BY-NC-4.0: not for commercial use.'

/**
 * Music by MusicGen: at Replicate, by an endpoint of Hugging Face, or in this process.
 * @param engine - what computes it in this process
 */
export function createMusicgenProvider(settings: ProviderSettings, engine: MusicEngine): Provider {
  const provider = providerVia(settings, engine)
  return {
    ...provider,
    generate: async (job, context) => ({ ...(await provider.generate(job, context)), licenseNote }),
  }
}

function providerVia(settings: ProviderSettings, engine: MusicEngine): Provider {
  switch (settings.options.via) {
    case 'local':
      return createInProcessMusicgen(settings, engine)
    case 'huggingface': {
      const model = { name: 'facebook/musicgen-small', capabilities, parametersOf: transformersInput }
      return createHuggingFaceProvider('musicgen', model, settings)
    }
    default: {
      const model = { name: 'meta/musicgen', version: replicateVersion, capabilities, inputOf: replicateInput }
      return createReplicateProvider('musicgen', { ...model, fileIn: (output) => output }, settings)
    }
  }
}
