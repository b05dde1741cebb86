import sharp from 'sharp'
import { expect, it } from 'vitest'
import { formatOfExtension } from '../../core/media.ts'
import { inspectMedia } from './read-media.ts'

const picture = async () => new Uint8Array(await sharp({ create: { width: 12, height: 8, channels: 4, background: '#336699' } }).png().toBuffer())
const png = formatOfExtension('.png')!

it('looks at the same bytes once, and at equal ones of another array anew', async () => {
  const bytes = await picture()
  const looked = await inspectMedia(bytes, png)
  expect(looked.facts).toMatchObject({ widthPx: 12, heightPx: 8, dominantColorHex: '#336699' })
  expect(await inspectMedia(bytes, png)).toBe(looked)
  const again = await inspectMedia(await picture(), png)
  expect(again).not.toBe(looked)
  expect(again.facts).toEqual(looked.facts)
})

it('finds the same fault in damaged bytes each time', async () => {
  const bytes = (await picture()).slice(0, 60)
  for (let time = 0; time < 2; time++) await expect(inspectMedia(bytes, png)).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' })
})
