// Written by Assetloom from the manifest; edits are lost.
/* eslint-disable */

const ART_TAPE_COVER001 = { token: "ART-TAPE-COVER001", kind: "image", file: "assets/covers/slowTide.webp", width: 800, height: 800, alt: "Broad waves in blue and sand", hash: "sha256:9798142ffed7c4602e355915f01b7f4b9825f3f05604f12d9d8507fc6619a3ec" } as const
const ART_TAPE_COVER002 = { token: "ART-TAPE-COVER002", kind: "image", file: "assets/covers/nightBus.webp", width: 800, height: 800, alt: "Contour lines in the dark", hash: "sha256:dec29d510b8f461cb71d2b14723809c616df4062f369abdfb9e5111fd2ed67bc" } as const
const ART_TAPE_COVER003 = { token: "ART-TAPE-COVER003", kind: "image", file: "assets/covers/paperKites.webp", width: 800, height: 800, alt: "Triangles in warm paper colours", hash: "sha256:583ddf2426389c4f04f96f18fa5efdcef85f1a771722dbcc8ab8de1ee8be3e23" } as const
const IMG_TAPE_GRAIN001 = { token: "IMG-TAPE-GRAIN001", kind: "image", file: "assets/deck/grain.webp", width: 960, height: 640, alt: "Grain of brushed metal", hash: "sha256:c38557ee5268694b8e80cbd1737f8ad46cea9a1bf0dddcf59427ad4dd6eebaf3" } as const
const MUSIC_TAPE_LOOP001 = { token: "MUSIC-TAPE-LOOP001", kind: "audio", file: "assets/tapes/slowTide.mp3", durationMs: 12800, alt: "A slow, soft loop for the evening", hash: "sha256:f3c94b07ec84076473dbf4001c5542a0febeb1e60c976bba25f2b8226d237a37" } as const
const MUSIC_TAPE_LOOP002 = { token: "MUSIC-TAPE-LOOP002", kind: "audio", file: "assets/tapes/nightBus.mp3", durationMs: 9600, alt: "A dark loop that keeps moving", hash: "sha256:e19ed5f8ed8b222dc2d6ff05dd209d6c3ad26ce3bc19af7b144be87f1861b80e" } as const
const MUSIC_TAPE_LOOP003 = { token: "MUSIC-TAPE-LOOP003", kind: "audio", file: "assets/tapes/paperKites.mp3", durationMs: 8000, alt: "A bright quick loop", hash: "sha256:af8d613b4bc1b904ba4fa348b69674b61cc4d0c73af753d4dc41f9b23e721194" } as const

/** Every asset by its alias, its section or category. */
export const ASSETS = {
  cover_nightBus: ART_TAPE_COVER002,
  cover_paperKites: ART_TAPE_COVER003,
  cover_slowTide: ART_TAPE_COVER001,
  grain: IMG_TAPE_GRAIN001,
  illustrations: {
    ART_TAPE_COVER001,
    ART_TAPE_COVER002,
    ART_TAPE_COVER003,
    cover_nightBus: ART_TAPE_COVER002,
    cover_paperKites: ART_TAPE_COVER003,
    cover_slowTide: ART_TAPE_COVER001,
  },
  images: {
    IMG_TAPE_GRAIN001,
    grain: IMG_TAPE_GRAIN001,
  },
  music: {
    MUSIC_TAPE_LOOP001,
    MUSIC_TAPE_LOOP002,
    MUSIC_TAPE_LOOP003,
    nightBus: MUSIC_TAPE_LOOP002,
    paperKites: MUSIC_TAPE_LOOP003,
    slowTide: MUSIC_TAPE_LOOP001,
  },
  nightBus: MUSIC_TAPE_LOOP002,
  paperKites: MUSIC_TAPE_LOOP003,
  slowTide: MUSIC_TAPE_LOOP001,
} as const

export type AssetToken =
  | "ART-TAPE-COVER001"
  | "ART-TAPE-COVER002"
  | "ART-TAPE-COVER003"
  | "IMG-TAPE-GRAIN001"
  | "MUSIC-TAPE-LOOP001"
  | "MUSIC-TAPE-LOOP002"
  | "MUSIC-TAPE-LOOP003"

export type AssetId = never
