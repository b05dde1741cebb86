import { distance } from 'fastest-levenshtein'
import { defineError, isAssetloomError } from '../../core/errors.ts'
import type { Job, JobRequest } from '../../core/job.ts'
import type { MediaBytes } from '../../core/media.ts'
import type { Provider } from '../../core/ports.ts'
import { createRandom } from '../../core/random.ts'

/** Size of a picture whose spec names none. */
const defaultSidePx = 512

/**
 * The embedded provider: free, offline and deterministic. Pictures are drawn by recipes, sounds synthesised, text is the
 * filled prompt. What a job's seed leaves open its key decides, so the same job gives the same bytes everywhere.
 */
export function createLocalProvider(): Provider {
  return {
    id: 'local',
    version: 1,
    capabilities: {
      types: ['image', 'audio', 'music', 'text'],
      maxWidthPx: 8192,
      maxHeightPx: 8192,
      alpha: true,
      maxDurationSeconds: 120,
      references: 16,
      variationsPerCall: 64,
    },
    free: true,
    concurrency: 2,
    isAvailable: () => ({ available: true }),
    quote: () => 0,
    async generate(job) {
      const outputs: MediaBytes[] = []
      for (let i = 0; i < job.request.variations; i++) outputs.push(await makeOne(job, seedOf(job, i)))
      return {
        outputs,
        costMicroUsd: 0,
        model: 'local',
        ...(job.request.seed !== undefined && { seed: job.request.seed }),
      }
    },
  }
}

/** The first variation of a seed is the same however many are asked for. */
function seedOf(job: Job, variation: number): string {
  const base = job.request.seed === undefined ? job.key : `seed ${job.request.seed}`
  return variation === 0 ? base : `${base} variation ${variation + 1}`
}

async function makeOne({ request }: Job, seed: string): Promise<MediaBytes> {
  const random = createRandom(seed)
  switch (request.type) {
    case 'image': {
      const [{ chooseImageRecipe }, { rasterise }] = await Promise.all([
        import('./image/index.ts'),
        import('./image/rasterise.ts'),
      ])
      const widthPx = request.widthPx ?? defaultSidePx
      const heightPx = request.heightPx ?? defaultSidePx
      const recipe = chooseImageRecipe({ ...request, widthPx, heightPx })
      const svg = recipe.draw({
        prompt: request.prompt,
        widthPx,
        heightPx,
        random,
        parameters: knobsOf(request, recipe.parameters),
      })
      return { bytes: await rasterise(svg, widthPx, heightPx), mediaType: 'image/png' }
    }
    case 'audio':
    case 'music':
    case 'speech': {
      const [{ chooseSoundRecipe }, { encodeSound }, { resolveSoundEncoding }] = await Promise.all([
        import('./sound/index.ts'),
        import('../media/encode-sound.ts'),
        import('../media/sound-encoding.ts'),
      ])
      const recipe = chooseSoundRecipe(request)
      const sound = recipe.make({
        prompt: request.prompt,
        durationSeconds: request.durationSeconds,
        random,
        parameters: knobsOf(request, recipe.parameters),
      })
      return encodeSound(sound, resolveSoundEncoding('wav'))
    }
    case 'text':
      return { bytes: new TextEncoder().encode(`${request.prompt}\n`), mediaType: 'text/plain' }
  }
}

const parameterMisspelt = defineError('PARAMETER_MISSPELT', {
  summary: 'A prompt parameter is one letter away from one that counts.',
  message: (d: { name: string; meant: string }) => `prompt.parameters.${d.name} is no parameter of the local provider.`,
  hint: (d) => `Did you mean ${d.meant}?`,
  exit: 2,
})

/** Parameters that every spec may have; the spec format reads them. */
const commonParameters = ['size', 'quality', 'n_variations', 'seed', 'duration', 'voice']

/**
 * The parameters that the recipe has. A spec that names its recipe means them all, so an unknown one is an error there;
 * one that does not may have been written for another provider, whose parameters mean nothing here, and only what is
 * plainly misspelt is refused.
 */
function knobsOf(request: JobRequest, schema: unknown): Record<string, unknown> {
  if (request.recipe !== undefined) return request.parameters
  const known = Object.keys((schema as { shape?: object }).shape ?? {})
  return Object.fromEntries(
    Object.entries(request.parameters).filter(([name]) => {
      if (known.includes(name)) return true
      const meant = [...known, ...commonParameters].find((one) => distance(one, name) === 1)
      if (meant) throw parameterMisspelt({ name, meant })
      return false
    }),
  )
}

/**
 * Why a recipe named by a spec is none of ours, in words for a person; undefined when it is one.
 */
export async function recipeProblem(type: Job['request']['type'], recipe: string): Promise<string | undefined> {
  try {
    if (type === 'image') (await import('./image/index.ts')).chooseImageRecipe({ prompt: '', recipe })
    else if (type !== 'text') (await import('./sound/index.ts')).chooseSoundRecipe({ type, prompt: '', recipe })
    else return 'text has no recipes'
    return undefined
  } catch (error) {
    if (!isAssetloomError(error)) throw error
    return [error.message.replace(/\.$/, ''), error.hint].filter(Boolean).join('. ').replace(/\.$/, '')
  }
}
