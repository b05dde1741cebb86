import sharp from 'sharp'
import { contentHash } from '../../src/core/digest.ts'
import type { AssetloomError } from '../../src/core/errors.ts'
import type { Job, JobRequest, Reference } from '../../src/core/job.ts'
import { createRedactor } from '../../src/core/redact.ts'
import { createProviders } from '../../src/generators/providers.ts'
import { startMedia } from '../generators/media.ts'
import { expect } from 'vitest'
import type { ProviderOptions } from '../fakes/fake.ts'

type Prices = Record<string, Record<string, number>>

/** A shipped provider, asked as the engine asks it. */
export async function openProvider(id: string, options: ProviderOptions, prices: Prices = {}) {
  const provider = await createProviders({ options, keys: {}, prices, redact: createRedactor([]), media: startMedia() }).get(id)
  const jobOf = (request: Partial<JobRequest> = {}, references: Reference[] = []): Job => {
    const asked: JobRequest = { type: 'image', prompt: 'a red circle', variations: 1, parameters: {}, ...request }
    const model = asked.model ?? provider.defaultModel?.(asked)
    return { key: 'k', specId: 'spec', provider: id, request: { ...asked, ...(model !== undefined && { model }) }, references }
  }
  return {
    provider,
    quote: (request?: Partial<JobRequest>, references?: Reference[]) => provider.quote(jobOf(request, references)),
    generate: (request?: Partial<JobRequest>, references?: Reference[], signal = new AbortController().signal) =>
      provider.generate(jobOf(request, references), { signal }),
  }
}

/** A picture of the project, given as a reference or as its mask. */
export async function referenceOf(
  input: { widthPx?: number; heightPx?: number; format?: 'png' | 'jpeg' | 'webp' | 'gif'; color?: string; role?: Reference['role'] } = {},
): Promise<Reference> {
  const { widthPx = 64, heightPx = 64, format = 'png', color = '#c81e1e', role = 'reference' } = input
  const bytes = await sharp({ create: { width: widthPx, height: heightPx, channels: 4, background: color } }).toFormat(format).toBuffer()
  return { path: `brand/${role}.${format}`, role, hash: contentHash(bytes), read: async () => bytes }
}

export async function problemOf(act: () => unknown): Promise<AssetloomError> {
  try {
    await act()
  } catch (error) {
    return error as AssetloomError
  }
  return expect.fail('nothing was refused')
}
