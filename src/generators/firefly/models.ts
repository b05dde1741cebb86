import type { Size } from '../covering-size.ts'

/** What one image model takes; its name is the `x-model-version` header. */
export interface FireflyModel {
  names: readonly string[]
  /** Its only sizes, in the order in which equal ones are preferred. */
  sizes: readonly Size[]
  /** Whether it draws by a model that was trained for the customer. */
  isCustom: boolean
}

const image3Sizes: readonly Size[] = [
  '1024x1024',
  '1152x896',
  '896x1152',
  '1344x768',
  '1344x756',
  '2048x2048',
  '2304x1792',
  '1792x2304',
  '2688x1536',
  '2688x1512',
]
const image4Sizes: readonly Size[] = ['2048x2048', '2304x1792', '1792x2304', '2688x1536', '1440x2560']

/** From the vendor's API description of 2026-04; one line adds one. `image5` has another request and is not asked. */
export const fireflyModels: readonly FireflyModel[] = [
  { names: ['image3'], sizes: image3Sizes, isCustom: false },
  { names: ['image3_custom'], sizes: image3Sizes, isCustom: true },
  { names: ['image4_standard', 'image4_ultra'], sizes: image4Sizes, isCustom: false },
  { names: ['image4_custom'], sizes: image4Sizes, isCustom: true },
]

/** The one that the API itself takes when none is named. */
export const defaultModel = 'image3'

/** Made by every model. */
export const defaultSize: Size = '2048x2048'

/** Largest sides over all models. */
export const largest = { widthPx: 2688, heightPx: 2560 }
