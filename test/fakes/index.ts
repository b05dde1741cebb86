import type { FakeDefinition } from './fake.ts'
import { openaiFake } from './openai.ts'

/** Every provider that can be tried without paying; one line adds one. */
export const fakes: readonly FakeDefinition[] = [openaiFake]
