// Written by Assetloom from the manifest; edits are lost.
/* eslint-disable */

const BACKDROP_CARDS_LAND001 = { token: "BACKDROP-CARDS-LAND001", kind: "image", file: "assets/lands/pinewood.webp", width: 960, height: 720, alt: "A pine forest in the mist", hash: "sha256:c27524d92214457d88c2ee0a127fefca8664f0010d06fc43a262c28d539f8cae" } as const
const BACKDROP_CARDS_LAND002 = { token: "BACKDROP-CARDS-LAND002", kind: "image", file: "assets/lands/emberdunes.webp", width: 960, height: 720, alt: "Dunes in red evening light", hash: "sha256:553000c717d3e215978946074b8c50f55a9c16f4647cc6d857eb24bc15ef5bbe" } as const
const BACKDROP_CARDS_LAND003 = { token: "BACKDROP-CARDS-LAND003", kind: "image", file: "assets/lands/tidewater.webp", width: 960, height: 720, alt: "A calm sea at dawn", hash: "sha256:21bfdcd9af02c06779ebc91b05532b913d3a0b2b0d162dac8ea340ccfd14f8a7" } as const
const BACKDROP_CARDS_LAND004 = { token: "BACKDROP-CARDS-LAND004", kind: "image", file: "assets/lands/highpass.webp", width: 960, height: 720, alt: "Mountains under the moon", hash: "sha256:93990ad2e67112db0744733620fa1363098e482d025b607bffc38e9ffc18ca20" } as const
const BACKDROP_CARDS_LAND005 = { token: "BACKDROP-CARDS-LAND005", kind: "image", file: "assets/lands/meadow.webp", width: 960, height: 720, alt: "Green hills at noon", hash: "sha256:e9142c77a6ebcb80f69dddfa30aec640189671d51adae08c896cb898cdf17d06" } as const
const BACKDROP_CARDS_LAND006 = { token: "BACKDROP-CARDS-LAND006", kind: "image", file: "assets/lands/lanterns.webp", width: 960, height: 720, alt: "A city as its windows light up", hash: "sha256:15e2a92e7ceb21ed22e45b13c34ea44314464136167073e67d283520ec5bbdfd" } as const
const ICON_CARDS_UI001 = { token: "ICON-CARDS-UI001", kind: "image", file: "assets/table/heart.png", width: 96, height: 96, alt: "A heart", hash: "sha256:648daef8cd18417a24a8e2442499bccd0087a5322bee176e219f53adfb3d9f8d" } as const
const IMG_CARDS_CLOTH001 = { token: "IMG-CARDS-CLOTH001", kind: "image", file: "assets/table/cloth.png", width: 480, height: 480, alt: "Small scales in two greens", hash: "sha256:166c01c82bd43b85c940d3141611fec2fa099092c684ba34e6fce4c18b5dc736" } as const
const SPRITE_CARDS_WILD001 = { token: "SPRITE-CARDS-WILD001", kind: "image", file: "assets/creatures/Cinder.png", width: 64, height: 64, alt: "Cinder, a pixel cat", hash: "sha256:6fb18443a8fd5ae44da1c5f28901bb9861dbca8bb17dd832f6210f626ad3d935" } as const
const SPRITE_CARDS_WILD002 = { token: "SPRITE-CARDS-WILD002", kind: "image", file: "assets/creatures/Clover.png", width: 64, height: 64, alt: "Clover, a pixel beetle", hash: "sha256:20a0b9161cb7bd82f3e190b541532ca77a41de2af42f66f3488944529ad7af51" } as const
const SPRITE_CARDS_WILD003 = { token: "SPRITE-CARDS-WILD003", kind: "image", file: "assets/creatures/Brine.png", width: 64, height: 64, alt: "Brine, a pixel slime", hash: "sha256:3e0d529b0d6d830f3f0870d229c564faba6f32976868969724415731ba9b708e" } as const
const SPRITE_CARDS_WILD004 = { token: "SPRITE-CARDS-WILD004", kind: "image", file: "assets/creatures/Rivet.png", width: 64, height: 64, alt: "Rivet, a pixel robot", hash: "sha256:3adb9e940ac9c92a1faa2717d7cfbb785a0c1195995e7cd78b4b94d770c2d079" } as const
const SPRITE_CARDS_WILD005 = { token: "SPRITE-CARDS-WILD005", kind: "image", file: "assets/creatures/Hoot.png", width: 64, height: 64, alt: "Hoot, a pixel owl", hash: "sha256:e0602dd545de660c76369461a73b620313f0a0a26006e5fd2f9684174391aa8b" } as const
const SPRITE_CARDS_WILD006 = { token: "SPRITE-CARDS-WILD006", kind: "image", file: "assets/creatures/Wisp.png", width: 64, height: 64, alt: "Wisp, a pixel ghost", hash: "sha256:cae566bec69e9e5c1ce5c83b0e3eb7074484daef27af8be6110d5dc127e52cc9" } as const

