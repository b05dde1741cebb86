import valid from 'semver/functions/valid.js'
import type { Entry, Manifest } from './manifest.ts'
import { foldedName, requireWritablePath } from './names.ts'
import { sequencesBehind } from './sequences.ts'
import { isToken, parseToken } from './token.ts'
import { categoryFolder, type Words } from './vocabulary.ts'

export type Severity = 'error' | 'warning' | 'info'

/** What `validate` found. */
export interface Finding {
  /** The asset, or `manifest`. */
  ref: string
  /** Stable. */
  code: FindingCode
  severity: Severity
  message: string
  hint: string
}

/** Every finding there is: its severity and whether `--fix` mends it. */
export const findingTable = {
  SEQUENCE_BEHIND: { severity: 'error', isFixable: true },
  FILE_MISSING: { severity: 'error', isFixable: false },
  FILE_POINTER: { severity: 'error', isFixable: false },
  FILE_CHANGED: { severity: 'error', isFixable: false },
  FILE_DAMAGED: { severity: 'error', isFixable: false },
  FILE_SHARED: { severity: 'error', isFixable: false },
  FILE_TYPE: { severity: 'error', isFixable: false },
  NAME_REFUSED: { severity: 'error', isFixable: false },
  NAME_COLLISION: { severity: 'error', isFixable: false },
  PRIVATE_METADATA: { severity: 'error', isFixable: true },
  SVG_UNSAFE: { severity: 'error', isFixable: true },
  ALIAS_TAKEN: { severity: 'error', isFixable: false },
  DEPENDENCY_CYCLE: { severity: 'error', isFixable: false },
  DEPENDENCY_MISSING: { severity: 'error', isFixable: false },
  DEPENDENCY_UNMET: { severity: 'error', isFixable: false },
  DEPENDENCY_CONFLICT: { severity: 'error', isFixable: false },
  VERSION_INVALID: { severity: 'error', isFixable: false },
  COLOR_INVALID: { severity: 'error', isFixable: false },
  ITEM_INVALID: { severity: 'error', isFixable: false },
  CONTRAST_LOW: { severity: 'error', isFixable: false },
  EXAMPLE_INACCESSIBLE: { severity: 'error', isFixable: false },
  EXAMPLE_BROKEN: { severity: 'error', isFixable: false },
  ITEM_DOUBTFUL: { severity: 'warning', isFixable: false },
  STEP_UNKNOWN: { severity: 'warning', isFixable: false },
  FACTS_STALE: { severity: 'warning', isFixable: true },
  LOCK_STALE: { severity: 'warning', isFixable: false },
  TOKEN_CATEGORY: { severity: 'warning', isFixable: false },
  TOKEN_PARTS: { severity: 'warning', isFixable: true },
  FAMILY_UNDECLARED: { severity: 'warning', isFixable: false },
  FILE_NAME: { severity: 'warning', isFixable: false },
  ALT_MISSING: { severity: 'warning', isFixable: false },
  USAGE_RIGHTS_MISSING: { severity: 'warning', isFixable: false },
  LICENSE_MISSING: { severity: 'warning', isFixable: false },
  TAGS_UNTIDY: { severity: 'warning', isFixable: true },
  EXAMPLES_UNCHECKED: { severity: 'info', isFixable: false },
  ITEM_UNREGISTERED: { severity: 'info', isFixable: false },
  DESCRIPTION_MISSING: { severity: 'info', isFixable: false },
  DUPLICATE_CONTENT: { severity: 'info', isFixable: false },
} as const satisfies Record<string, { severity: Severity; isFixable: boolean }>
export type FindingCode = keyof typeof findingTable

export function finding(ref: string, code: FindingCode, message: string, hint: string): Finding {
  return { ref, code, severity: findingTable[code].severity, message, hint }
}

/** Findings on the manifest as a whole. */
export function manifestFindings(manifest: Manifest): Finding[] {
  const findings: Finding[] = []
  for (const [series, sequence] of sequencesBehind(manifest))
    findings.push(
      finding(
        'manifest',
        'SEQUENCE_BEHIND',
        `${series} has issued ${sequence}, the manifest records ${manifest.sequences[series] ?? 0}.`,
        'A merge may have lost it: run assetloom validate --fix.',
      ),
    )
  const owners = new Map<string, { ref: string; file: string }>()
  const aliases = new Map<string, string>()
  const hashes = new Map<string, string>()
  for (const [ref, entry] of Object.entries(manifest.assets)) {
    for (const file of [entry.file, ...Object.values(entry.formats ?? {}).map((format) => format.file)]) {
      if (file === undefined) continue
      const first = owners.get(foldedName(file))
      if (first === undefined) owners.set(foldedName(file), { ref, file })
      else if (first.file === file)
        findings.push(
          finding(
            ref,
            'FILE_SHARED',
            `${file} is the file of ${first.ref} too.`,
            'Give each asset a file of its own, or delete one.',
          ),
        )
      else
        findings.push(
          finding(
            ref,
            'NAME_COLLISION',
            `${file} and ${first.file} of ${first.ref} are one name where case or Unicode forms are folded.`,
            'Rename one of the files: assetloom organize.',
          ),
        )
    }
    for (const alias of entry.aliases ?? []) {
      const owner = aliases.get(alias) ?? (Object.hasOwn(manifest.assets, alias) ? alias : undefined)
      if (owner !== undefined && owner !== ref)
        findings.push(
          finding(
            ref,
            'ALIAS_TAKEN',
            `The alias ${alias} names ${owner} too.`,
            'Rename one of them; an alias names one asset.',
          ),
        )
      else aliases.set(alias, ref)
    }
    const twin = entry.hash === undefined ? undefined : hashes.get(entry.hash)
    if (twin !== undefined)
      findings.push(
        finding(
          ref,
          'DUPLICATE_CONTENT',
          `${ref} is the same, byte for byte, as ${twin}.`,
          'Use one of them and delete the other.',
        ),
      )
    else if (entry.hash !== undefined) hashes.set(entry.hash, ref)
  }
  return findings
}

