import { expect, it } from 'vitest'
import { plainPng } from '../../test/pictures.ts'
import { stepsToAskedSize } from './asked-size.ts'

const request = { type: 'image', widthPx: 64, heightPx: 32 } as const
const png = async (widthPx: number, heightPx: number) => ({ bytes: await plainPng(widthPx, heightPx, 'red'), mediaType: 'image/png' })
const svg = { bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), mediaType: 'image/svg+xml' }
const toSize = { action: 'resize', dimensions: '64x32' }
const validate = { action: 'validate', checks: [] }
const crop = { action: 'crop', width: 8 }
const resize = { action: 'resize', dimensions: '8x8' }

it.each([
  ['the asked size', request, [validate], [await png(64, 32)], [validate]],
  ['another size', request, [validate], [await png(128, 128)], [toSize, validate]],
  ['another size of one variation', request, [], [await png(64, 32), await png(65, 32)], [toSize]],
  ['another size, and a first measure in pixels', request, [crop, resize], [await png(128, 128)], [toSize, crop, resize]],
  ['another size, and a resize of its own', request, [validate, resize, crop], [await png(128, 128)], [validate, resize, crop]],
  ['a drawing', request, [], [svg], []],
  ['no asked size', { type: 'image' } as const, [], [await png(128, 128)], []],
  ['no picture', { type: 'audio' } as const, [], [{ bytes: Buffer.from('RIFF'), mediaType: 'audio/wav' }], []],
])('%s', async (_, asked, steps, outputs, wanted) => {
  expect(await stepsToAskedSize(asked, steps, outputs)).toEqual(wanted)
})
