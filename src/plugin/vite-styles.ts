import type { ResolvedConfig } from 'vite'
import { cssReferences } from './css-references.ts'
import { styleSheetWith, type StyleSheet } from './style-source.ts'

/**
 * Resolve refs in style sheets. Vite calls no plugin for `url()` in CSS, but its own resolver honours aliases at every
 * depth: Sass partials, `@import` and CSS modules included. The alias is added after the config is resolved, because Vite
 * warns of resolvers in aliases of a user's config, and after the alias plugin for JavaScript was made, which must not
 * see it.
 *
 * Candidates of an `image-set()` stay files, or every browser would load all of them.
 */
export function resolveInStyles(
  config: ResolvedConfig,
  realFile: (
    spelled: string,
    importer: string,
    sheet: StyleSheet | undefined,
  ) => Promise<{ path: string; hostQuery: string }>,
): void {
  const alias = {
    find: /^(?:asset:|~asset\/)/,
    replacement: '$&',
    async customResolver(id: string, importer: string | undefined) {
      if (!importer) return null
      const sheet = styleSheetWith(id, importer)
      const { path, hostQuery } = await realFile(id, importer, sheet)
      keepOriginal(path)
      const isCandidate = sheet && cssReferences(sheet.css).some((one) => one.isCandidate && one.spelled === id)
      const query = hostQuery || (isCandidate && config.command === 'build' ? 'no-inline' : '')
      return path + (query && `?${query}`)
    },
  }
  const lists = Object.values(config.environments).map((one) => (one.resolve as typeof config.resolve).alias)
  for (const list of new Set([config.resolve.alias, ...lists])) list?.push(alias as never)
}

/** Astro takes originals away when it knows of derived sizes only; it does not see that a style sheet shows one. */
function keepOriginal(path: string): void {
  const astro = globalThis as { astroAsset?: { referencedImages?: Set<string> } }
  astro.astroAsset?.referencedImages?.add(path)
}