/** Every asset by its alias, its section or category. */
export const ASSETS = {
  Brine: SPRITE_CARDS_WILD003,
  Cinder: SPRITE_CARDS_WILD001,
  Clover: SPRITE_CARDS_WILD002,
  Hoot: SPRITE_CARDS_WILD005,
  Rivet: SPRITE_CARDS_WILD004,
  Wisp: SPRITE_CARDS_WILD006,
  backdrops: {
    BACKDROP_CARDS_LAND001,
    BACKDROP_CARDS_LAND002,
    BACKDROP_CARDS_LAND003,
    BACKDROP_CARDS_LAND004,
    BACKDROP_CARDS_LAND005,
    BACKDROP_CARDS_LAND006,
    land_emberdunes: BACKDROP_CARDS_LAND002,
    land_highpass: BACKDROP_CARDS_LAND004,
    land_lanterns: BACKDROP_CARDS_LAND006,
    land_meadow: BACKDROP_CARDS_LAND005,
    land_pinewood: BACKDROP_CARDS_LAND001,
    land_tidewater: BACKDROP_CARDS_LAND003,
  },
  cloth: IMG_CARDS_CLOTH001,
  heart: ICON_CARDS_UI001,
  icons: {
    ICON_CARDS_UI001,
    heart: ICON_CARDS_UI001,
  },
  images: {
    IMG_CARDS_CLOTH001,
    cloth: IMG_CARDS_CLOTH001,
  },
  land_emberdunes: BACKDROP_CARDS_LAND002,
  land_highpass: BACKDROP_CARDS_LAND004,
  land_lanterns: BACKDROP_CARDS_LAND006,
  land_meadow: BACKDROP_CARDS_LAND005,
  land_pinewood: BACKDROP_CARDS_LAND001,
  land_tidewater: BACKDROP_CARDS_LAND003,
  sprites: {
    Brine: SPRITE_CARDS_WILD003,
    Cinder: SPRITE_CARDS_WILD001,
    Clover: SPRITE_CARDS_WILD002,
    Hoot: SPRITE_CARDS_WILD005,
    Rivet: SPRITE_CARDS_WILD004,
    SPRITE_CARDS_WILD001,
    SPRITE_CARDS_WILD002,
    SPRITE_CARDS_WILD003,
    SPRITE_CARDS_WILD004,
    SPRITE_CARDS_WILD005,
    SPRITE_CARDS_WILD006,
    Wisp: SPRITE_CARDS_WILD006,
  },
} as const

export type AssetToken =
  | "BACKDROP-CARDS-LAND001"
  | "BACKDROP-CARDS-LAND002"
  | "BACKDROP-CARDS-LAND003"
  | "BACKDROP-CARDS-LAND004"
  | "BACKDROP-CARDS-LAND005"
  | "BACKDROP-CARDS-LAND006"
  | "ICON-CARDS-UI001"
  | "IMG-CARDS-CLOTH001"
  | "SPRITE-CARDS-WILD001"
  | "SPRITE-CARDS-WILD002"
  | "SPRITE-CARDS-WILD003"
  | "SPRITE-CARDS-WILD004"
  | "SPRITE-CARDS-WILD005"
  | "SPRITE-CARDS-WILD006"

export type AssetId = never
