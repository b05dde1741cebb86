// Written by Assetloom from the manifest; edits are lost.
/* eslint-disable */

const AVATAR_LOOM_FACE001 = { token: "AVATAR-LOOM-FACE001", kind: "image", file: "assets/avatars/spike.png", width: 384, height: 384, alt: "Someone with spiky brown hair", hash: "sha256:e0f7f8e1ad73ff4f410bad11e814e90eb615aa820915af15c4af2ba276e05c84" } as const
const AVATAR_LOOM_FACE002 = { token: "AVATAR-LOOM-FACE002", kind: "image", file: "assets/avatars/silver.png", width: 384, height: 384, alt: "Someone with silver hair, laughing", hash: "sha256:1a840549400223ecc6e801f8c48ffd7a36cc8a4cc9769477e7f4a0bb5a737120" } as const
const AVATAR_LOOM_FACE003 = { token: "AVATAR-LOOM-FACE003", kind: "image", file: "assets/avatars/specs.png", width: 384, height: 384, alt: "Someone in round glasses, smiling", hash: "sha256:fb2953b5a2e32f4f50188cb140ca89ea13fd781a689fafbae8b43094e433dc87" } as const
const AVATAR_LOOM_FACE004 = { token: "AVATAR-LOOM-FACE004", kind: "image", file: "assets/avatars/copper.png", width: 384, height: 384, alt: "Someone with long copper hair", hash: "sha256:5deac3c9ef7702694f75adcf7071ca615cd7fce2ba2a4411439b3e8b538dd44e" } as const
const BACKDROP_LOOM_HERO001 = { token: "BACKDROP-LOOM-HERO001", kind: "image", file: "assets/backdrops/hero.webp", width: 2400, height: 1200, alt: "Purple mountain ridges at dusk with a low sun and a few stars", hash: "sha256:0a53710155ce8e4349673d0be94b73deb3100429bd61513cab065e755b24fae9" } as const
const BADGE_LOOM_SEAL001 = { token: "BADGE-LOOM-SEAL001", kind: "image", file: "assets/brand/badge-free.png", width: 512, height: 512, alt: "A round indigo seal with the word FREE", hash: "sha256:29aa8fba22fbfb04aabc74c23919128f20dcadaf9b22ace9f30a8ac1b7ca8670" } as const
const COLOR_LOOM_BRAND001 = { token: "COLOR-LOOM-BRAND001", kind: "color", alt: "Ink", colorHex: "#14132B" } as const
const COLOR_LOOM_BRAND002 = { token: "COLOR-LOOM-BRAND002", kind: "color", alt: "Indigo", colorHex: "#4A4890" } as const
const COLOR_LOOM_BRAND003 = { token: "COLOR-LOOM-BRAND003", kind: "color", alt: "Plum", colorHex: "#8A5A9E" } as const
const COLOR_LOOM_BRAND004 = { token: "COLOR-LOOM-BRAND004", kind: "color", alt: "Coral", colorHex: "#F0785A" } as const
const COLOR_LOOM_BRAND005 = { token: "COLOR-LOOM-BRAND005", kind: "color", alt: "Amber", colorHex: "#F4B860" } as const
const COLOR_LOOM_BRAND006 = { token: "COLOR-LOOM-BRAND006", kind: "color", alt: "Cream", colorHex: "#FFF3E4" } as const
const ICON_LOOM_UI001 = { token: "ICON-LOOM-UI001", kind: "image", file: "assets/icons/mountain.png", width: 256, height: 256, alt: "Icon of a mountain", hash: "sha256:71fca7c2837af28aea11df89d04fd0f703376e19a5ccf2e49b9f8eeedbc044dc" } as const
const ICON_LOOM_UI002 = { token: "ICON-LOOM-UI002", kind: "image", file: "assets/icons/moon.png", width: 256, height: 256, alt: "Icon of a moon", hash: "sha256:bfab381d5e50c05cd7b65136f60f868ee13fa6d0ed03a8ca884bff99a36b80c1" } as const
const ICON_LOOM_UI003 = { token: "ICON-LOOM-UI003", kind: "image", file: "assets/icons/leaf.png", width: 256, height: 256, alt: "Icon of a leaf", hash: "sha256:9723278c8a4668d87c90c7b29fd2431c234701a59aa2d970b1f9ab9640f8ea09" } as const
const ICON_LOOM_UI004 = { token: "ICON-LOOM-UI004", kind: "image", file: "assets/icons/flame.png", width: 256, height: 256, alt: "Icon of a flame", hash: "sha256:93eee771056bb056545d952e0e84a69c807203a034f7a4b69a6e3d035b550e1d" } as const
const ICON_LOOM_UI005 = { token: "ICON-LOOM-UI005", kind: "image", file: "assets/icons/gem.png", width: 256, height: 256, alt: "Icon of a gem", hash: "sha256:4c76bfb91ec50688ba9caa3a888198d9c6822c987158ca46734e9b38d1801080" } as const
const ICON_LOOM_UI006 = { token: "ICON-LOOM-UI006", kind: "image", file: "assets/icons/wave.png", width: 256, height: 256, alt: "Icon of a wave", hash: "sha256:d9edff31948baed44fb2a1c384723bc688a51ddb3d3e1323c08345c325d124b9" } as const
const IMG_LOOM_MAIN001 = { token: "IMG-LOOM-MAIN001", kind: "image", file: "assets/surfaces/afterglow.webp", width: 960, height: 960, alt: "Soft lights of plum, coral and amber running into each other", hash: "sha256:3e372d4023a1a8eeb6b458a4b1aa0e0cd7cfe1b76a05111cc20fd6f43a7e9ad8" } as const
const IMG_LOOM_MAIN002 = { token: "IMG-LOOM-MAIN002", kind: "image", file: "assets/surfaces/contour.webp", width: 960, height: 960, alt: "Contour lines of an unknown mountain range", hash: "sha256:c38bd135ae27b150639323a99e75c7ed71e3d76587493995e651cb5b589580b2" } as const
const LOGO_LOOM_MARK001 = { token: "LOGO-LOOM-MARK001", kind: "image", file: "assets/brand/logo.png", width: 512, height: 512, alt: "The letter A on a rounded tile that runs from coral to plum", hash: "sha256:4f982612c293d2cb80dfaeca065d7235cc754913c48f0981753e50001b7e2bce" } as const
const MUSIC_LOOM_LOOP001 = { token: "MUSIC-LOOM-LOOP001", kind: "audio", file: "assets/sounds/evening-loop.mp3", durationMs: 9600, alt: "A calm loop of broken chords, plucked and echoed", hash: "sha256:a9ea62b1c573853ead99361c784e675acb03548b683c99d238de745e6105d1bf" } as const
const PARTICLE_LOOM_FX001 = { token: "PARTICLE-LOOM-FX001", kind: "image", file: "assets/particles/glow.png", width: 128, height: 128, alt: "A warm glow", hash: "sha256:910b27822435dbc93746b8e23fcddade0addf869a3bd353bf07f9c873dc5b692" } as const
const PARTICLE_LOOM_FX002 = { token: "PARTICLE-LOOM-FX002", kind: "image", file: "assets/particles/spark.png", width: 128, height: 128, alt: "A four-pointed spark", hash: "sha256:f427aff83eb89b33362f85465c35cc7576cf2c643d72d9f48f11ae7d9c3f75af" } as const
const PARTICLE_LOOM_FX003 = { token: "PARTICLE-LOOM-FX003", kind: "image", file: "assets/particles/ring.png", width: 128, height: 128, alt: "A coral ring of light", hash: "sha256:e94a1781b5fbc0d449ff5c643e64d25365a665f16225a2949769fe6c29d8c034" } as const
const PARTICLE_LOOM_FX004 = { token: "PARTICLE-LOOM-FX004", kind: "image", file: "assets/particles/smoke.png", width: 128, height: 128, alt: "A puff of lilac smoke", hash: "sha256:e845c67a7af389ffdcb0332437d4df76e8880dd75abb184416aa3787b12615e7" } as const
const PARTICLE_LOOM_FX005 = { token: "PARTICLE-LOOM-FX005", kind: "image", file: "assets/particles/bubble.png", width: 128, height: 128, alt: "A thin bubble", hash: "sha256:a3d274b93bb70d6a68721c13e0a8ae32e6f07422bc8af6179c669a6f6ce327dd" } as const
const PATTERN_LOOM_CLOTH001 = { token: "PATTERN-LOOM-CLOTH001", kind: "image", file: "assets/patterns/tiles.png", width: 720, height: 720, alt: "Quarter circles and rings on square tiles", hash: "sha256:2cdf1586bfee94318a3f424a6d1499aef018c4a27a9ae727449803af67591c3d" } as const
const PATTERN_LOOM_CLOTH002 = { token: "PATTERN-LOOM-CLOTH002", kind: "image", file: "assets/patterns/scales.png", width: 720, height: 720, alt: "Overlapping fish scales", hash: "sha256:4e5f047d0adce848cf3570c367acc20f5d561a3988b6a2bbe028ad4c98a30916" } as const
const PATTERN_LOOM_CLOTH003 = { token: "PATTERN-LOOM-CLOTH003", kind: "image", file: "assets/patterns/waves.png", width: 720, height: 720, alt: "Broad rolling waves", hash: "sha256:bf9742f6e7bf4c3df9eb5767a181bcdfe239151b2b366d636f8732d6829d3960" } as const
const PATTERN_LOOM_CLOTH004 = { token: "PATTERN-LOOM-CLOTH004", kind: "image", file: "assets/patterns/terrazzo.png", width: 720, height: 720, alt: "Chips of terrazzo", hash: "sha256:420d419eaf62525bdfdb02d35f3fccc293043e81146dd194da4a7f8c16a4b73b" } as const
const SFX_LOOM_GAME001 = { token: "SFX-LOOM-GAME001", kind: "audio", file: "assets/sounds/jump.mp3", durationMs: 400, alt: "A light springy jump", hash: "sha256:654a4f66211d8b461554831b5ec7a28dbc66e3810b6a7665d7b63cb6ce9bc2b8" } as const
const SFX_LOOM_GAME002 = { token: "SFX-LOOM-GAME002", kind: "audio", file: "assets/sounds/coin.mp3", durationMs: 499, alt: "A bright coin that rings", hash: "sha256:0ea82903c9ea08822e5399d170f12a9200c4c8e695651b2302d6f7ad1c97bb91" } as const
const SFX_LOOM_GAME003 = { token: "SFX-LOOM-GAME003", kind: "audio", file: "assets/sounds/levelUp.mp3", durationMs: 900, alt: "A warm rising level up", hash: "sha256:6f34b89dbf6c7b55d290679233f041799f9cbaa26f2f0107e3cfdab815da81ba" } as const
const SFX_LOOM_GAME004 = { token: "SFX-LOOM-GAME004", kind: "audio", file: "assets/sounds/laser.mp3", durationMs: 350, alt: "A crisp electric laser", hash: "sha256:81a7b84c2790761fb8eb8ec56e3b75a7b6b00b8b8b5b09ccf4a3172e007f4b55" } as const
const SFX_LOOM_GAME005 = { token: "SFX-LOOM-GAME005", kind: "audio", file: "assets/sounds/boom.mp3", durationMs: 1197, alt: "A deep heavy boom with dust", hash: "sha256:0bc748e53bd3164136c48429d59b6fb340e1d3b943cdf5c059b5979e338eeb69" } as const
const SPRITE_LOOM_WILD001 = { token: "SPRITE-LOOM-WILD001", kind: "image", file: "assets/sprites/owl.png", width: 64, height: 64, alt: "A plum owl, not amused", hash: "sha256:8a8c84da5668547034ba5ca4a46ec361891922cc5ca7139f5f627e8effe2fb0d" } as const
const SPRITE_LOOM_WILD002 = { token: "SPRITE-LOOM-WILD002", kind: "image", file: "assets/sprites/beetle.png", width: 64, height: 64, alt: "A coral beetle with amber wings", hash: "sha256:08102040bea7feabb2024ac11ae6b4a36df3d747017400aa5ce110abdffce787" } as const
const SPRITE_LOOM_WILD003 = { token: "SPRITE-LOOM-WILD003", kind: "image", file: "assets/sprites/slime.png", width: 64, height: 64, alt: "A pine green slime", hash: "sha256:98a64de7773d137c8f4bcef12003f13806d22b2f553e0007f3172d0acd9e054d" } as const
const SPRITE_LOOM_WILD004 = { token: "SPRITE-LOOM-WILD004", kind: "image", file: "assets/sprites/cat.png", width: 64, height: 64, alt: "A coral cat with a cream bib", hash: "sha256:db5d46be71fa2cd200b8e8f52cf131fd9fc1b0be5b6b0fb85c2779b0dd7fcd3f" } as const
const SPRITE_LOOM_WILD005 = { token: "SPRITE-LOOM-WILD005", kind: "image", file: "assets/sprites/invader.png", width: 64, height: 64, alt: "A blue invader, arms up", hash: "sha256:d986f764222170c4acbae9317aa7e6f9375ac7debf1d831ba172574a3cfa5c07" } as const

