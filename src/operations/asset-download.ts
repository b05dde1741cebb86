import * as z from 'zod'
import type { Workspace } from '../workspace.ts'

/** The flag of commands that look through the layers: whether they may go on to the catalogs. */
export const assetDownloadField = {
  assetDownload: z
    .boolean()
    .optional()
    .describe('Whether a catalog may give what nothing on this machine has; =false asks none. Default: as catalog.download says.'),
}

/** @param asked - the flag, which stands in place of the option `catalog.download` */
export function mayDownload(asked: boolean | undefined, { options }: Workspace): boolean {
  return asked ?? options.catalog?.download !== false
}
