import type { TypedAsset } from '../../src/core/emit-types.ts'
import type { Entry } from '../../src/core/manifest.ts'

/** The assets that test/types/project imports. */
const common = { version: '1.0.0', created: '2026-01-01T00:00:00Z', modified: '2026-01-01T00:00:00Z', source: { type: 'import' } } as const

function media(token: string, facts: Partial<Entry>, aliases: string[] = []): TypedAsset {
  return { ref: token, aliases, entry: { ...common, kind: 'image', token, ...facts } }
}

export const fixtureAssets: TypedAsset[] = [
  media('LOGO-AIOTIZE-PFP001', { file: 'assets/logos/LOGO-AIOTIZE-PFP001.png', category: 'Logos', mediaType: 'image/png', widthPx: 600, heightPx: 400, alt: 'The "A" <mark>\u2028' }),
  media('LOGO-AIOTIZE-PFP002', { file: 'assets/logos/LOGO-AIOTIZE-PFP002.svg', category: 'Logos', mediaType: 'image/svg+xml', widthPx: 24, heightPx: 24 }),
  media('LOGO-ACME-MARK001', { file: 'assets/logos/LOGO-ACME-MARK001.webp', category: 'Logos', mediaType: 'image/webp', widthPx: 64, heightPx: 64, version: '1.1.0' }),
  media('PARTICLE-WYN-WHITE001', { file: 'assets/images/particles/white.png', category: 'Particles', mediaType: 'image/png', widthPx: 32, heightPx: 32 }, ['particleWhite']),
  media(
    'SFX-WYN-JUMP001',
    {
      kind: 'audio', file: 'assets/audio/SFX-WYN-JUMP001.mp3', category: 'Sound Effects', mediaType: 'audio/mpeg', durationMs: 240, manifestSection: 'audio.sfx.jump',
      formats: { ogg: { file: 'assets/audio/SFX-WYN-JUMP001.ogg', hash: `sha256:${'0'.repeat(64)}`, size: 1, mediaType: 'audio/ogg' } },
    },
    ['sfxJump1A'],
  ),
  media('COLOR-AIOTIZE-BRAND001', { kind: 'color', category: 'Colors', colorHex: '#FF6B35' }),
  { ref: 'design-tokens/colors/brand', aliases: [], types: { value: '{ readonly primary: "#FF6B35" }', forms: { css: 'string' } }, entry: { ...common, kind: 'design-tokens', id: 'design-tokens/colors/brand' } },
]
