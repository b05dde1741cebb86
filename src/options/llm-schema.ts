import * as z from 'zod'
import { keyed } from './endpoint-schema.ts'

const usdPerMillion = z.number().min(0).max(1_000_000)

/** An endpoint that speaks as OpenAI's /chat/completions does. */
export const chatEndpoint = z.strictObject({
  ...keyed,
  model: z.string().min(1),
  maxOutputTokens: z.number().int().min(1).max(1_000_000).default(4096),
  prices: z.record(z.string(), z.strictObject({ inputUsdPerMillion: usdPerMillion, outputUsdPerMillion: usdPerMillion })).default({}),
})
export type ChatEndpoint = z.output<typeof chatEndpoint>
