import { defineConfig } from 'astro/config'
import assetloom from 'assetloom/astro'

export default defineConfig({
  site: 'https://clay.example',
  integrations: [assetloom()],
})
