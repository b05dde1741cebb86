import { distance } from 'fastest-levenshtein'
import { defineError } from '../../core/errors.ts'
import type { Job, JobRequest } from '../../core/job.ts'
import type { MediaBytes } from '../../core/media.ts'
import { createRandom } from '../../core/random.ts'

/** Size of a picture whose spec names none. */
const defaultSidePx = 512

type LocalJob = Pick<Job, 'key' | 'request'>

/**
 * Draw, synthesise or fill what a job asks of the local provider, one output per variation.
 * @throws PARAMETER_MISSPELT, OPTION_INVALID, RECIPE_UNKNOWN, SOUND_RECIPE_UNKNOWN, SOUND_TYPE_NOT_MADE
 */
export async function makeLocal(job: LocalJob): Promise<MediaBytes[]> {
  const outputs: MediaBytes[] = []
  for (let i = 0; i < job.request.variations; i++) outputs.push(await makeOne(job, seedOf(job, i)))
  return outputs
}

/** The first variation of a seed is the same however many are asked for. */
function seedOf(job: LocalJob, variation: number): string {
  const base = job.request.seed === undefined ? job.key : `seed ${job.request.seed}`
  return variation === 0 ? base : `${base} variation ${variation + 1}`
}

async function makeOne({ request }: LocalJob, seed: string): Promise<MediaBytes> {
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
