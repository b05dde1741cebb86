import { describe, expect, it } from 'vitest'
import type { Entry } from './manifest.ts'
import { byteSize, valueRepresentation } from './value-representation.ts'

const entry = (more: Partial<Entry>): Entry => ({
  kind: 'image',
  version: '1.0.0',
  created: '',
  modified: '',
  source: { type: 'import' },
  ...more,
})

describe('valueRepresentation', () => {
  it.each([
    [
      { mediaType: 'image/png', widthPx: 600, heightPx: 400, hasAlpha: true, dominantColorHex: '#FF6B35' },
      'PNG 600×400, alpha, dominant #FF6B35',
    ],
    [{ mediaType: 'image/jpeg', widthPx: 6, heightPx: 4, hasAlpha: false }, 'JPG 6×4'],
    [{ mediaType: 'audio/mpeg', durationMs: 420, sampleRateHz: 44100, channels: 2 }, 'MP3 0.42 s, 44.1 kHz stereo'],
    [
      { mediaType: 'audio/mpeg', durationMs: 420, sampleRateHz: 44100, channels: 2, loudnessLufs: -14.2 },
      'MP3 0.42 s, 44.1 kHz stereo, −14.2 LUFS',
    ],
    [{ kind: 'color', colorHex: '#FF6B35' }, 'Colour #FF6B35'],
    [{ kind: 'document', mediaType: 'application/pdf', size: 1_240_000 }, 'PDF, 1.2 MB'],
    [
      { kind: 'ai-prompts', id: 'ai-prompts/design/hero', description: 'Makes a hero' },
      'ai-prompts "ai-prompts/design/hero", Makes a hero',
    ],
  ])('%j', (more, expected) => expect(valueRepresentation(entry(more as Partial<Entry>))).toBe(expected))

  it('is cut at 400 characters, never within one', () => {
    const text = valueRepresentation(entry({ kind: 'templates', id: 'templates/a/b', description: '😀'.repeat(500) }))
    expect(text.length).toBeLessThanOrEqual(400)
    expect(text).toMatch(/😀…$/)
  })
})

it.each([
  [1, '1 byte'],
  [999, '999 bytes'],
  [1500, '1.5 kB'],
  [2_000_000, '2.0 MB'],
  [3e9, '3.0 GB'],
])('byteSize(%d)', (bytes, text) => expect(byteSize(bytes)).toBe(text))
