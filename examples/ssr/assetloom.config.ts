import { defineConfig } from 'assetloom'

export default defineConfig({
  tokens: { families: { LODGE: 'The lodge' }, defaultFamily: 'LODGE' },
})
