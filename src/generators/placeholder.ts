import type { MediaBytes } from '../core/media.ts'

/** What stands in for an asset that is not there yet. */
export interface PlaceholderWish {
  kind: 'image' | 'audio'
  /** Name of the asset, shown on a picture. */
  name: string
  /** `being made`, or why it could not be made. */
  note: string
  widthPx: number
  heightPx: number
  durationSeconds: number
}

/** A labelled picture of the asked size, or silence of the asked length. For the dev server only. */
export async function makePlaceholder(wish: PlaceholderWish): Promise<MediaBytes> {
  if (wish.kind === 'audio') {
    const { encodeSound } = await import('./media/encode-sound.ts')
    const sampleRateHz = 22_050
    return encodeSound(
      { channels: [new Float32Array(Math.max(1, Math.round(wish.durationSeconds * sampleRateHz)))], sampleRateHz },
      { format: 'wav', options: {} },
    )
  }
  const { rasterise } = await import('./local/image/rasterise.ts')
  return { bytes: await rasterise(label(wish), wish.widthPx, wish.heightPx), mediaType: 'image/png' }
}

function label({ name, note, widthPx, heightPx }: PlaceholderWish): string {
  const nameSize = Math.max(6, Math.min(28, widthPx / 14, heightPx / 6))
  const text = (y: number, size: number, content: string, opacity: number) =>
    `<text x="${widthPx / 2}" y="${y}" font-family="sans-serif" font-size="${size}" text-anchor="middle" fill="#334155" fill-opacity="${opacity}">${escapeXml(content)}</text>`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}">
<defs><pattern id="p" width="16" height="16" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="16" height="16" fill="#f1f5f9"/><rect width="8" height="16" fill="#e2e8f0"/></pattern></defs>
<rect width="100%" height="100%" fill="url(#p)"/>
<rect x="1" y="1" width="${widthPx - 2}" height="${heightPx - 2}" fill="none" stroke="#94a3b8" stroke-width="2" stroke-dasharray="8 6"/>
${text(heightPx / 2, nameSize, name, 1)}
${text(heightPx / 2 + nameSize * 1.4, nameSize * 0.7, note.length > 60 ? `${note.slice(0, 59)}…` : note, 0.75)}
</svg>`
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
}
