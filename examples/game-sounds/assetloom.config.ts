import { defineConfig } from 'assetloom'

export default defineConfig({
  tokens: {
    families: { HOP: 'Hop' },
    defaultFamily: 'HOP',
    variants: { JUMP: 'Jumps', WILD: 'Creatures', FX: 'Effects', GAME: 'Game sounds' },
  },
})
