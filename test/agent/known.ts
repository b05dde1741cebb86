import { compressionLevels } from '../../src/core/refinement.ts'
import type { KnownAsset, Known } from '../../src/core/phrases/known.ts'
import { frameworks } from '../../src/core/kinds/code-files.ts'
import { libraryKinds } from '../../src/core/kinds/index.ts'
import { mediaFormats, mediaKinds } from '../../src/core/media.ts'
import { joinWords } from '../../src/core/vocabulary.ts'
import { operations } from '../../src/operations/index.ts'

const asset = (ref: string, kind: string, more: Partial<KnownAsset> = {}): KnownAsset => ({ ref, kind, aliases: [], tags: [], ...more })
const media = (token: string, kind: string, category: string, tags: string[] = [], aliases: string[] = []): KnownAsset => {
  const [, family, variant] = token.split('-') as [string, string, string]
  return asset(token, kind, { category, family, variant: variant.slice(0, -3), tags, aliases })
}
const item = (id: string): KnownAsset => asset(id, id.split('/').slice(0, -2).join('/'), { category: id.split('/').at(-2)! })

/** The project that the phrasings speak of. */
export const known: Known = {
  ...joinWords({
    prefixes: { Badges: 'BADGE' },
    families: { AIOTIZE: 'Aiotize Brand', ACME: 'Acme', AIOVERSE: 'Aioverse Universe' },
  }),
  assets: [
    media('LOGO-AIOTIZE-PFP001', 'image', 'Logos', ['primary', 'official']),
    media('LOGO-AIOTIZE-MARK001', 'image', 'Logos', ['official']),
    media('LOGO-AIOTIZE-MARK002', 'image', 'Logos', ['draft']),
    media('LOGO-ACME-WORD001', 'image', 'Logos', ['primary']),
    media('ICON-AIOVERSE-UI001', 'image', 'Icons', ['draft']),
    media('ICON-AIOVERSE-UI002', 'image', 'Icons'),
    media('ICON-ACME-UI004', 'image', 'Icons', ['draft', 'legacy']),
    media('PHOTO-ACME-HERO001', 'image', 'Photos', ['hero']),
    media('COLOR-AIOTIZE-BRAND001', 'color', 'Colors', ['primary']),
    media('SFX-ACME-MAIN001', 'audio', 'Sound Effects', ['jump']),
    media('MUSIC-ACME-MAIN001', 'audio', 'Music'),
    media('PARTICLE-ACME-MAIN001', 'image', 'Particles', ['legacy'], ['particleWhite']),
    media('BADGE-ACME-MAIN001', 'image', 'Badges'),
    ...[
      'ai-prompts/design/hero-design',
      'ai-prompts/content/greeting',
      'design-tokens/colors/brand',
      'ui-components/buttons/primary',
      'ui-components/forms/contact-form',
      'templates/sections/hero',
      'templates/pages/home',
      'tools/validators/contrast-checker',
      'modules/blog/posts',
      'workflows/deployment/release',
      'configs/deployment/cloudflare/static-site',
      'agent-skills/analysis/seo-check',
    ].map(item),
  ],
  kinds: [...mediaKinds, 'color', ...libraryKinds.map(({ name }) => name)],
  formats: mediaFormats.flatMap(({ extension, alsoExtensions = [] }) => [extension, ...alsoExtensions]),
  levels: compressionLevels,
  frameworks,
  sites: ['shop', 'docs'],
  specs: ['white-particle', 'example-badge'],
  providers: ['local', 'openai', 'stability'],
  operations: operations.map(({ name }) => name),
}
