import type { Plugin } from 'esbuild'
import type { AssetloomOptions } from '../options.ts'
import { assetloom } from './unplugin.ts'

/** The esbuild plugin; without options it reads assetloom.config.ts in esbuild's `absWorkingDir`. */
export default assetloom.esbuild as (options?: AssetloomOptions) => Plugin
