import { defineError } from './errors.ts'

/** What may follow `asset:`: a ref, maybe a version or label, maybe a query; or a glob over tokens. */
export interface AssetRequest {
  /** A token, an id or an alias; with a star when `isGlob`. */
  ref: string
  isGlob: boolean
  /** After `@`: a semver or a label. */
  version?: string
  /** Text after `?`, without it; empty when there is none. */
  query: string
}

const refInvalid = defineError('REF_INVALID', {
  summary: 'The text after asset: is no ref.',
  message: (d: { text: string }) => `${JSON.stringify(d.text)} names no asset.`,
  hint: () => 'A ref is a token (LOGO-ACME-MARK001), an id (design-tokens/colors/brand) or an alias (particleWhite).',
  exit: 2,
})

const refShape = /^[A-Za-z0-9_][A-Za-z0-9_.\-/]*$/
const globShape = /^[A-Za-z0-9_*][A-Za-z0-9_.\-/*]*$/

/** An alias or manifest key: a word that can be a file name too. */
export const aliasPattern = /^[A-Za-z_][A-Za-z0-9_.-]*$/

/**
 * Read what stands behind `asset:`.
 * @param text - e.g. `LOGO-ACME-MARK001@1.2.0?w=640`
 * @throws REF_INVALID
 */
export function parseAssetRequest(text: string): AssetRequest {
  const mark = text.indexOf('?')
  const name = mark < 0 ? text : text.slice(0, mark)
  const query = mark < 0 ? '' : text.slice(mark + 1)
  const at = name.indexOf('@')
  const ref = at < 0 ? name : name.slice(0, at)
  const version = at < 0 ? undefined : name.slice(at + 1)
  const isGlob = ref.includes('*')
  if (
    !(isGlob ? globShape : refShape).test(ref) ||
    version === '' ||
    ref.split('/').some((part) => part === '' || part === '..')
  )
    throw refInvalid({ text })
  return { ref, isGlob, query, ...(version && { version }) }
}

/** Match refs against a glob in which `*` stands for any run of characters but `/`. */
export function globMatcher(glob: string): (ref: string) => boolean {
  const parts = glob.split('*')
  return (ref) => {
    let at = 0
    for (const [i, part] of parts.entries()) {
      if (i === 0) {
        if (!ref.startsWith(part)) return false
        at = part.length
        continue
      }
      const found = i === parts.length - 1 ? ref.length - part.length : ref.indexOf(part, at)
      if (found < at || !ref.startsWith(part, found) || ref.slice(at, found).includes('/')) return false
      at = found + part.length
    }
    return at === ref.length
  }
}
