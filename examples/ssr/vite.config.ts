import assetloom from 'assetloom/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [assetloom()],
  appType: 'custom',
  // `vite build --app` builds both environments.
  environments: {
    client: { build: { outDir: 'dist/client' } },
    ssr: { build: { outDir: 'dist/server', rollupOptions: { input: 'src/entry-server.ts' } } },
  },
  builder: {},
})
