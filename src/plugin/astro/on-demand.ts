import { placedIn } from '../placed-request.ts'
import { altMissing, notBundled, notPicture, refMissing } from './picture-errors.ts'
import type { PictureRequest, ResolvedPicture } from './picture.ts'

interface Facade {
  default: unknown
  alt?: string | undefined
  meta: { kind?: unknown; hasAlpha?: unknown; mediaType?: unknown }
}

/** Part of the server bundle: finds pictures among those that the build foresaw. Runs without Node. */
export function createPictures(
  facades: ReadonlyMap<string, () => Promise<Facade>>,
): (request: PictureRequest) => Promise<ResolvedPicture> {
  return async ({ ref, alt, component, page, site }) => {
    if (typeof ref !== 'string' || ref === '')
      throw refMissing({ component, page, given: JSON.stringify(ref) ?? 'undefined' })
    const load = (site === undefined ? undefined : facades.get(placedIn(ref, site))) ?? facades.get(ref)
    if (!load) throw notBundled({ component, page, ref })
    const asset = await load()
    const picture = asset.default as ResolvedPicture['src'] | string
    if (typeof picture === 'string') throw notPicture({ component, page, ref, kind: String(asset.meta.kind) })
    const text = alt ?? asset.alt
    if (text === undefined) throw altMissing({ component, page, ref })
    const isOpaquePhoto =
      asset.meta.hasAlpha === false && ['image/webp', 'image/avif'].includes(String(asset.meta.mediaType))
    return { src: picture, alt: text, fallbackFormat: isOpaquePhoto ? 'jpg' : undefined }
  }
}
