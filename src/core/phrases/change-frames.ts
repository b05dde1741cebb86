import { apply, create, dependencyAdd, deploy, duplicate, optimize, run, test, update, use } from './item-frames.ts'
import { exportAssets, generate, importFiles, organize, pick, refine } from './media-frames.ts'
import { addFromCatalog, installPack, invalidate, packAssets, precompile, reindex, sync, types, updateFromCatalog } from './project-frames.ts'
import { addTags } from './tag-frames.ts'
import { branch, merge, versionCreate, versionLabel } from './version-frames.ts'
import type { Draft, Turn } from './turn.ts'

/** What makes or changes something, first come first served. */
export const changeFrames: readonly ((turn: Turn) => Draft | undefined)[] = [
  addTags, versionLabel, versionCreate, branch, merge, dependencyAdd, importFiles, installPack, exportAssets, packAssets, duplicate, update, refine, organize, create, pick,
  generate, apply, use, run, test, optimize, deploy, sync, reindex, types, addFromCatalog, updateFromCatalog, precompile, invalidate,
]
