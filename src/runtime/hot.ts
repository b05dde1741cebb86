import { swapAsset, swapAssets } from './swap.ts'

export { swapAssets }

interface HotContext {
  on(event: string, listener: (data: { from: string; to: string }[]) => void): void
}

// Refs in index.html have no module of their own: the dev server says what to swap.
const { hot } = import.meta as ImportMeta & { hot?: HotContext }
hot?.on('assetloom:swap', (pairs) => {
  const all = pairs.map(({ from, to }) => swapAsset(new URL(from, location.origin).href, new URL(to, location.origin).href))
  if (all.includes(false)) location.reload()
})
