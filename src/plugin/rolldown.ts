import type { Plugin } from 'rolldown'
import type { AssetloomOptions } from '../options.ts'
import { assetloom } from './unplugin.ts'

/** The rolldown plugin; without options it reads assetloom.config.ts in rolldown's `cwd`. */
export default assetloom.rolldown as (options?: AssetloomOptions) => Plugin