/** Every asset by its alias, its section or category. */
export const ASSETS = {
  afterglow: IMG_LOOM_MAIN001,
  avatar_copper: AVATAR_LOOM_FACE004,
  avatar_silver: AVATAR_LOOM_FACE002,
  avatar_specs: AVATAR_LOOM_FACE003,
  avatar_spike: AVATAR_LOOM_FACE001,
  avatars: {
    AVATAR_LOOM_FACE001,
    AVATAR_LOOM_FACE002,
    AVATAR_LOOM_FACE003,
    AVATAR_LOOM_FACE004,
    avatar_copper: AVATAR_LOOM_FACE004,
    avatar_silver: AVATAR_LOOM_FACE002,
    avatar_specs: AVATAR_LOOM_FACE003,
    avatar_spike: AVATAR_LOOM_FACE001,
  },
  backdrops: {
    BACKDROP_LOOM_HERO001,
    hero: BACKDROP_LOOM_HERO001,
  },
  badgeFree: BADGE_LOOM_SEAL001,
  badges: {
    BADGE_LOOM_SEAL001,
    badgeFree: BADGE_LOOM_SEAL001,
  },
  beetle: SPRITE_LOOM_WILD002,
  boom: SFX_LOOM_GAME005,
  bubble: PARTICLE_LOOM_FX005,
  cat: SPRITE_LOOM_WILD004,
  coin: SFX_LOOM_GAME002,
  colors: {
    COLOR_LOOM_BRAND001,
    COLOR_LOOM_BRAND002,
    COLOR_LOOM_BRAND003,
    COLOR_LOOM_BRAND004,
    COLOR_LOOM_BRAND005,
    COLOR_LOOM_BRAND006,
  },
  contour: IMG_LOOM_MAIN002,
  eveningLoop: MUSIC_LOOM_LOOP001,
  glow: PARTICLE_LOOM_FX001,
  hero: BACKDROP_LOOM_HERO001,
  icon_flame: ICON_LOOM_UI004,
  icon_gem: ICON_LOOM_UI005,
  icon_leaf: ICON_LOOM_UI003,
  icon_moon: ICON_LOOM_UI002,
  icon_mountain: ICON_LOOM_UI001,
  icon_wave: ICON_LOOM_UI006,
  icons: {
    ICON_LOOM_UI001,
    ICON_LOOM_UI002,
    ICON_LOOM_UI003,
    ICON_LOOM_UI004,
    ICON_LOOM_UI005,
    ICON_LOOM_UI006,
    icon_flame: ICON_LOOM_UI004,
    icon_gem: ICON_LOOM_UI005,
    icon_leaf: ICON_LOOM_UI003,
    icon_moon: ICON_LOOM_UI002,
    icon_mountain: ICON_LOOM_UI001,
    icon_wave: ICON_LOOM_UI006,
  },
  images: {
    IMG_LOOM_MAIN001,
    IMG_LOOM_MAIN002,
    afterglow: IMG_LOOM_MAIN001,
    contour: IMG_LOOM_MAIN002,
  },
  invader: SPRITE_LOOM_WILD005,
  jump: SFX_LOOM_GAME001,
  laser: SFX_LOOM_GAME004,
  levelUp: SFX_LOOM_GAME003,
  logo: LOGO_LOOM_MARK001,
  logos: {
    LOGO_LOOM_MARK001,
    logo: LOGO_LOOM_MARK001,
  },
  music: {
    MUSIC_LOOM_LOOP001,
    eveningLoop: MUSIC_LOOM_LOOP001,
  },
  owl: SPRITE_LOOM_WILD001,
  particles: {
    PARTICLE_LOOM_FX001,
    PARTICLE_LOOM_FX002,
    PARTICLE_LOOM_FX003,
    PARTICLE_LOOM_FX004,
    PARTICLE_LOOM_FX005,
    bubble: PARTICLE_LOOM_FX005,
    glow: PARTICLE_LOOM_FX001,
    ring: PARTICLE_LOOM_FX003,
    smoke: PARTICLE_LOOM_FX004,
    spark: PARTICLE_LOOM_FX002,
  },
  patterns: {
    PATTERN_LOOM_CLOTH001,
    PATTERN_LOOM_CLOTH002,
    PATTERN_LOOM_CLOTH003,
    PATTERN_LOOM_CLOTH004,
    scales: PATTERN_LOOM_CLOTH002,
    terrazzo: PATTERN_LOOM_CLOTH004,
    tiles: PATTERN_LOOM_CLOTH001,
    waves: PATTERN_LOOM_CLOTH003,
  },
  ring: PARTICLE_LOOM_FX003,
  scales: PATTERN_LOOM_CLOTH002,
  slime: SPRITE_LOOM_WILD003,
  smoke: PARTICLE_LOOM_FX004,
  soundEffects: {
    SFX_LOOM_GAME001,
    SFX_LOOM_GAME002,
    SFX_LOOM_GAME003,
    SFX_LOOM_GAME004,
    SFX_LOOM_GAME005,
    boom: SFX_LOOM_GAME005,
    coin: SFX_LOOM_GAME002,
    jump: SFX_LOOM_GAME001,
    laser: SFX_LOOM_GAME004,
    levelUp: SFX_LOOM_GAME003,
  },
  spark: PARTICLE_LOOM_FX002,
  sprites: {
    SPRITE_LOOM_WILD001,
    SPRITE_LOOM_WILD002,
    SPRITE_LOOM_WILD003,
    SPRITE_LOOM_WILD004,
    SPRITE_LOOM_WILD005,
    beetle: SPRITE_LOOM_WILD002,
    cat: SPRITE_LOOM_WILD004,
    invader: SPRITE_LOOM_WILD005,
    owl: SPRITE_LOOM_WILD001,
    slime: SPRITE_LOOM_WILD003,
  },
  terrazzo: PATTERN_LOOM_CLOTH004,
  tiles: PATTERN_LOOM_CLOTH001,
  waves: PATTERN_LOOM_CLOTH003,
} as const

