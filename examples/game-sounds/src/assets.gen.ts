// Written by Assetloom from the manifest; edits are lost.
/* eslint-disable */

const BACKDROP_HOP_MAIN001 = { token: "BACKDROP-HOP-MAIN001", kind: "image", file: "assets/images/field.webp", width: 1600, height: 800, alt: "Hills with a few trees in the morning", hash: "sha256:e6f970b55a82824be54a4d6da62b3407c7f085e6f063ad32c8981049e3a877f6" } as const
const ICON_HOP_MAIN001 = { token: "ICON-HOP-MAIN001", kind: "image", file: "assets/images/gem.png", width: 64, height: 64, alt: "A blue gem", hash: "sha256:048fb1798ad54902257246de32b0b7334fda945f7fce66e22c3a436bc1959c2a" } as const
const PARTICLE_HOP_FX001 = { token: "PARTICLE-HOP-FX001", kind: "image", file: "assets/images/dust.png", width: 64, height: 64, alt: "A puff of dust", hash: "sha256:dddbf7b3d3cfff07e74066a710985de805cfa4c9fd29f23ac872a5e2a38a5b03" } as const
const SFX_HOP_GAME001 = { token: "SFX-HOP-GAME001", kind: "audio", file: "assets/sounds/taken.mp3", durationMs: 350, alt: "A bright short ring", hash: "sha256:6a366460007b49c0eab7a3cff4ececb369108523f64827e140179be832d6dd68" } as const
const SFX_HOP_GAME002 = { token: "SFX-HOP-GAME002", kind: "audio", file: "assets/sounds/bumped.mp3", durationMs: 250, alt: "A dull bump", hash: "sha256:353fcef317fcc8ad295e054713c7961653f899cee3b101200fbad506115fd78d" } as const
const SFX_HOP_JUMP001 = { token: "SFX-HOP-JUMP001", kind: "audio", file: "assets/sound-effects/SFX-HOP-JUMP001.mp3", durationMs: 495, alt: "dust-cloud jump, soft", hash: "sha256:08b41f2292f8d82f733f11a7ffb83b5f6363834421b14a37a2901a3701a00952" } as const
const SFX_HOP_JUMP002 = { token: "SFX-HOP-JUMP002", kind: "audio", file: "assets/sound-effects/SFX-HOP-JUMP002.mp3", durationMs: 499, alt: "dust-cloud jump, crisp", hash: "sha256:a214e6b6f57bc55e3fee23bba4b83b7372795b5736dad999cc464193d090c692" } as const
const SFX_HOP_JUMP003 = { token: "SFX-HOP-JUMP003", kind: "audio", file: "assets/sound-effects/SFX-HOP-JUMP003.mp3", durationMs: 499, alt: "dust-cloud jump, heavy", hash: "sha256:4a51ac2d3e9f83760430563e06c46305cd9249339f65bf1bf39b26002373f965" } as const
const SFX_HOP_JUMP004 = { token: "SFX-HOP-JUMP004", kind: "audio", file: "assets/sound-effects/SFX-HOP-JUMP004.mp3", durationMs: 498, alt: "dust-cloud jump, bright", hash: "sha256:117bc07eec306ab17a734824f4f3974ab2adede34a4a07066feb07b18ab0f4a3" } as const
const SFX_HOP_JUMP005 = { token: "SFX-HOP-JUMP005", kind: "audio", file: "assets/sound-effects/SFX-HOP-JUMP005.mp3", durationMs: 500, alt: "energy-burst jump, soft", hash: "sha256:bda7e6e908b2aac5e4b1628684452102c50ec56c7062fa2a33b1d43320505365" } as const
const SFX_HOP_JUMP006 = { token: "SFX-HOP-JUMP006", kind: "audio", file: "assets/sound-effects/SFX-HOP-JUMP006.mp3", durationMs: 500, alt: "energy-burst jump, crisp", hash: "sha256:fd41f0fdfc24d6aab035fcc0a9d5198573cb5c93a986067f05655624ccf00fe0" } as const
const SFX_HOP_JUMP007 = { token: "SFX-HOP-JUMP007", kind: "audio", file: "assets/sound-effects/SFX-HOP-JUMP007.mp3", durationMs: 500, alt: "energy-burst jump, heavy", hash: "sha256:b347da4272f463184321ed93c7da5658195658bd673d03238a9644c7a0f2687c" } as const
const SFX_HOP_JUMP008 = { token: "SFX-HOP-JUMP008", kind: "audio", file: "assets/sound-effects/SFX-HOP-JUMP008.mp3", durationMs: 500, alt: "energy-burst jump, bright", hash: "sha256:e647dfe39fdd262e5dd03a526bfe9202a63596eb1dc256116c7d5514a42ed4bf" } as const
const SFX_HOP_JUMP009 = { token: "SFX-HOP-JUMP009", kind: "audio", file: "assets/sound-effects/SFX-HOP-JUMP009.mp3", durationMs: 500, alt: "mega-explosion jump, soft", hash: "sha256:42255180f916bd566802dc9040fb80131a6c00128cfcb765b731b43631c51a64" } as const
const SFX_HOP_JUMP010 = { token: "SFX-HOP-JUMP010", kind: "audio", file: "assets/sound-effects/SFX-HOP-JUMP010.mp3", durationMs: 499, alt: "mega-explosion jump, crisp", hash: "sha256:c862956a94a37ec3c9a673ddf0a354118b30a2342f5728610c7177607b38e9aa" } as const
const SFX_HOP_JUMP011 = { token: "SFX-HOP-JUMP011", kind: "audio", file: "assets/sound-effects/SFX-HOP-JUMP011.mp3", durationMs: 497, alt: "mega-explosion jump, heavy", hash: "sha256:d216fadf1baa343f4eaa02a373e9926708437e5e2acef74221b0523574e83c52" } as const
const SFX_HOP_JUMP012 = { token: "SFX-HOP-JUMP012", kind: "audio", file: "assets/sound-effects/SFX-HOP-JUMP012.mp3", durationMs: 498, alt: "mega-explosion jump, bright", hash: "sha256:6bfe86404196784ec6afb38446559e88066108bb08b585e6013559dc0617188c" } as const
const SPRITE_HOP_WILD001 = { token: "SPRITE-HOP-WILD001", kind: "image", file: "assets/images/cat.png", width: 96, height: 96, alt: "A coral pixel cat", hash: "sha256:51ea7e11646d09e32cb0ae9b7461f30145cc742fc6a803df4c10ce4a251ce716" } as const
const SPRITE_HOP_WILD002 = { token: "SPRITE-HOP-WILD002", kind: "image", file: "assets/images/slime.png", width: 80, height: 80, alt: "A green pixel slime", hash: "sha256:538c692390d80729ab4ec4b3ffcc2715d34a1cd1f9c51923512d9515e46daf7f" } as const

