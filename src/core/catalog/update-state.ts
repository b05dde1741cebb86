/** How an asset that came from a catalog stands to what the catalog has now. */
export const updateStates = ['current', 'outdated', 'modified', 'conflict', 'gone'] as const
export type UpdateState = (typeof updateStates)[number]

/** Digests of one asset with all its files. */
export interface AssetDigests {
  /** As it was taken over. */
  base: string
  /** As it is here now. */
  installed: string
  /** As the catalog has it now; absent: it has it no more. */
  upstream: string | undefined
}

/**
 * `outdated`: only the catalog changed it; `modified`: only the user did; `conflict`: both did. What both changed to the
 * same is current.
 */
export function updateStateOf({ base, installed, upstream }: AssetDigests): UpdateState {
  if (upstream === undefined) return 'gone'
  if (installed === upstream) return 'current'
  if (upstream === base) return 'modified'
  return installed === base ? 'outdated' : 'conflict'
}
