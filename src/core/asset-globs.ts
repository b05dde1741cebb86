import { tokenPattern } from './token.ts'
import { byCodeUnit } from './code-text.ts'

/**
 * Most globs that are typed; what is over the limit is left out, longest heads first. For each, the compiler looks at
 * every pattern of every asset.
 */
export const maxTypedGlobs = 200
/** Up to so many assets a library is small: what costs the compiler time for each asset is then of no weight. */
export const smallLibraryAssets = 2000

/**
 * The globs that types are written for, without their star: of tokens `LOGO-`, `LOGO-ACME-` and, where a series has
 * more than one number and the library is small, `LOGO-ACME-MARK`; of ids the folder, `design-tokens/colors/`.
 * @returns heads, sorted; at most {@link maxTypedGlobs}
 */
export function typedGlobHeads(refs: readonly string[]): string[] {
  const count = new Map<string, number>()
  const see = (head: string) => void count.set(head, (count.get(head) ?? 0) + 1)
  const series = new Set<string>()
  const hasSeries = refs.length <= smallLibraryAssets
  for (const ref of refs) {
    if (tokenPattern.test(ref)) {
      const [prefix, family] = ref.split('-')
      see(`${prefix}-`)
      see(`${prefix}-${family}-`)
      if (!hasSeries) continue
      series.add(ref.slice(0, -3))
      see(ref.slice(0, -3))
    } else if (ref.includes('/')) see(ref.slice(0, ref.lastIndexOf('/') + 1))
  }
  return [...count]
    .filter(([head, members]) => members > 1 || !series.has(head))
    .map(([head]) => head)
    .sort((a, b) => parts(a) - parts(b) || byCodeUnit(a, b))
    .slice(0, maxTypedGlobs)
    .sort(byCodeUnit)
}

const parts = (head: string) => head.split(/[-/](?=.)/).length
