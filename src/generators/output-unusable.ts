import { defineError } from '../core/errors.ts'

export const outputUnusable = defineError('OUTPUT_UNUSABLE', {
  summary: 'What a provider returned is no media of the type the spec asks for.',
  message: (d: { found: string; wanted: string }) =>
    `The provider returned ${d.found}, and the spec asks for ${d.wanted}.`,
  hint: () => 'The raw answer is kept. Look at the provider and model of the spec.',
})
