/** What an `asset:` import gives, as far as loading needs it. */
export interface LoadableAsset {
  /** URL of the file. */
  src: string
  meta?: { mediaType?: string }
}

/** A loaded file: a decoded picture, or the bytes of anything else (a sound for `AudioContext.decodeAudioData`). */
export type LoadedAsset = HTMLImageElement | ArrayBuffer

/**
 * Load assets before they are shown or played.
 * @param assets - by any name, e.g. the record that `import all from "asset:SFX-ACME-*"` gives
 * @param onProgress - called with the fraction done, 0…1, after each file
 * @returns the loaded files under the same names
 * @throws Error naming the first asset that could not be loaded
 * @example
 * const loaded = await preloadAssets({ hero, jump }, (done) => bar.value = done)
 */
export async function preloadAssets<K extends string>(
  assets: Record<K, LoadableAsset | string>,
  onProgress?: (fraction: number) => void,
): Promise<Record<K, LoadedAsset>> {
  const names = Object.keys(assets) as K[]
  let done = 0
  const pairs = await Promise.all(
    names.map(async (name) => {
      const asset = assets[name]
      const src = typeof asset === 'string' ? asset : asset.src
      const mediaType = typeof asset === 'string' ? undefined : asset.meta?.mediaType
      const loaded = isPicture(src, mediaType) ? await loadPicture(name, src) : await loadBytes(name, src)
      onProgress?.(++done / names.length)
      return [name, loaded] as const
    }),
  )
  return Object.fromEntries(pairs) as Record<K, LoadedAsset>
}

function isPicture(src: string, mediaType: string | undefined): boolean {
  return mediaType
    ? mediaType.startsWith('image/')
    : /^data:image\/|\.(?:png|jpe?g|webp|avif|gif|svg)(?:[?#]|$)/.test(src)
}

async function loadPicture(name: string, src: string): Promise<HTMLImageElement> {
  const image = new Image()
  image.src = src
  try {
    await image.decode()
  } catch (cause) {
    throw new Error(`The picture ${name} could not be loaded from ${src}.`, { cause })
  }
  return image
}

async function loadBytes(name: string, src: string): Promise<ArrayBuffer> {
  const response = await fetch(src)
  if (!response.ok) throw new Error(`The asset ${name} could not be loaded from ${src} (${response.status}).`)
  return response.arrayBuffer()
}
