import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { hash8 } from '../../core/digest.ts'
import type { AssetFile } from '../asset-module.ts'
import { formatWord, type ResolvedPicture } from './picture.ts'

/** How a run of Astro spells a file as ImageMetadata. */
export type Placer = (file: AssetFile, size: { widthPx: number; heightPx: number }) => Promise<ResolvedPicture['src']>
type Serve = (file: AssetFile) => Promise<string>

/** In dev Astro's image endpoint reads the real file; its content-hash folder makes a new URL of every new content. */
export function devPlacer(serve: Serve): Placer {
  return async (file, { widthPx, heightPx }) => {
    const path = (await serve(file)).replaceAll('\\', '/')
    const format = formatWord(file)
    const query = new URLSearchParams({ origWidth: String(widthPx), origHeight: String(heightPx), origFormat: format })
    return { src: `/@fs/${path.replace(/^\//, '')}?${query}`, width: widthPx, height: heightPx, format }
  }
}

/**
 * While pages are generated the bundle is closed, and what a page asks for is known only now. An original that the
 * bundle holds is taken from there; another goes to where Astro's image generation looks for originals. Astro takes
 * either away again when only derived sizes are used. Nothing that no page asks for is read, written or shipped.
 * @param input.emitted - name of the bundled file with these bytes
 */
export function buildPlacer(input: {
  serve: Serve
  base: string
  assetsFolder: string
  originalsFolder: () => string
  emitted: (file: AssetFile) => string | undefined
}): Placer {
  const placed = new Map<string, Promise<ResolvedPicture['src']>>()
  const place = async (file: AssetFile, widthPx: number, heightPx: number) => {
    const served = await input.serve(file)
    const bundled = input.emitted(file)
    const extension = extname(file.name)
    const name =
      bundled ?? `${input.assetsFolder}/${file.name.slice(0, -extension.length)}.${hash8(file.hash)}${extension}`
    const target = join(input.originalsFolder(), name)
    if (!bundled) {
      await mkdir(dirname(target), { recursive: true })
      await copyFile(served, target)
    }
    const src = `${input.base.replace(/\/$/, '')}/${name}`
    // By fsPath Astro knows whether somebody uses the original itself; a copy of ours is used by nobody else.
    return Object.defineProperty({ src, width: widthPx, height: heightPx, format: formatWord(file) }, 'fsPath', {
      value: bundled ? served.replaceAll('\\', '/') : target,
      enumerable: false,
    })
  }
  return (file, { widthPx, heightPx }) => {
    const key = `${file.hash}/${file.name}`
    const known = placed.get(key) ?? place(file, widthPx, heightPx)
    placed.set(key, known)
    return known
  }
}
