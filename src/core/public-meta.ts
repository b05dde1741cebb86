import type { Entry } from './manifest.ts'

/** What of an entry may reach a visitor, with its TypeScript type: no origin, no cost, no names of people. */
const publicTypes = {
  kind: 'string',
  category: 'string',
  family: 'string',
  variant: 'string',
  name: 'string',
  description: 'string',
  alt: 'string',
  tags: 'readonly string[]',
  keywords: 'readonly string[]',
  license: 'string',
  version: 'string',
  mediaType: 'string',
  size: 'number',
  widthPx: 'number',
  heightPx: 'number',
  hasAlpha: 'boolean',
  dominantColorHex: 'string',
  durationMs: 'number',
  sampleRateHz: 'number',
  channels: 'number',
  colorHex: 'string',
} as const satisfies Partial<Record<keyof Entry, string>>

type PublicMember = keyof typeof publicTypes
const publicMembers = Object.keys(publicTypes) as PublicMember[]
const always: ReadonlySet<PublicMember> = new Set(['kind', 'version'])
const notes: Partial<Record<PublicMember, string>> = { size: 'Bytes.' }

/** Facts of an asset as its module exports them. */
export type PublicMeta = Partial<Pick<Entry, PublicMember>>

export function publicMeta(entry: Entry): PublicMeta {
  return Object.fromEntries(
    publicMembers.flatMap((member) => (entry[member] === undefined ? [] : [[member, entry[member]]])),
  )
}

/** Members of a TypeScript interface that says what {@link publicMeta} gives. */
export function publicMetaTypes(indent: string): string {
  return publicMembers
    .flatMap((member) => [
      ...(notes[member] === undefined ? [] : [`${indent}/** ${notes[member]} */`]),
      `${indent}readonly ${member}${always.has(member) ? '' : '?'}: ${publicTypes[member]}`,
    ])
    .join('\n')
}
