import { join } from 'node:path'

/** What all projects of a user share, under `~/.config/assetloom`. Absolute paths. */
export interface UserPaths {
  folder: string
  /** Assets that the user took over; changed only by the user, or when asked. */
  library: string
  /** Assets as their catalogs have them. */
  cache: string
  /** The last good index of each catalog. */
  indexes: string
  /** A file per digest of code that may run. */
  consents: string
  temp: string
}

export function userPaths(folder: string): UserPaths {
  return {
    folder,
    library: join(folder, 'library'),
    cache: join(folder, 'assets'),
    indexes: join(folder, 'catalogs'),
    consents: join(folder, 'consents'),
    temp: join(folder, 'tmp'),
  }
}
