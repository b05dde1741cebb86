export { AssetloomError } from './core/errors.ts'
export { defineConfig, type AssetloomOptions } from './options.ts'
export { openWorkspace, type Workspace } from './workspace.ts'
