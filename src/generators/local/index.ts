import { isAssetloomError } from '../../core/errors.ts'
import type { Job } from '../../core/job.ts'
import type { MediaBytes } from '../../core/media.ts'
import type { Provider } from '../../core/ports.ts'

/**
 * The embedded provider: free, offline and deterministic. Pictures are drawn by recipes, sounds synthesised, text is the
 * filled prompt. What a job's seed leaves open its key decides, so the same job gives the same bytes everywhere.
 * @param make - `makeLocal` of make-local.ts, here or in a worker thread
 */
export function createLocalProvider(make: (job: Job) => Promise<MediaBytes[]>): Provider {
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
      return {
        outputs: await make(job),
        costMicroUsd: 0,
        model: 'local',
        ...(job.request.seed !== undefined && { seed: job.request.seed }),
      }
    },
  }
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
