import type { ResolvedConfig } from 'vite'

/**
 * Resolve refs in style sheets. Vite calls no plugin for `url()` in CSS, but its own resolver honours aliases at every
 * depth: Sass partials, `@import` and CSS modules included. The alias is added after the config is resolved, because Vite
 * warns of resolvers in aliases of a user's config, and after the alias plugin for JavaScript was made, which must not
 * see it.
 */
export function resolveInStyles(
  config: ResolvedConfig,
  realFile: (spelled: string, importer: string) => Promise<{ path: string; hostQuery: string }>,
): void {
  const alias = {
    find: /^(?:asset:|~asset\/)/,
    replacement: '$&',
    async customResolver(id: string, importer: string | undefined) {
      if (!importer) return null
      const { path, hostQuery } = await realFile(id, importer)
      keepOriginal(path)
      return path + (hostQuery && `?${hostQuery}`)
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
