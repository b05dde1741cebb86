import { normalizePath, type Environment } from 'vite'
import type { AssetFile, AssetModule } from './asset-module.ts'
import type { AssetSource } from './asset-source.ts'
import { importFile, literal, type UrlWriter } from './facade-code.ts'

/** What a facade imports in dev to swap pictures in place. */
export const hotRequest = 'virtual:assetloom-hot'
export const hotId = '\0assetloom_hot'

/** Formats whose files Vite takes for assets without being told. */
const hostKnowsAsAsset = /\.(?:png|jpe?g|gif|svg|webp|avif|mp4|webm|ogg|mp3|wav|flac|woff2?|ttf|otf|pdf|txt)$/

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
  /** The host decides what to inline; a file that it cannot inline is emitted here, which saves a module per import. */
  const isEmitted = (file: AssetFile, isCandidate: boolean) => {
    if (command !== 'build' || isAstro || build.lib) return false
    if (isCandidate) return true
    return asset.hostQuery === '' && typeof build.assetsInlineLimit === 'number' && file.sizeBytes >= build.assetsInlineLimit
  }
  return {
    async url(file, code, isCandidate = false) {
      if (isEmitted(file, isCandidate)) return `"__VITE_ASSET__${input.emit(emission(file))}__"`
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

/** Code that follows a facade in dev: the module accepts itself, swaps its pictures in place, and gives up when it cannot. */
export function hotFooter(asset: AssetModule, urls: readonly string[]): string {
  return [
    `import { swapAssets } from ${literal(hotRequest)}`,
    'if (import.meta.hot) {',
    '  const { data } = import.meta.hot',
    `  const now = { urls: [${urls.join(', ')}], facts: ${literal(JSON.stringify([asset.widthPx, asset.heightPx, asset.alt, asset.content.shape === 'value' ? asset.content.value : 0]))} }`,
    '  data.isShown = !data.last || (data.last.facts === now.facts && swapAssets(data.last.urls, now.urls))',
    '  data.last = now',
    '  import.meta.hot.accept(() => import.meta.hot.data.isShown || import.meta.hot.invalidate())',
    '}',
    '',
  ].join('\n')
}
