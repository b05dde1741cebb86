import { copyFile, mkdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
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
 * While pages are generated the bundle is closed, and what a page asks for is known only now. So the original goes to
 * where Astro's image generation looks for originals; Astro takes it away again when only derived sizes are used.
 * Nothing that no page asks for is read, written or shipped.
 */
export function buildPlacer(input: { serve: Serve; base: string; assetsFolder: string; originalsFolder: () => string }): Placer {
  const placed = new Map<string, Promise<ResolvedPicture['src']>>()
  const place = async (file: AssetFile, widthPx: number, heightPx: number) => {
    const extension = extname(file.name)
    const name = `${file.name.slice(0, -extension.length)}.${hash8(file.hash)}${extension}`
    const folder = join(input.originalsFolder(), input.assetsFolder)
    const target = join(folder, name)
    await mkdir(folder, { recursive: true })
    await copyFile(await input.serve(file), target)
    const src = `${input.base.replace(/\/$/, '')}/${input.assetsFolder}/${name}`
    // Astro forgets an original whose fsPath nobody read by itself; the copy has a path of its own for that.
    return Object.defineProperty({ src, width: widthPx, height: heightPx, format: formatWord(file) }, 'fsPath', { value: target, enumerable: false })
  }
  return (file, { widthPx, heightPx }) => {
    const key = `${file.hash}/${file.name}`
    const known = placed.get(key) ?? place(file, widthPx, heightPx)
    placed.set(key, known)
    return known
  }
}
