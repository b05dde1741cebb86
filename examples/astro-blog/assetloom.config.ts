import { defineConfig } from 'assetloom'

export default defineConfig({
  tokens: {
    families: { SLOW: 'Slow Horizons' },
    variants: { COAST: 'Coast', FOREST: 'Forest', NIGHT: 'Night', DUNES: 'Dunes', RIDGE: 'Ridge', LINES: 'Contour lines' },
    defaultFamily: 'SLOW',
  },
  constants: false,
})
