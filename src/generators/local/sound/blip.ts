import { defineEffect } from './effect.ts'

export const blip = defineEffect({
  name: 'blip',
  words: ['blip', 'click', 'select', 'button', 'menu', 'ui', 'beep', 'tap', 'notification', 'hover'],
  summary: 'A short plain beep.',
  preset: 'blipSelect',
  usualSeconds: [0.08, 0.2],
})
