import type { Processor } from '../../../core/ports.ts'
import { convert } from './convert.ts'
import { fade } from './fade.ts'
import { loop } from './loop.ts'
import { mono } from './mono.ts'
import { normalize } from './normalize.ts'
import { resample } from './resample.ts'
import { trimSilence } from './trim-silence.ts'
import { validate } from './validate.ts'

/** Every step a sound can take; a further one is one line here. */
export const audioProcessors: readonly Extract<Processor, { media: 'audio' }>[] = [
  trimSilence,
  normalize,
  fade,
  loop,
  resample,
  mono,
  convert,
  validate,
]
