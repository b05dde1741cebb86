import * as z from 'zod'

/** The flag of commands that look through the layers: whether they may go on to the catalogs. */
export const assetDownloadField = {
  assetDownload: z
    .boolean()
    .optional()
    .describe('Whether a catalog may give what nothing on this machine has; =false asks none. Default: as catalog.download says.'),
}
