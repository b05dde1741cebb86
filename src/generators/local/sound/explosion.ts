import { defineEffect } from './effect.ts'

export const explosion = defineEffect({
  name: 'explosion',
  words: ['explosion', 'explode', 'blast', 'boom', 'bomb', 'detonation', 'thunder'],
  summary: 'Noise that bursts and dies away.',
  preset: 'explosion',
  usualSeconds: [0.6, 1.2],
  shape: (p, random) => {
    p.p_env_decay = Math.max(p.p_env_decay, random.between(0.35, 0.5))
  },
})
