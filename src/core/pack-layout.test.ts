import { describe, expect, it } from 'vitest'
import { packedDigest, type PackedAsset } from './pack-layout.ts'

const asset: PackedAsset = {
  kind: 'image',
  token: 'LOGO-ACME-MARK001',
  file: 'assets/logos/LOGO-ACME-MARK001.png',
  hash: `sha256:${'a'.repeat(64)}`,
  version: '1.2.0',
  created: '2026-01-01T00:00:00Z',
  modified: '2026-01-01T00:00:00Z',
  tags: ['primary'],
  labels: { production: '1.0.0' },
}

describe('the digest of a packed asset', () => {
  it.each<[string, Partial<PackedAsset>]>([
    ['a label that moves', { labels: { production: '1.2.0' } }],
    ['another label', { labels: { production: '1.0.0', beta: '1.2.0' } }],
    ['no label', { labels: undefined }],
    ['another name', { token: 'LOGO-ACME-MARK007', aliases: ['logo'], file: 'assets/logos/LOGO-ACME-MARK007.png' }],
    ['another time', { modified: '2026-02-01T00:00:00Z' }],
  ])('is the same for %s', (_what, change) => {
    expect(packedDigest({ ...asset, ...change })).toBe(packedDigest(asset))
  })

  it.each<[string, Partial<PackedAsset>]>([
    ['other bytes', { hash: `sha256:${'b'.repeat(64)}` }],
    ['another version', { version: '1.3.0' }],
    ['other tags', { tags: ['second'] }],
  ])('is another for %s', (_what, change) => {
    expect(packedDigest({ ...asset, ...change })).not.toBe(packedDigest(asset))
  })
})
