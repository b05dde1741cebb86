// Written by Assetloom from the manifest; edits are lost.
/* eslint-disable */

const BACKDROP_LODGE_HERO001 = { token: "BACKDROP-LODGE-HERO001", kind: "image", file: "assets/valley.webp", width: 1920, height: 1080, alt: "Fir trees over a misty valley", hash: "sha256:7996bad23d80c603c44dd39831a60675f9fa45de85eae67c1d10e05b3a45e83d" } as const
const LOGO_LODGE_MARK001 = { token: "LOGO-LODGE-MARK001", kind: "image", file: "assets/mark.png", width: 256, height: 256, alt: "A white mountain on a green tile", hash: "sha256:82f1b20fea8292adfa4c10c3678d32705b19418cd324dc777add761483d2876f" } as const

/** Every asset by its alias, its section or category. */
export const ASSETS = {
  backdrops: {
    BACKDROP_LODGE_HERO001,
    valley: BACKDROP_LODGE_HERO001,
  },
  logos: {
    LOGO_LODGE_MARK001,
    mark: LOGO_LODGE_MARK001,
  },
  mark: LOGO_LODGE_MARK001,
  valley: BACKDROP_LODGE_HERO001,
} as const

export type AssetToken =
  | "BACKDROP-LODGE-HERO001"
  | "LOGO-LODGE-MARK001"

export type AssetId = never
