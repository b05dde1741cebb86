import * as z from 'zod'
import { formatOfMediaType } from '../../../core/media.ts'
import type { Encoding, ImageProcessor } from '../../../core/ports.ts'
import type { PictureFormat } from '../../../core/transform.ts'
import { resolveEncoding } from '../../media/encoding.ts'

const options = z.strictObject({
  lossy: z
    .boolean()
    .default(false)
    .describe('Reduce PNG to at most 256 colours; much smaller, seldom visible on flat art.'),
})
type Options = z.output<typeof options>

/** The slow, small settings of each encoder; pixels keep the quality they have. */
const thorough: Record<PictureFormat, (lossy: boolean) => Record<string, unknown>> = {
  png: (lossy) =>
    lossy ? { palette: true, colors: 256, quality: 90, effort: 10, compressionLevel: 9 } : { compressionLevel: 9 },
  webp: () => ({ effort: 6, smartSubsample: true }),
  avif: () => ({ effort: 6 }),
  jpg: () => ({ mozjpeg: true, progressive: true }),
  gif: () => ({ effort: 10 }),
}

export const optimize: ImageProcessor<Options> = {
  media: 'image',
  action: 'optimize',
  version: 1,
  summary: 'Let the encoders work longer for smaller files; put it after `convert`.',
  options,
  run: async (state, { lossy }, context) => {
    const encodings = state.encodings.length > 0 ? state.encodings : await ownEncoding(context.encode)
    return {
      ...state,
      encodings: encodings.map(({ format, options }) =>
        resolveEncoding(format, { ...options, ...thorough[format as PictureFormat](lossy) }),
      ),
    }
  },
}

/** The format that the asset has by itself is known only by what would be written. */
async function ownEncoding(encode: () => Promise<{ mediaType: string }[]>): Promise<Encoding[]> {
  const [first] = await encode()
  return [resolveEncoding(formatOfMediaType(first!.mediaType)?.extension ?? 'png')]
}
