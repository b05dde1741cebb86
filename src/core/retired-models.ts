/** A model that its provider has shut down, or will. */
interface RetiredModel {
  /** Spellings, as a provider or as a model. */
  names: readonly string[]
  shutDown: string
  provider: string
  replacement: string
}

/** Dates from the vendor's deprecation notices; one line adds one. */
const retiredModels: readonly RetiredModel[] = [
  { names: ['dall-e-3', 'dalle-3', 'dalle3'], shutDown: '2026-05-12', provider: 'openai', replacement: 'gpt-image-2' },
  { names: ['dall-e-2', 'dalle-2', 'dalle2'], shutDown: '2026-05-12', provider: 'openai', replacement: 'gpt-image-2' },
  { names: ['gpt-image-1'], shutDown: '2026-10-23', provider: 'openai', replacement: 'gpt-image-2' },
]

/** Models that still answer until a day that is known; nothing is put in their place before the author does. */
const endingModels: readonly RetiredModel[] = [
  {
    names: ['gpt-image-1.5', 'gpt-image-1.5-2025-12-16', 'gpt-image-1-mini', 'chatgpt-image-latest'],
    shutDown: '2026-12-01',
    provider: 'openai',
    replacement: 'gpt-image-2',
  },
]

/** Qualities of the retired models and what comes nearest today. */
const retiredQualities: Readonly<Record<string, string>> = { hd: 'high', standard: 'medium' }

const byName = new Map(retiredModels.flatMap((model) => model.names.map((name) => [name, model] as const)))

/** What takes the place of a provider and model; `warning` says so, or that the model is about to end. */
export function currentModel(
  provider: string,
  model: string | undefined,
): { provider: string; model?: string; warning?: string; isRetired: boolean } {
  const retired = byName.get(model ?? '') ?? byName.get(provider)
  if (!retired) {
    const ending = endingModels.find((one) => one.provider === provider && one.names.includes(model ?? ''))
    const warning = ending && `${model} ends on ${ending.shutDown}. Write model: ${ending.replacement} in the spec.`
    return { provider, ...(model !== undefined && { model }), ...(warning && { warning }), isRetired: false }
  }
  const named = model !== undefined && byName.has(model) ? model : provider
  const kept = model !== undefined && !byName.has(model) ? model : retired.replacement
  return {
    provider: byName.has(provider) ? retired.provider : provider,
    model: kept,
    warning: `${named} was shut down on ${retired.shutDown}; ${kept} of ${retired.provider} takes its place. Write provider: ${retired.provider}, model: ${kept} in the spec.`,
    isRetired: true,
  }
}

/** A quality in today's words, when the spec was written for a retired model. */
export function currentQuality(quality: string): string {
  return retiredQualities[quality] ?? quality
}
