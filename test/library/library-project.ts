import { createProject, type TestProject } from '../operations/project.ts'

export type EntryParts = Record<string, unknown>

/** An entry with what every entry must have. */
export function entryOf(ref: string, parts: EntryParts): EntryParts {
  return {
    ...(ref.includes('/') ? { id: ref } : { token: ref }),
    kind: 'image',
    version: '1.0.0',
    created: '2026-01-01T00:00:00Z',
    modified: '2026-01-01T00:00:00Z',
    source: ref.includes('/') ? { type: 'library' } : { type: 'import' },
    ...parts,
  }
}

export function writeEntries(project: TestProject, entries: Readonly<Record<string, EntryParts>>): void {
  const assets = Object.fromEntries(Object.entries(entries).map(([ref, parts]) => [ref, entryOf(ref, parts)]))
  project.write('assets/manifest.json', JSON.stringify({ version: 1, assets }))
}

/** A project whose manifest has these assets and no files. */
export function projectWith(entries: Readonly<Record<string, EntryParts>>): TestProject {
  const project = createProject()
  writeEntries(project, entries)
  return project
}
