import { defineConfig } from 'assetloom'

export default defineConfig({
  tokens: {
    families: { TAPE: 'Tape deck' },
    defaultFamily: 'TAPE',
    variants: { LOOP: 'Loops', GRAIN: 'Grain' },
  },
})
