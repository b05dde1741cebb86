import { defineConfig } from 'assetloom'

export default defineConfig({
  tokens: {
    families: { LOOM: 'Assetloom' },
    defaultFamily: 'LOOM',
    prefixes: { Badges: 'BADGE', Avatars: 'AVATAR', Patterns: 'PATTERN' },
    variants: { DUSK: 'Dusk', FACE: 'Portraits', SEAL: 'Seals', WILD: 'Creatures', FX: 'Effects', CLOTH: 'Cloth', LOOP: 'Loops', GAME: 'Game sounds' },
  },
})
