import type { Processor } from '../../../core/ports.ts'
import { backgroundRemove } from './background-remove.ts'
import { blur } from './blur.ts'
import { composite } from './composite.ts'
import { convert } from './convert.ts'
import { crop } from './crop.ts'
import { extend } from './extend.ts'
import { optimize } from './optimize.ts'
import { outline } from './outline.ts'
import { palette } from './palette.ts'
import { pixelate } from './pixelate.ts'
import { resize } from './resize.ts'
import { sharpen } from './sharpen.ts'
import { spriteSheet } from './sprite-sheet.ts'
import { trim } from './trim.ts'
import { validate } from './validate.ts'

/** Every step a picture can take; a further one is one line here. */
export const imageProcessors: readonly Extract<Processor, { media: 'image' }>[] = [
  resize,
  trim,
  crop,
  extend,
  composite,
  backgroundRemove,
  palette,
  outline,
  pixelate,
  blur,
  sharpen,
  convert,
  optimize,
  spriteSheet,
  validate,
]
