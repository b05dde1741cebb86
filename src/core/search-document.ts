import { refOf, type Entry } from './manifest.ts'

/** An asset as search sees it. */
export interface SearchDocument {
  ref: string
  kind: string
  category: string | undefined
  family: string | undefined
  /** What a person calls it. */
  name: string
  /** Ref, aliases, name of the imported file: they find it as its name does. */
  otherNames: string[]
  tags: string[]
  keywords: string[]
  description: string
  /** Text of a library item. */
  body: string
  license: string | undefined
  tested: boolean
  sizeBytes: number
  /** Of the last change, milliseconds since 1970; 0 when the manifest's time cannot be read. */
  modifiedMs: number
}

/** The one way from an entry of the manifest to what search knows of it. */
export function documentOf(entry: Entry): SearchDocument {
  const ref = refOf(entry)
  const fileName = entry.originalName?.replace(/\.[a-z0-9]{1,5}$/i, '')
  const names = [entry.name, fileName, ...(entry.aliases ?? []), ref].filter((name) => name !== undefined && name !== '') as string[]
  const [name, ...otherNames] = [...new Set(names)] as [string, ...string[]]
  return {
    ref,
    kind: entry.kind,
    category: entry.category,
    family: entry.family,
    name,
    otherNames,
    tags: entry.tags ?? [],
    keywords: entry.keywords ?? [],
    description: [entry.description, entry.alt].filter(Boolean).join('\n'),
    body: typeof entry.body === 'string' ? entry.body : '',
    license: entry.license,
    tested: entry.tested === true,
    sizeBytes: entry.size ?? 0,
    modifiedMs: Date.parse(entry.modified) || 0,
  }
}

/** Columns of the full-text index, the weightiest first. */
export const searchFields = ['name', 'tags', 'keywords', 'description', 'body'] as const
export type SearchField = (typeof searchFields)[number]

/** Longer bodies are searched by their beginning. */
const longestBody = 50_000

/** The text behind each field; what is counted as a facet can be found as a word, too. */
export function fieldTexts(document: SearchDocument): Record<SearchField, string> {
  const { kind, category, family } = document
  return {
    name: [document.name, ...document.otherNames].join(' \n'),
    tags: document.tags.join(' \n'),
    keywords: [...document.keywords, kind, category, family].filter(Boolean).join(' \n'),
    description: document.description,
    body: document.body.slice(0, longestBody),
  }
}

/** What an embedder reads of an asset; cut to what every model takes. */
export function embeddingText(document: SearchDocument): string {
  const { kind, category, name, tags, keywords, description, body } = document
  return [name, [kind, category].filter(Boolean).join(', '), [...tags, ...keywords].join(', '), description, body]
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, 8000)
}

/** Facets of search results, in the order in which they are shown. */
export const facetNames = ['kind', 'category', 'family', 'license', 'tags'] as const
export type FacetName = (typeof facetNames)[number]

export function facetValues(document: SearchDocument): { facet: FacetName; value: string }[] {
  const { kind, category, family, license, tags } = document
  return [
    { facet: 'kind' as const, value: kind },
    ...(category ? [{ facet: 'category' as const, value: category }] : []),
    ...(family ? [{ facet: 'family' as const, value: family }] : []),
    ...(license ? [{ facet: 'license' as const, value: license }] : []),
    ...[...new Set(tags)].map((tag) => ({ facet: 'tags' as const, value: tag })),
  ]
}
