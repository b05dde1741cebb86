import sharp from 'sharp'
import { sha256 } from '../../src/core/digest.ts'
import { encodeSound } from '../../src/generators/media/encode-sound.ts'
import { resolveSoundEncoding } from '../../src/generators/media/sound-encoding.ts'

/** What a fault of the harness does to the media of an answer. */
export type MediaDamage = 'truncated' | 'wrong-type' | undefined

export interface PictureWish {
  /** Prompt, seed and number of the picture: each text has a picture of its own. */
  text: string
  widthPx: number
  heightPx: number
  format: 'png' | 'jpeg' | 'webp' | 'gif' | 'svg'
  alpha?: boolean
  damage?: MediaDamage
}

export interface SoundWish {
  /** Prompt, seed and number of the sound: each text has a sound of its own. */
  text: string
  seconds: number
  format: 'wav' | 'mp3' | 'ogg'
  sampleRateHz?: number
  channels?: 1 | 2
  damage?: MediaDamage
}

/** A picture that decodes, of the asked size and format; the corners are clear when alpha is asked. */
export async function makePicture(wish: PictureWish): Promise<Buffer> {
  if (wish.damage === 'wrong-type') return makeSound({ text: wish.text, seconds: 0.2, format: 'wav' })
  return cut(await drawn(wish), wish.damage)
}

async function drawn({ text, widthPx, heightPx, format, alpha }: PictureWish): Promise<Buffer> {
  const [r, g, b, angle] = Buffer.from(sha256(text), 'hex')
  const ground = alpha ? '' : `<rect width="100%" height="100%" fill="rgb(${b},${r},${g})"/>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">${ground}<circle cx="50%" cy="50%" r="35%" fill="rgb(${r},${g},${b})"/><rect x="40%" y="40%" width="20%" height="20%" fill="white" transform="rotate(${angle! % 90} ${widthPx / 2} ${heightPx / 2})"/></svg>`
  if (format === 'svg') return Buffer.from(svg)
  const image = sharp(Buffer.from(svg))
  return (alpha ? image : image.removeAlpha()).toFormat(format).toBuffer()
}

/** A sound that decodes, of the asked length and format: a tone that fades. */
export async function makeSound(wish: SoundWish): Promise<Buffer> {
  if (wish.damage === 'wrong-type') return drawn({ text: wish.text, widthPx: 64, heightPx: 64, format: 'png' })
  const { text, seconds, format, sampleRateHz = 44_100, channels = 1 } = wish
  const frequencyHz = 220 + (Buffer.from(sha256(text), 'hex').readUInt16BE(0) % 660)
  const samples = Float32Array.from(
    { length: Math.max(1, Math.round(seconds * sampleRateHz)) },
    (_, i, length = seconds * sampleRateHz) => 0.5 * Math.sin((2 * Math.PI * frequencyHz * i) / sampleRateHz) * (1 - i / length / 2),
  )
  const sound = { channels: Array.from({ length: channels }, () => samples), sampleRateHz }
  const { bytes } = await encodeSound(sound, resolveSoundEncoding(format))
  return cut(Buffer.from(bytes), wish.damage)
}

function cut(bytes: Buffer, damage: MediaDamage): Buffer {
  return damage === 'truncated' ? bytes.subarray(0, Math.floor(bytes.length / 3)) : bytes
}