/** Findings on one entry by itself: token, names, relations, compliance. */
export function entryFindings(
  ref: string,
  entry: Entry,
  context: { words: Words; assetsDir: string },
): Finding[] {
  const found: Finding[] = []
  const add = (code: FindingCode, message: string, hint: string) => found.push(finding(ref, code, message, hint))
  if (isToken(ref)) tokenFindings(ref, entry, context, add)
  if (entry.file !== undefined) {
    const why = pathRefusal(entry.file)
    if (why) add('NAME_REFUSED', why, 'Run assetloom organize, or rename the file and run assetloom sync.')
  }
  if (valid(entry.version) === null)
    add(
      'VERSION_INVALID',
      `${JSON.stringify(entry.version)} is no semantic version.`,
      'Write three numbers, e.g. "1.0.0".',
    )
  if (entry.kind === 'color' && !/^#[0-9A-F]{6}$/i.test(entry.colorHex ?? ''))
    add('COLOR_INVALID', `${JSON.stringify(entry.colorHex ?? '')} is no colour.`, 'Write colorHex as #RRGGBB.')
  if (
    entry.tags &&
    [...new Set(entry.tags.map((tag) => tag.trim()).filter(Boolean))].sort().join('\0') !== entry.tags.join('\0')
  )
    add('TAGS_UNTIDY', 'Its tags are unsorted, repeated or padded.', 'Run assetloom validate --fix.')
  complianceFindings(entry, add)
  return found
}

type Add = (code: FindingCode, message: string, hint: string) => void

function tokenFindings(
  ref: string,
  entry: Entry,
  { words, assetsDir }: { words: Words; assetsDir: string },
  add: Add,
): void {
  const parts = parseToken(ref, words)
  const category = words.categories.find(({ name }) => name === entry.category)
  if (entry.category === undefined || category?.prefix !== parts.prefix)
    add(
      'TOKEN_CATEGORY',
      `Its prefix ${parts.prefix} is not that of its category ${entry.category ?? '(none)'}.`,
      'Mend the category in the manifest; the token stays.',
    )
  if (entry.family !== parts.family || entry.variant !== parts.variant)
    add(
      'TOKEN_PARTS',
      `The entry says family ${entry.family ?? '(none)'} and variant ${entry.variant ?? '(none)'}, the token ${parts.family} and ${parts.variant}.`,
      'Run assetloom validate --fix.',
    )
  if (!words.families.has(parts.family))
    add(
      'FAMILY_UNDECLARED',
      `The family ${parts.family} is not declared.`,
      `Add it under tokens.families in the options: { ${parts.family}: "Display Name" }.`,
    )
  if (entry.file === undefined || entry.source.type === 'spec' || entry.category === undefined) return
  const extension = entry.file.slice(entry.file.lastIndexOf('.') + 1)
  const standard = `${assetsDir}/${categoryFolder(entry.category)}/${ref}.${extension}`
  if (entry.file !== standard)
    add('FILE_NAME', `Its file is ${entry.file}; the standard place is ${standard}.`, 'Run assetloom organize.')
}

function pathRefusal(file: string): string | undefined {
  try {
    requireWritablePath(file)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

function complianceFindings(entry: Entry, add: Add): void {
  const isMedia = entry.file !== undefined && entry.token !== undefined
  if (entry.kind === 'image' && !entry.alt?.trim())
    add('ALT_MISSING', 'The picture has no alt text.', 'assetloom update <ref> --alt "What it shows"')
  if (isMedia && !entry.usageRights?.trim())
    add('USAGE_RIGHTS_MISSING', 'Nothing says who may use it for what.', 'assetloom update <ref> --usage-rights "…"')
  if (isMedia && !entry.license?.trim())
    add('LICENSE_MISSING', 'It has no licence.', 'assetloom update <ref> --license CC-BY-4.0')
  if (!entry.description?.trim())
    add('DESCRIPTION_MISSING', 'It has no description.', 'assetloom update <ref> --description "…"')
}
