import * as z from 'zod'
import { cacheLines, cacheSchema, measureCache } from './cache-contents.ts'
import { defineOperation } from './operation.ts'

export default defineOperation({
  input: z.strictObject({}),
  output: cacheSchema,
  effect: 'read',
  example: 'assetloom cache stats',
  run: (_input, { workspace }) => measureCache(workspace),
  present: (cache) => cacheLines(cache).join('\n'),
})
