import type { z } from 'zod'
import type { MediaBytes } from '../../../core/media.ts'
import type { AudioProcessor } from '../../../core/ports.ts'
import { carryOutChecks, checkOptions } from '../asked-checks.ts'
import { soundChecks } from './checks.ts'

const options = checkOptions(soundChecks, '{ duration_range: [0.2, 0.6] }')

export const validate: AudioProcessor<z.output<typeof options>> = {
  media: 'audio',
  action: 'validate',
  version: 1,
  summary: 'Refuse a sound that does not keep its bounds.',
  options,
  run: async (state, { checks }, context) => {
    const measured = (files: () => Promise<readonly MediaBytes[]>) => ({ sound: state.media, files })
    const results = await carryOutChecks(soundChecks, checks, context.encode, measured)
    return { ...state, checks: [...state.checks, ...results] }
  },
}
