export { preloadAssets, type LoadableAsset, type LoadedAsset } from './preload.ts'
export { swapAsset, swapAssets } from './swap.ts'