/** Every asset by its alias, its section or category. */
export const ASSETS = {
  audio: {
    sfx: {
      jump: {
        sfxJump1A: SFX_HOP_JUMP001,
        sfxJump1B: SFX_HOP_JUMP002,
        sfxJump1C: SFX_HOP_JUMP003,
        sfxJump1D: SFX_HOP_JUMP004,
        sfxJump2A: SFX_HOP_JUMP005,
        sfxJump2B: SFX_HOP_JUMP006,
        sfxJump2C: SFX_HOP_JUMP007,
        sfxJump2D: SFX_HOP_JUMP008,
        sfxJump3A: SFX_HOP_JUMP009,
        sfxJump3B: SFX_HOP_JUMP010,
        sfxJump3C: SFX_HOP_JUMP011,
        sfxJump3D: SFX_HOP_JUMP012,
      },
    },
  },
  backdrops: {
    BACKDROP_HOP_MAIN001,
    field: BACKDROP_HOP_MAIN001,
  },
  bumped: SFX_HOP_GAME002,
  cat: SPRITE_HOP_WILD001,
  dust: PARTICLE_HOP_FX001,
  field: BACKDROP_HOP_MAIN001,
  gem: ICON_HOP_MAIN001,
  icons: {
    ICON_HOP_MAIN001,
    gem: ICON_HOP_MAIN001,
  },
  particles: {
    PARTICLE_HOP_FX001,
    dust: PARTICLE_HOP_FX001,
  },
  sfxJump1A: SFX_HOP_JUMP001,
  sfxJump1B: SFX_HOP_JUMP002,
  sfxJump1C: SFX_HOP_JUMP003,
  sfxJump1D: SFX_HOP_JUMP004,
  sfxJump2A: SFX_HOP_JUMP005,
  sfxJump2B: SFX_HOP_JUMP006,
  sfxJump2C: SFX_HOP_JUMP007,
  sfxJump2D: SFX_HOP_JUMP008,
  sfxJump3A: SFX_HOP_JUMP009,
  sfxJump3B: SFX_HOP_JUMP010,
  sfxJump3C: SFX_HOP_JUMP011,
  sfxJump3D: SFX_HOP_JUMP012,
  slime: SPRITE_HOP_WILD002,
  soundEffects: {
    SFX_HOP_GAME001,
    SFX_HOP_GAME002,
    SFX_HOP_JUMP001,
    SFX_HOP_JUMP002,
    SFX_HOP_JUMP003,
    SFX_HOP_JUMP004,
    SFX_HOP_JUMP005,
    SFX_HOP_JUMP006,
    SFX_HOP_JUMP007,
    SFX_HOP_JUMP008,
    SFX_HOP_JUMP009,
    SFX_HOP_JUMP010,
    SFX_HOP_JUMP011,
    SFX_HOP_JUMP012,
    bumped: SFX_HOP_GAME002,
    taken: SFX_HOP_GAME001,
  },
  sprites: {
    SPRITE_HOP_WILD001,
    SPRITE_HOP_WILD002,
    cat: SPRITE_HOP_WILD001,
    slime: SPRITE_HOP_WILD002,
  },
  taken: SFX_HOP_GAME001,
} as const

export type AssetToken =
  | "BACKDROP-HOP-MAIN001"
  | "ICON-HOP-MAIN001"
  | "PARTICLE-HOP-FX001"
  | "SFX-HOP-GAME001"
  | "SFX-HOP-GAME002"
  | "SFX-HOP-JUMP001"
  | "SFX-HOP-JUMP002"
  | "SFX-HOP-JUMP003"
  | "SFX-HOP-JUMP004"
  | "SFX-HOP-JUMP005"
  | "SFX-HOP-JUMP006"
  | "SFX-HOP-JUMP007"
  | "SFX-HOP-JUMP008"
  | "SFX-HOP-JUMP009"
  | "SFX-HOP-JUMP010"
  | "SFX-HOP-JUMP011"
  | "SFX-HOP-JUMP012"
  | "SPRITE-HOP-WILD001"
  | "SPRITE-HOP-WILD002"

export type AssetId = never
