import type { FacetName } from './search-document.ts'

/** What results must be; absent members leave everything in. Texts are compared without regard to case. */
export interface SearchFilters {
  /** One of these. */
  kind?: readonly string[]
  category?: readonly string[]
  family?: readonly string[]
  license?: readonly string[]
  /** All of these. */
  tags?: readonly string[]
  /** One of these. */
  anyTags?: readonly string[]
  tested?: boolean | undefined
  minSizeBytes?: number | undefined
  maxSizeBytes?: number | undefined
  /** Changed at or after, before; milliseconds since 1970. */
  sinceMs?: number | undefined
  untilMs?: number | undefined
  /** Leave these refs out. */
  except?: ReadonlySet<string>
}

/** Facets of which one value must be among the wanted; an empty list of wanted ones asks for nothing. */
export function oneOfFilters(filters: SearchFilters): { facet: FacetName; wanted: readonly string[] }[] {
  return [
    { facet: 'kind' as const, wanted: filters.kind ?? [] },
    { facet: 'category' as const, wanted: filters.category ?? [] },
    { facet: 'family' as const, wanted: filters.family ?? [] },
    { facet: 'license' as const, wanted: filters.license ?? [] },
    { facet: 'tags' as const, wanted: filters.anyTags ?? [] },
    // All of the tags: a condition each.
    ...(filters.tags ?? []).map((tag) => ({ facet: 'tags' as const, wanted: [tag] })),
  ].filter(({ wanted }) => wanted.length > 0)
}
