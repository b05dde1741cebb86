import { stripTypeScriptTypes } from 'node:module'
import { describe, expect, it } from 'vitest'
import { emitConstants, type ConstantAsset } from './emit-constants.ts'

const common = { kind: 'image', version: '1.0.0', created: '', modified: '', source: { type: 'import' } } as const
const asset = (ref: string, facts: object = {}, aliases: string[] = []): ConstantAsset => ({
  ref,
  aliases,
  entry: { ...common, ...(ref.includes('/') ? { id: ref } : { token: ref }), ...facts },
})

/** Run the text as any program would that has no bundler. */
async function constantsOf(assets: ConstantAsset[]) {
  const code = stripTypeScriptTypes(emitConstants(assets))
  return ((await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { ASSETS: Record<string, unknown> })
    .ASSETS
}

const white = asset(
  'PARTICLE-WYN-WHITE001',
  { category: 'Particles', file: 'assets/images/particles/white.png', widthPx: 32, heightPx: 32 },
  ['particleWhite'],
)
const whiteFacts = {
  token: 'PARTICLE-WYN-WHITE001',
  kind: 'image',
  file: 'assets/images/particles/white.png',
  width: 32,
  height: 32,
}

describe('emitConstants', () => {
  it('finds an asset by alias, and by category and token', async () => {
    expect(await constantsOf([white])).toEqual({
      particleWhite: whiteFacts,
      particles: { particleWhite: whiteFacts, PARTICLE_WYN_WHITE001: whiteFacts },
    })
  })

  it('groups by the section that a spec gives', async () => {
    const facts = { kind: 'audio', category: 'Sound Effects', durationMs: 240, manifestSection: 'audio.sfx.jump' }
    const jump = { token: 'SFX-WYN-JUMP001', kind: 'audio', durationMs: 240 }
    expect(await constantsOf([asset('SFX-WYN-JUMP001', facts, ['sfxJump1A'])])).toEqual({
      sfxJump1A: jump,
      audio: { sfx: { jump: { sfxJump1A: jump } } },
      soundEffects: { SFX_WYN_JUMP001: jump },
    })
  })

  it('gives a name that a group and an asset want to the group', async () => {
    const assets = await constantsOf([white, asset('IMG-WYN-A001', { category: 'Images' }, ['particles'])])
    expect(assets.particles).toHaveProperty('particleWhite')
    expect(assets.particles_2).toEqual({ token: 'IMG-WYN-A001', kind: 'image' })
  })

  it('writes any text as a value', async () => {
    const alt = '"\\`${0}</script>\u2028\n'
    expect(await constantsOf([asset('IMG-WYN-A001', { category: '__proto__', alt })])).toMatchObject({
      proto: { IMG_WYN_A001: { alt } },
    })
    expect(emitConstants([asset('IMG-WYN-A001', { alt })])).not.toMatch(/<\/script|\u2028/)
  })

  it('is the same in whatever order the assets come', () => {
    const assets = [
      white,
      asset('design-tokens/colors/brand', { kind: 'design-tokens' }),
      asset('COLOR-WYN-A001', { kind: 'color', colorHex: '#FF6B35' }),
    ]
    expect(emitConstants(assets.toReversed())).toBe(emitConstants(assets))
    expect(emitConstants(assets)).toMatch(
      /AssetToken =\n {2}\| "COLOR-WYN-A001"\n {2}\| "PARTICLE-WYN-WHITE001"\n\nexport type AssetId =\n {2}\| "design-tokens\/colors\/brand"\n$/,
    )
    expect(emitConstants([])).toContain('export const ASSETS = {} as const')
  })
})
