import { decodeSound } from './decode-sound.ts'

/** Loudest sample of each part of a sound's first channel, 0…1, for a drawing of it. */
export async function soundPeaks(sound: Uint8Array, parts: number): Promise<number[]> {
  const { channels } = await decodeSound(sound)
  const samples = channels[0] ?? new Float32Array()
  return Array.from({ length: parts }, (_, i) => {
    const start = Math.floor((i * samples.length) / parts)
    const end = Math.floor(((i + 1) * samples.length) / parts)
    let peak = 0
    for (let at = start; at < end; at++) peak = Math.max(peak, Math.abs(samples[at]!))
    return Math.min(1, peak)
  })
}
