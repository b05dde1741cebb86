import { defineEffect } from './effect.ts'

export const hit = defineEffect({
  name: 'hit',
  words: ['hit', 'hurt', 'damage', 'punch', 'slap', 'thud', 'crash', 'impact', 'land', 'landing'],
  summary: 'A short blow that falls.',
  preset: 'hitHurt',
  usualSeconds: [0.12, 0.3],
})
