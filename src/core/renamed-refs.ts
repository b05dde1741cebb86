import { isAssetId, isAssetToken, quotedName, spelledRef, withoutExtension } from './usage-match.ts'

/**
 * A text in which other names stand for assets: behind `asset:` and `~asset/`, and where a string is nothing but a token
 * or an id.
 * @param names - new names by old ones
 */
export function renameRefs(text: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return text
  return text
    .replace(spelledRef, (all: string, name: string) => {
      const old = [name, withoutExtension(name), name.replace(/[.\-/]+$/, '')].find((one) => names.has(one))
      return old === undefined ? all : all.slice(0, -name.length) + names.get(old)! + name.slice(old.length)
    })
    .replace(quotedName, (all: string, quote: string, name: string) =>
      (isAssetId.test(name) || isAssetToken.test(name)) && names.has(name) ? `${quote}${names.get(name)!}${quote}` : all,
    )
}
