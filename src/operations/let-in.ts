import { fetchedDigest, type FetchedAsset } from '../workspace/catalogs.ts'
import type { OperationContext } from './operation.ts'
import { requireConsent } from './require-consent.ts'

/**
 * Ask whether the code of an asset of a catalog may come here, and show it.
 * @param code - those of its files that hold code
 * @throws CONSENT_MISSING
 */
export async function letIn(asset: FetchedAsset, code: readonly string[], context: Pick<OperationContext, 'workspace' | 'confirm'>): Promise<void> {
  const files = asset.files.filter(({ path }) => code.includes(path))
  await requireConsent({ digest: fetchedDigest(asset), what: `${asset.row.ref} from the catalog ${asset.catalog}`, catalogRef: asset.row.ref, files }, context)
}
