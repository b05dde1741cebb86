import type { RspackPluginInstance } from '@rspack/core'
import type { AssetloomOptions } from '../options.ts'
import { assetloom } from './unplugin.ts'

/** The rspack plugin; without options it reads assetloom.config.ts in rspack's `context`. */
export default assetloom.rspack as (options?: AssetloomOptions) => RspackPluginInstance
