/* What the dev-toolbar app and the dev server say to each other. */

export const questionEvent = 'assetloom:toolbar-question'
export const answerEvent = 'assetloom:toolbar-answer'

export interface ToolbarQuestion {
  /** Every open page hears every answer; the id says whose it is. */
  id: string
  /** Names of served files that the page shows. */
  files: string[]
}

export interface ToolbarAnswer {
  id: string
  assets: PageAsset[]
  problem?: string
}

export interface PageAsset {
  ref: string
  kind: string
  /** Of the page, by name. */
  files: string[]
  alias?: string | undefined
  alt?: string | undefined
  mediaType?: string | undefined
  sizeBytes?: number | undefined
  widthPx?: number | undefined
  heightPx?: number | undefined
  /** Path of the spec that it is made from. */
  spec?: string | undefined
  origin: string
}
