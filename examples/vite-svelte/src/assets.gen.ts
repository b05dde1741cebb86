// Written by Assetloom from the manifest; edits are lost.
/* eslint-disable */

const BACKDROP_POST_VIEW001 = { token: "BACKDROP-POST-VIEW001", kind: "image", file: "assets/views/dawn.webp", width: 1600, height: 1067, alt: "The same mountains in the light of dawn", hash: "sha256:bc0b58b70c40bd508f1e21e0a183756db39e5c52c64e5f60af25b617bd9149de" } as const
const BACKDROP_POST_VIEW002 = { token: "BACKDROP-POST-VIEW002", kind: "image", file: "assets/views/day.webp", width: 1600, height: 1067, alt: "The same mountains in the light of day", hash: "sha256:59dad4d228de27f5f717a9595864f08134cf4649e20c4f27433f73bc76164dec" } as const
const BACKDROP_POST_VIEW003 = { token: "BACKDROP-POST-VIEW003", kind: "image", file: "assets/views/sunset.webp", width: 1600, height: 1067, alt: "The same mountains in the light of sunset", hash: "sha256:a1af174c34d9ffc00d640c3eb5cfecd542d7b8a4eab2e6ba81a7a6253e6831dd" } as const
const BACKDROP_POST_VIEW004 = { token: "BACKDROP-POST-VIEW004", kind: "image", file: "assets/views/dusk.webp", width: 1600, height: 1067, alt: "The same mountains in the light of dusk", hash: "sha256:688b7d4e9c92dbc44df88e9d2e247e5b60bb398cec41b3bac16e12e8e219b7a6" } as const
const BACKDROP_POST_VIEW005 = { token: "BACKDROP-POST-VIEW005", kind: "image", file: "assets/views/night.webp", width: 1600, height: 1067, alt: "The same mountains in the light of night", hash: "sha256:d6ca9fedc4df420a4b4b5e650d03c088d8a535d215bc7e43a74cc2688992d4f0" } as const
const BACKDROP_POST_VIEW006 = { token: "BACKDROP-POST-VIEW006", kind: "image", file: "assets/views/mist.webp", width: 1600, height: 1067, alt: "The same mountains in the light of mist", hash: "sha256:f6e565f4cdd48df10de7a10c6687463ccb8bf180cc135b9b50c7af5fcfe6d169" } as const
const BADGE_POST_STAMP001 = { token: "BADGE-POST-STAMP001", kind: "image", file: "assets/post/stamp.png", width: 320, height: 320, alt: "A round seal with a mountain", hash: "sha256:36c90253b06e952db75e505a7ad616e62bac495e7fa69aa8b3850654092af7f2" } as const
const IMG_POST_PAPER001 = { token: "IMG-POST-PAPER001", kind: "image", file: "assets/post/table.png", width: 480, height: 480, alt: "Small dots in two creams", hash: "sha256:8fc095a204e1263ea9436305d9d0674a1d2cdfbb6150a737fa4cbfb9ae6e352d" } as const

/** Every asset by its alias, its section or category. */
export const ASSETS = {
  backdrops: {
    BACKDROP_POST_VIEW001,
    BACKDROP_POST_VIEW002,
    BACKDROP_POST_VIEW003,
    BACKDROP_POST_VIEW004,
    BACKDROP_POST_VIEW005,
    BACKDROP_POST_VIEW006,
    dawn: BACKDROP_POST_VIEW001,
    day: BACKDROP_POST_VIEW002,
    dusk: BACKDROP_POST_VIEW004,
    mist: BACKDROP_POST_VIEW006,
    night: BACKDROP_POST_VIEW005,
    sunset: BACKDROP_POST_VIEW003,
  },
  badges: {
    BADGE_POST_STAMP001,
    stamp: BADGE_POST_STAMP001,
  },
  dawn: BACKDROP_POST_VIEW001,
  day: BACKDROP_POST_VIEW002,
  dusk: BACKDROP_POST_VIEW004,
  images: {
    IMG_POST_PAPER001,
    table: IMG_POST_PAPER001,
  },
  mist: BACKDROP_POST_VIEW006,
  night: BACKDROP_POST_VIEW005,
  stamp: BADGE_POST_STAMP001,
  sunset: BACKDROP_POST_VIEW003,
  table: IMG_POST_PAPER001,
} as const

export type AssetToken =
  | "BACKDROP-POST-VIEW001"
  | "BACKDROP-POST-VIEW002"
  | "BACKDROP-POST-VIEW003"
  | "BACKDROP-POST-VIEW004"
  | "BACKDROP-POST-VIEW005"
  | "BACKDROP-POST-VIEW006"
  | "BADGE-POST-STAMP001"
  | "IMG-POST-PAPER001"

export type AssetId = never
