declare global {
  interface ImportMeta {
    readonly env?: { readonly BASE_URL: string }
  }
  interface Window {
    /** In dev only: what a person may ask of Assetloom in the console of the browser. */
    __assetloom?: { health(): Promise<unknown> }
  }
}

/** Give the page what is asked for in its console. Vite replaces the base by the sight of these words. */
export function addDevWindow(): void {
  const url = `${import.meta.env?.BASE_URL ?? '/'}__assetloom/health`
  window.__assetloom = {
    async health() {
      const response = await fetch(url)
      const body = (await response.json()) as { error?: { message: string } }
      if (!response.ok) throw new Error(`Assetloom health: ${body.error?.message ?? response.status}`)
      return body
    },
  }
}
