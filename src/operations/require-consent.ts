import { defineError } from '../core/errors.ts'
import type { OperationContext } from './operation.ts'

const consentMissing = defineError('CONSENT_MISSING', {
  summary: 'Code that came from a pack or catalog was to be added or run, and nobody has allowed it yet.',
  message: (d: { what: string; catalogRef?: string | undefined }) => `${d.what} is code that runs with your rights, and nobody has allowed it yet.`,
  hint: ({ catalogRef }) =>
    `Read it${catalogRef === undefined ? '' : ` (assetloom add ${catalogRef} --diff shows it)`}, then run the command on a terminal, which asks, or with --yes. It is asked once per code.`,
})

/** Most characters of code that are shown before a question. */
const shownCharacters = 6000

/** Code of others that is to be let in. */
export interface ForeignCode {
  /** Of all of it. */
  digest: string
  /** The code in words, e.g. `tools/validators/words 1.2.0 from the pack acme`. */
  what: string
  /** What `add` calls it, when it is of a catalog. */
  catalogRef?: string
  /** What a person reads before the answer. */
  files?: readonly { path: string; bytes: Uint8Array }[]
}

/**
 * Ask whether code of others may be used here: a user is asked once for each digest.
 * @throws CONSENT_MISSING when it is refused, or when there is nobody to ask and no `--yes`
 */
export async function requireConsent(
  { digest, what, catalogRef, files = [] }: ForeignCode,
  { workspace: { consents }, confirm }: Pick<OperationContext, 'workspace' | 'confirm'>,
): Promise<void> {
  if (consents.has(digest)) return
  const question = `${what} is code that runs with your rights. Let it in?`
  if (!(await confirm(question, 'no', files.length === 0 ? undefined : codeText(files, catalogRef)))) throw consentMissing({ what, catalogRef })
  consents.give(digest, what)
}

function codeText(files: NonNullable<ForeignCode['files']>, catalogRef: string | undefined): string {
  const text = files.map(({ path, bytes }) => `── ${path}\n${new TextDecoder().decode(bytes)}`).join('\n')
  if (text.length <= shownCharacters) return text
  const all = catalogRef === undefined ? '' : `; assetloom add ${catalogRef} --diff shows all`
  return `${text.slice(0, shownCharacters)}\n… and ${text.length - shownCharacters} characters more${all}`
}
