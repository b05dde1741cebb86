import type { Random } from '../../../core/random.ts'

const smooth = (t: number) => t * t * t * (t * (t * 6 - 15) + 10)

/** Smooth noise over the plane, about −1…1, with features one unit wide. It repeats every 64 units. */
export function createNoise(random: Random): (x: number, y: number) => number {
  const lattice = Float64Array.from({ length: 4096 }, () => random.between(-1, 1))
  const at = (x: number, y: number) => lattice[((y & 63) << 6) | (x & 63)]!
  return (x, y) => {
    const [left, top] = [Math.floor(x), Math.floor(y)]
    const [u, v] = [smooth(x - left), smooth(y - top)]
    const upper = at(left, top) + u * (at(left + 1, top) - at(left, top))
    const lower = at(left, top + 1) + u * (at(left + 1, top + 1) - at(left, top + 1))
    return upper + v * (lower - upper)
  }
}

/** Octaves of noise, each half as strong and twice as fine; about −1…1. */
export function fractal(noise: (x: number, y: number) => number, octaves: number): (x: number, y: number) => number {
  let total = 0
  for (let i = 0; i < octaves; i++) total += 0.5 ** i
  return (x, y) => {
    let sum = 0
    for (let i = 0; i < octaves; i++) sum += 0.5 ** i * noise(x * 2 ** i + i * 17.3, y * 2 ** i + i * 9.7)
    return sum / total
  }
}
