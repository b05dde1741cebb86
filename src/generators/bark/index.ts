import type { Provider } from '../../core/ports.ts'
import { createHuggingFaceProvider } from '../hugging-face/create-hugging-face.ts'
import type { ProviderSettings } from '../providers.ts'
import { createReplicateProvider } from '../replicate/create-replicate.ts'
import { capabilities, replicateInput, transformersInput } from './call.ts'

/** Seen at Replicate on 2026-11-20; the option `version` names another. */
const replicateVersion = 'b76242b40d67c76ab6742e987628a2a9ac019e11d56ab96c4e91ce03b79b2787'

/** Speech and sounds by Bark: at Replicate or by an endpoint of Hugging Face. */
export function createBarkProvider(settings: ProviderSettings): Provider {
  const hubModel = { name: 'suno/bark', capabilities, parametersOf: transformersInput }
  switch (settings.options.via) {
    case 'local':
      return {
        ...createHuggingFaceProvider('bark', hubModel, settings),
        isAvailable: () => ({
          available: false,
          reason: 'Bark does not run in process: write via: "replicate" or via: "huggingface"',
        }),
      }
    case 'huggingface':
      return createHuggingFaceProvider('bark', hubModel, settings)
    default: {
      const model = { name: 'suno-ai/bark', version: replicateVersion, capabilities, inputOf: replicateInput }
      const fileIn = (output: unknown) => (output as { audio_out?: unknown } | null | undefined)?.audio_out
      return createReplicateProvider('bark', { ...model, fileIn }, settings)
    }
  }
}
