import { usdToMicro, type MicroUsd } from '../core/cost.ts'
import { defineError } from '../core/errors.ts'
import { didYouMean } from '../core/near.ts'
import type { Provider } from '../core/ports.ts'
import type { Redactor } from '../core/redact.ts'
import { defineProvider, guardProvider } from './define-provider.ts'
import type { MediaWork } from './media-work.ts'

const providerUnknown = defineError('PROVIDER_UNKNOWN', {
  summary: 'A spec or flag names a provider that does not exist.',
  message: (d: { id: string; known: string[] }) => `There is no provider ${JSON.stringify(d.id)}.`,
  hint: (d) =>
    `${didYouMean(d.id, d.known) ?? ''} Known: ${d.known.join(', ')}. Add your own with defineProvider under providers in the options.`.trim(),
  exit: 2,
})

const providerMisplaced = defineError('PROVIDER_MISPLACED', {
  summary: 'A provider of the options stands under another name than its id.',
  message: (d: { key: string; id: string }) => `providers.${d.key} is a provider with the id ${d.id}.`,
  hint: (d) => `Write providers: { "${d.id}": … }.`,
  exit: 2,
})

/** What a shipped provider is made from: its own options and the keys from the environment. */
export interface ProviderSettings {
  options: Record<string, unknown>
  keys: Readonly<Record<string, string>>
}

interface ShippedProvider {
  id: string
  load(settings: ProviderSettings & { media: MediaWork }): Promise<Provider>
}

/** The providers that ship with Assetloom; one line adds one. */
const shipped: readonly ShippedProvider[] = [
  { id: 'local', load: async ({ media }) => (await import('./local/index.ts')).createLocalProvider(media.makeLocal) },
  { id: 'openai', load: async (settings) => (await import('./openai/index.ts')).createOpenaiProvider(settings) },
  {
    id: 'stability',
    load: async (settings) => (await import('./stability/index.ts')).createStabilityProvider(settings),
  },
  {
    id: 'stable-diffusion',
    load: async (settings) => (await import('./stable-diffusion/index.ts')).createStableDiffusionProvider(settings),
  },
  { id: 'firefly', load: async (settings) => (await import('./firefly/index.ts')).createFireflyProvider(settings) },
  {
    id: 'elevenlabs',
    load: async (settings) => (await import('./elevenlabs/index.ts')).createElevenlabsProvider(settings),
  },
  { id: 'bark', load: async (settings) => (await import('./bark/index.ts')).createBarkProvider(settings) },
  {
    id: 'musicgen',
    load: async (settings) =>
      (await import('./musicgen/index.ts')).createMusicgenProvider(settings, settings.media.music),
  },
]

export interface Providers {
  /** @throws PROVIDER_UNKNOWN */
  get(id: string): Promise<Provider>
  known(): string[]
}

/**
 * The providers of a project: shipped ones and its own, each loaded at first use, with the prices of the options.
 * @param input.options - `providers` of the options; a member with a `generate` function is a provider of the project's own
 * @throws PROVIDER_MISPLACED
 */
export function createProviders(input: {
  options: Readonly<Record<string, unknown>>
  keys: Readonly<Record<string, string>>
  prices: Readonly<Record<string, Readonly<Record<string, number>>>>
  redact: Redactor
  media: MediaWork
}): Providers {
  const own = new Map<string, Provider>()
  for (const [key, value] of Object.entries(input.options)) {
    const provider = value as Partial<Provider> | undefined
    if (typeof provider?.generate !== 'function') continue
    if (provider.id !== key) throw providerMisplaced({ key, id: String(provider.id) })
    own.set(key, defineProvider(provider as Provider))
  }
  const known = [...new Set([...shipped.map(({ id }) => id), ...own.keys()])]
  const loaded = new Map<string, Promise<Provider>>()

  const loadShipped = async (id: string): Promise<Provider | undefined> => {
    const options = (input.options[id] ?? {}) as Record<string, unknown>
    const provider = await shipped.find((one) => one.id === id)?.load({ options, keys: input.keys, media: input.media })
    return provider && { ...provider, ...(options.timeoutMs !== undefined && { timeoutMs: Number(options.timeoutMs) }) }
  }
  const load = async (id: string): Promise<Provider> => {
    const found = own.get(id) ?? (await loadShipped(id))
    if (found) return guardProvider(withPrices(found, input.prices[id]), input)
    throw providerUnknown({ id, known })
  }
  return {
    get(id) {
      let provider = loaded.get(id)
      if (!provider) loaded.set(id, (provider = load(id)))
      return provider
    },
    known: () => known,
  }
}

/** A model that the options price is charged exactly that, per output. */
function withPrices(provider: Provider, prices: Readonly<Record<string, number>> | undefined): Provider {
  if (!prices) return provider
  const priceOf = (model: string | undefined): MicroUsd | undefined => {
    const usd = (model === undefined ? undefined : prices[model]) ?? prices['*']
    return usd === undefined ? undefined : usdToMicro(usd, `prices.${provider.id}`)
  }
  return {
    ...provider,
    free: provider.free && Object.values(prices).every((usd) => usd === 0),
    isAvailable: () => provider.isAvailable(),
    ...(provider.check && { check: (job) => provider.check!(job) }),
    quote(job) {
      const price = priceOf(job.request.model)
      return price === undefined ? provider.quote(job) : price * job.request.variations
    },
    async generate(job, context) {
      const generation = await provider.generate(job, context)
      const price = priceOf(job.request.model)
      return price === undefined ? generation : { ...generation, costMicroUsd: price * generation.outputs.length }
    },
  }
}
