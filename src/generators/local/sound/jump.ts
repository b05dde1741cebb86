import { defineEffect } from './effect.ts'

export const jump = defineEffect({
  name: 'jump',
  words: ['jump', 'jumping', 'hop', 'leap', 'bounce', 'double jump'],
  summary: 'A short tone that rises.',
  preset: 'jump',
  usualSeconds: [0.3, 0.45],
})
