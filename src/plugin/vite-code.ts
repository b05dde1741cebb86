import { codeText } from '../core/code-text.ts'
import { normalizePath, type Environment } from 'vite'
import type { AssetFile, AssetModule } from './asset-module.ts'
import type { AssetSource } from './asset-source.ts'
import { itemHotFooter } from './item-code.ts'
import { dataUrl, importFile, type UrlWriter } from './facade-code.ts'

/** What a facade imports in dev to swap pictures in place. */
export const hotRequest = 'virtual:assetloom-hot'
export const hotId = '\0assetloom_hot'

/** Formats whose files Vite takes for assets without being told. */
const hostKnowsAsAsset = /\.(?:png|jpe?g|gif|svg|webp|avif|mp4|webm|ogg|mp3|wav|flac|woff2?|ttf|otf|pdf|txt)$/

/** Pictures that Vite inlines as base64 of their bytes and nothing else; it spells SVG in a way of its own. */
const inlinedAsBase64 = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])

interface EmittedFile {
  type: 'asset'
  name: string
  originalFileName: string
  source: Uint8Array
}

/** How Vite, or Astro on it, spells the URLs of one module. */
export function urlWriter(input: {
  assets: AssetSource
  asset: AssetModule
  environment: Environment
  isAstro: boolean
  emit(file: EmittedFile): string
  /** Receives every URL expression, in order, for the hot footer. */
  urls: string[]
}): UrlWriter {
  const { assets, asset, environment, isAstro, urls } = input
  const { build, command } = environment.config
  const realPath = async (file: AssetFile, query: string) => {
    const path = normalizePath(await assets.serve(file))
    const wanted = query || (hostKnowsAsAsset.test(path) ? '' : 'url')
    return path + (wanted && `?${wanted}`)
  }
  /** Where the host would surely do the same, it is done here: a file and a module less for every import. */
  const inPlace = (file: AssetFile, isCandidate: boolean): string | undefined => {
    if (command !== 'build' || isAstro || build.lib) return undefined
    const emitted = () => `"__VITE_ASSET__${input.emit(emission(file))}__"`
    if (isCandidate) return emitted()
    if (asset.hostQuery !== '' || typeof build.assetsInlineLimit !== 'number') return undefined
    if (file.sizeBytes >= build.assetsInlineLimit) return emitted()
    return inlinedAsBase64.has(file.mediaType) ? codeText(dataUrl(file)) : undefined
  }
  return {
    async url(file, code, isCandidate = false) {
      const here = inPlace(file, isCandidate)
      if (here !== undefined) return here
      const name = importFile(code, await realPath(file, isAstro ? 'url' : isCandidate ? 'no-inline' : asset.hostQuery))
      urls.push(name)
      return name
    },
    ...(isAstro && {
      async value(file, code) {
        const name = importFile(code, await realPath(file, asset.hostQuery))
        urls.push(`typeof ${name} === "string" ? ${name} : ${name}.src`)
        return name
      },
    }),
  }
}

function emission(file: AssetFile): EmittedFile {
  return { type: 'asset', name: file.name, originalFileName: file.originalFileName, source: file.read() }
}

/**
 * Code that follows a facade in dev: the module accepts itself, swaps its pictures in place, and gives up when it
 * cannot.
 */
export function hotFooter(asset: AssetModule, urls: readonly string[]): string {
  if (asset.content.shape === 'item') return itemHotFooter(asset.content)
  return [
    `import { swapAssets } from ${codeText(hotRequest)}`,
    'if (import.meta.hot) {',
    '  const { data } = import.meta.hot',
    `  const now = { urls: [${urls.join(', ')}], facts: ${codeText(JSON.stringify([asset.widthPx, asset.heightPx, asset.alt, asset.content.shape === 'value' ? asset.content.value : 0]))} }`,
    '  data.isShown = !data.last || (data.last.facts === now.facts && swapAssets(data.last.urls, now.urls))',
    '  data.last = now',
    '  import.meta.hot.accept(() => import.meta.hot.data.isShown || import.meta.hot.invalidate())',
    '}',
    '',
  ].join('\n')
}
