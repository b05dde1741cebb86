import type { z } from 'zod'
import type { ImageProcessor } from '../../../core/ports.ts'
import { carryOutChecks, checkOptions } from '../asked-checks.ts'
import { pictureChecks } from './checks.ts'

const options = checkOptions(pictureChecks, '{ max_bytes: 20 KB }')

export const validate: ImageProcessor<z.output<typeof options>> = {
  media: 'image',
  action: 'validate',
  version: 1,
  summary: 'Refuse a picture that does not keep its bounds.',
  options,
  colorRefs: ({ checks }) => checks.flatMap(({ check, bound }) => pictureChecks.get(check)!.colorRefs?.(bound) ?? []),
  run: async (state, { checks }, context) => {
    const results = await carryOutChecks(pictureChecks, checks, context.encode, (files) => ({
      state,
      files,
      colorsOf: (ref: string) => context.colorsOf(ref),
    }))
    return { ...state, checks: [...state.checks, ...results] }
  },
}
