import type { Plugin } from 'rollup'
import type { AssetloomOptions } from '../options.ts'
import { assetloom } from './unplugin.ts'

/** The rollup plugin; without options it reads assetloom.config.ts in the working folder. */
export default assetloom.rollup as (options?: AssetloomOptions) => Plugin
