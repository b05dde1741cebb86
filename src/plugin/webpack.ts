import type { WebpackPluginInstance } from 'webpack'
import type { AssetloomOptions } from '../options.ts'
import { assetloom } from './unplugin.ts'

/** The webpack 5 plugin; without options it reads assetloom.config.ts in webpack's `context`. */
export default assetloom.webpack as (options?: AssetloomOptions) => WebpackPluginInstance
