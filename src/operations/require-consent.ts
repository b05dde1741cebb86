import { defineError } from '../core/errors.ts'
import type { OperationContext } from './operation.ts'

const consentMissing = defineError('CONSENT_MISSING', {
  summary: 'Code that came from a pack or catalog was to run here, and nobody has allowed it yet.',
  message: (d: { what: string }) => `${d.what} would run with your rights, and nobody has allowed it yet.`,
  hint: () => 'Read it, then run the command on a terminal, which asks, or with --yes. It is asked once per code.',
})

/**
 * Ask whether code of others may run here: once for each digest, remembered in the state database.
 * @param digest - of all the code that is meant
 * @param what - the code in words, e.g. `tools/validators/words 1.2.0 from the pack acme`
 * @throws CONSENT_MISSING when it is refused, or when there is nobody to ask and no `--yes`
 */
export async function requireConsent(
  digest: string,
  what: string,
  { workspace, confirm }: Pick<OperationContext, 'workspace' | 'confirm'>,
): Promise<void> {
  const { consents } = await workspace.programs()
  if (consents.has(digest)) return
  if (!(await confirm(`${what} is code that runs with your rights. Let it run?`, 'no'))) throw consentMissing({ what })
  consents.add({ digest, what, at: workspace.timestamp() })
}
