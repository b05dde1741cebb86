import { defineConfig } from 'assetloom'

export default defineConfig({
  tokens: {
    families: { POST: 'Postcards' },
    defaultFamily: 'POST',
    prefixes: { Badges: 'BADGE' },
    variants: { VIEW: 'Views', STAMP: 'Stamps', PAPER: 'Paper' },
  },
})
