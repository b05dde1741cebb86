import { defineEffect } from './effect.ts'

export const powerUp = defineEffect({
  name: 'power-up',
  words: ['power up', 'powerup', 'level up', 'upgrade', 'success', 'win', 'victory', 'heal', 'unlock'],
  summary: 'A tone that climbs, often in repeats.',
  preset: 'powerUp',
  usualSeconds: [0.5, 0.9],
})
