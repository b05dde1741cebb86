import { defineEffect } from './effect.ts'

export const laser = defineEffect({
  name: 'laser',
  words: ['laser', 'shoot', 'shot', 'blaster', 'zap', 'pew', 'beam', 'gun'],
  summary: 'A tone that falls fast.',
  preset: 'laserShoot',
  usualSeconds: [0.15, 0.4],
})
