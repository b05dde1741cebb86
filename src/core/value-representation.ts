import type { Entry } from './manifest.ts'
import { formatOfMediaType } from './media.ts'

/** Most characters of a value representation. */
const maxRepresentationLength = 400

/**
 * The short text that stands for an asset's content, for people and models: `PNG 600×400, alpha, dominant #FF6B35`,
 * `MP3 0.42 s, 44.1 kHz stereo`, `Colour #FF6B35`. At most 400 characters.
 */
export function valueRepresentation(entry: Entry): string {
  return shortened(measured(entry) ?? described(entry))
}

function measured(entry: Entry): string | undefined {
  if (entry.colorHex) return `Colour ${entry.colorHex}`
  const format = entry.mediaType === undefined ? undefined : formatOfMediaType(entry.mediaType)
  const name = format?.extension.toUpperCase() ?? entry.mediaType
  if (entry.widthPx !== undefined && entry.heightPx !== undefined)
    return list([
      `${name ?? 'Picture'} ${entry.widthPx}×${entry.heightPx}`,
      entry.hasAlpha && 'alpha',
      entry.dominantColorHex && `dominant ${entry.dominantColorHex}`,
    ])
  if (entry.durationMs !== undefined)
    return list([
      `${name ?? 'Sound'} ${(entry.durationMs / 1000).toFixed(2)} s`,
      [entry.sampleRateHz && kilohertz(entry.sampleRateHz), entry.channels && channelName(entry.channels)]
        .filter(Boolean)
        .join(' '),
      typeof entry.loudnessLufs === 'number' && `${entry.loudnessLufs.toFixed(1).replace('-', '−')} LUFS`,
    ])
  return name && list([name, entry.size !== undefined && byteSize(entry.size)])
}

/** Without content of its own to measure: what it is called and says. */
function described(entry: Entry): string {
  const title = entry.name ?? entry.id ?? entry.token ?? ''
  return list([`${entry.kind} ${JSON.stringify(title)}`, entry.description])
}

const list = (parts: readonly (string | false | 0 | undefined)[]) => parts.filter(Boolean).join(', ')

const kilohertz = (hertz: number) => `${Number((hertz / 1000).toFixed(3))} kHz`

const channelName = (channels: number) => (channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${channels} channels`)

/** `1.2 MB`, `340 bytes`; decimal units. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`
  const [unit, size] = bytes < 1e6 ? ['kB', 1e3] : bytes < 1e9 ? ['MB', 1e6] : ['GB', 1e9]
  return `${(bytes / (size as number)).toFixed(1)} ${unit}`
}

/** At most 400 characters on one line; cut between characters, never within one. */
export function shortened(text: string, most = maxRepresentationLength): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  if (plain.length <= most) return plain
  const cut = plain.slice(0, most - 1)
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}
