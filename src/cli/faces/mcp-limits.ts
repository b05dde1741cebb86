import * as z from 'zod'

/** What a model may do, however it is connected. */
export const mcpLimits = {
  maxCostUsd: z.number().min(0).default(1).describe('Most US dollars that all calls of models together may spend while this runs; a budget of the project holds as well.'),
  callsPerMinute: z.number().int().min(1).max(100_000).default(120).describe('Most tool calls of models in a minute.'),
  tools: z.array(z.string().min(1)).default([]).describe('Offer models these tools only, e.g. search,info,content. Default: all.'),
  readOnly: z.boolean().default(false).describe('Offer models only what changes nothing.'),
}
