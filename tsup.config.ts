import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'cli/main': 'src/cli/main.ts',
    'plugin/vite': 'src/plugin/vite.ts',
  },
  format: 'esm',
  target: 'node22',
  platform: 'node',
  splitting: true,
  clean: true,
  dts: { entry: { index: 'src/index.ts', 'plugin/vite': 'src/plugin/vite.ts' } },
  external: ['vite', 'astro', 'assetloom'],
})
