import { addDevWindow } from './dev-window.ts'
import { swapAsset, swapAssets } from './swap.ts'

export { swapAssets }

declare global {
  interface ImportMeta {
    readonly hot?: { on(event: string, listener: (data: { from: string; to: string }[]) => void): void }
  }
}

addDevWindow()

// Refs in index.html have no module of their own: the dev server says what to swap.
// Spelled out whole, because Vite gives a module its hot context by the sight of these words.
const hot = import.meta.hot
hot?.on('assetloom:swap', (pairs) => {
  const all = pairs.map(({ from, to }) =>
    swapAsset(new URL(from, location.origin).href, new URL(to, location.origin).href),
  )
  if (all.includes(false)) location.reload()
})
