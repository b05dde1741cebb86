import { a1111Fake } from './a1111.ts'
import { comfyuiFake } from './comfyui.ts'
import { elevenlabsFake } from './elevenlabs.ts'
import type { FakeDefinition } from './fake.ts'
import { fireflyFake } from './firefly.ts'
import { huggingFaceFake } from './hugging-face.ts'
import { openaiFake } from './openai.ts'
import { replicateFake } from './replicate.ts'
import { sdServerFake } from './sd-server.ts'
import { stabilityFake } from './stability.ts'

/** Every provider that can be tried without paying; one line adds one. */
export const fakes: readonly FakeDefinition[] = [
  openaiFake,
  stabilityFake,
  a1111Fake,
  comfyuiFake,
  sdServerFake,
  fireflyFake,
  elevenlabsFake,
  replicateFake,
  huggingFaceFake,
]
