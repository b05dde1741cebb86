import { defineConfig } from 'astro/config'
import assetloom from 'assetloom/astro'

export default defineConfig({
  site: 'https://slow-horizons.example',
  integrations: [assetloom()],
})
