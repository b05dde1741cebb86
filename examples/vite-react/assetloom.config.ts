import { defineConfig } from 'assetloom'

export default defineConfig({
  tokens: {
    families: { CARDS: 'Creature cards' },
    defaultFamily: 'CARDS',
    variants: { WILD: 'Creatures', LAND: 'Lands', CLOTH: 'Cloth' },
  },
})
