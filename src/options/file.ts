import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Names that the config file may have, first come first served. */
export const configNames = [
  'assetloom.config.ts',
  'assetloom.config.mts',
  'assetloom.config.js',
  'assetloom.config.mjs',
  'assetloom.config.json',
]

/** The config file beside a root, or undefined. */
export function findConfigFile(root: string): string | undefined {
  return configNames.map((name) => join(root, name)).find((file) => existsSync(file))
}
