import type { MediaKind } from '../../core/media.ts'
import type { GenerationType } from '../../core/job.ts'
import type { Processor } from '../../core/ports.ts'
import { audioProcessors } from './audio/index.ts'
import { imageProcessors } from './image/index.ts'

/** Every post-processing step, for pictures and for sounds. */
export const processors: readonly Processor[] = [...imageProcessors, ...audioProcessors]

const mediaOf: Readonly<Record<GenerationType, MediaKind>> = {
  image: 'image',
  audio: 'audio',
  music: 'audio',
  speech: 'audio',
  text: 'text',
}

/** The steps that what a type generates can take. */
export function processorsFor(type: GenerationType): readonly Processor[] {
  return processors.filter((processor) => processor.media === mediaOf[type])
}
