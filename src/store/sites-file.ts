import { existsSync, readFileSync } from 'node:fs'
import { canonicalJson } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import { describeIssues } from '../core/check-document.ts'
import { emptySitesFile, sitesFileSchema, type SitesFile } from '../core/site.ts'

const sitesDamaged = defineError('SITES_DAMAGED', {
  summary: 'assets/sites.json is no JSON, or says what it may not.',
  message: (d: { file: string; why: string }) => `${d.file} cannot be used: ${d.why}.`,
  hint: () => 'Take it back from git, or mend it; it is never written over while it cannot be read.',
})

/** Most bytes of the file; looked at before it is parsed. */
const maxBytes = 20_000_000

/**
 * What commands know of sites.
 * @param shown - the path for messages
 * @throws SITES_DAMAGED
 */
export function readSitesFile(path: string, shown: string): SitesFile {
  if (!existsSync(path)) return emptySitesFile()
  const damaged = (why: string, cause?: unknown) => sitesDamaged({ file: shown, why }, { cause, location: { file: shown } })
  let value: unknown
  try {
    const bytes = readFileSync(path)
    if (bytes.length > maxBytes) throw new Error(`it has ${bytes.length} bytes; the most is ${maxBytes}`)
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw damaged((cause as Error).message.replace(/\.$/, ''), cause)
  }
  const parsed = sitesFileSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const [problem] = describeIssues(parsed.error.issues, sitesFileSchema, value)
  throw damaged(`${problem!.path.map(String).join('.')} ${problem!.message}${problem!.allowed?.length ? `; allowed: ${problem!.allowed.join(', ')}` : ''}`)
}

/** Its one spelling: sorted, two-space indent, LF. Equal contents give equal bytes. */
export function formatSitesFile(file: SitesFile): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(file)), null, 2)}\n`
}
