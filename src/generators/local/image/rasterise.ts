import { pictureError } from '../../media/picture-errors.ts'
import { openBytes } from '../../media/sharp.ts'

/**
 * Draw our own SVG text as a PNG of exactly the given size. The same text gives the same bytes with the same sharp.
 * @throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE
 */
export async function rasterise(svg: string, widthPx: number, heightPx: number): Promise<Uint8Array> {
  try {
    return await openBytes(new TextEncoder().encode(svg), { density: 72 })
      .resize(widthPx, heightPx, { fit: 'fill' })
      .png({ compressionLevel: 8, adaptiveFiltering: false, palette: false })
      .toBuffer()
  } catch (error) {
    throw pictureError(error)
  }
}
