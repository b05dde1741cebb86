import { defineEffect } from './effect.ts'

export const coin = defineEffect({
  name: 'coin',
  words: ['coin', 'pickup', 'pick up', 'collect', 'gem', 'reward', 'bonus', 'ding'],
  summary: 'A clear tone that steps up.',
  preset: 'pickupCoin',
  usualSeconds: [0.25, 0.5],
  shape: (p, random) => {
    // The preset leaves the step to chance, but it is what tells a coin.
    p.p_arp_mod = random.between(0.3, 0.55)
    p.p_arp_speed = random.between(0.5, 0.65)
  },
})