export type AssetToken =
  | "AVATAR-LOOM-FACE001"
  | "AVATAR-LOOM-FACE002"
  | "AVATAR-LOOM-FACE003"
  | "AVATAR-LOOM-FACE004"
  | "BACKDROP-LOOM-HERO001"
  | "BADGE-LOOM-SEAL001"
  | "COLOR-LOOM-BRAND001"
  | "COLOR-LOOM-BRAND002"
  | "COLOR-LOOM-BRAND003"
  | "COLOR-LOOM-BRAND004"
  | "COLOR-LOOM-BRAND005"
  | "COLOR-LOOM-BRAND006"
  | "ICON-LOOM-UI001"
  | "ICON-LOOM-UI002"
  | "ICON-LOOM-UI003"
  | "ICON-LOOM-UI004"
  | "ICON-LOOM-UI005"
  | "ICON-LOOM-UI006"
  | "IMG-LOOM-MAIN001"
  | "IMG-LOOM-MAIN002"
  | "LOGO-LOOM-MARK001"
  | "MUSIC-LOOM-LOOP001"
  | "PARTICLE-LOOM-FX001"
  | "PARTICLE-LOOM-FX002"
  | "PARTICLE-LOOM-FX003"
  | "PARTICLE-LOOM-FX004"
  | "PARTICLE-LOOM-FX005"
  | "PATTERN-LOOM-CLOTH001"
  | "PATTERN-LOOM-CLOTH002"
  | "PATTERN-LOOM-CLOTH003"
  | "PATTERN-LOOM-CLOTH004"
  | "SFX-LOOM-GAME001"
  | "SFX-LOOM-GAME002"
  | "SFX-LOOM-GAME003"
  | "SFX-LOOM-GAME004"
  | "SFX-LOOM-GAME005"
  | "SPRITE-LOOM-WILD001"
  | "SPRITE-LOOM-WILD002"
  | "SPRITE-LOOM-WILD003"
  | "SPRITE-LOOM-WILD004"
  | "SPRITE-LOOM-WILD005"

export type AssetId = never
