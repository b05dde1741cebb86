import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { requireAssets, type FoundAsset } from '../core/find-asset.ts'
import { createGraph } from '../core/graph/graph.ts'
import { examineDependencies } from '../core/graph/problems.ts'
import { recordedFiles, type Manifest } from '../core/manifest.ts'
import { layoutOf, packLayoutSchema, packedPath } from '../core/pack-layout.ts'
import type { Workspace } from '../workspace.ts'
import { readAssetFile } from './asset-change.ts'
import { defineOperation } from './operation.ts'

const dependencyMissing = defineError('PACK_DEPENDENCY_MISSING', {
  summary: 'An asset that is to be packed needs one that the project does not have.',
  message: (d: { ref: string; needs: string }) => `${d.ref} needs ${d.needs}, and there is no such asset.`,
  hint: () => 'Add it, take the dependency out, or pack with --no-deps.',
})
const dependencyVersion = defineError('PACK_DEPENDENCY_VERSION', {
  summary: 'An asset that is to be packed needs another version of an asset than the project has.',
  message: (d: { ref: string; needs: string; range: string; version: string }) =>
    `${d.ref} needs ${d.needs} ${d.range}, and the project has ${d.version}.`,
  hint: () => 'Change the range or the asset, or pack with --no-deps.',
  exit: 5,
})
const outTaken = defineError('PACK_OUT_TAKEN', {
  summary: 'Something else than a pack stands where a pack is to be written.',
  message: (d: { file: string }) => `${d.file} exists already, and is no pack.`,
  hint: () => 'Name another file with --out.',
  exit: 5,
})
const writeFailed = defineError('PACK_WRITE_FAILED', {
  summary: 'The operating system refused to write a pack.',
  message: (d: { file: string; why: string }) => `${d.file} could not be written: ${d.why}.`,
  hint: () => 'Free disk space or mend the permissions, then run the command again.',
})

const { name, version } = packLayoutSchema.shape

export default defineOperation({
  input: z.strictObject({
    refs: z.array(z.string().min(1)).min(1).describe('Tokens, ids, aliases or globs over refs.'),
    name: name.describe('What the pack is called.'),
    version: version.describe('Semantic version of the pack.'),
    out: z.string().min(1).optional().describe('File to write. Default: <name>-<version>.zip.'),
    deps: z.boolean().default(true).describe('Pack what the assets depend on, too.'),
  }),
  output: z.object({
    file: z.string().describe('Absolute path of the pack.'),
    name: z.string(),
    version: z.string(),
    size: z.number().int().describe('Bytes.'),
    assets: z.array(z.string()).describe('Refs in it, sorted.'),
  }),
  positional: ['refs'],
  effect: 'write',
  paths: ({ out }) => [out],
  example: 'assetloom package "LOGO-ACME-*" --name brand --version 1.0.0',
  async run(input, { workspace, signal }) {
    const { assets: all } = workspace.manifest.read()
    const named = requireAssets(all, input.refs)
    const assets = input.deps ? withDependencies(named, all) : named
    const file = resolve(workspace.options.root, input.out ?? `${input.name}-${input.version}.zip`)
    const packs = await workspace.packs()
    if (existsSync(file) && !(statSync(file).isFile() && packs.isPack(file))) throw outTaken({ file: input.out ?? file })
    signal.throwIfAborted()
    const bytes = await packBytes(assets, input, workspace)
    try {
      workspace.writeVerified(file, bytes)
    } catch (cause) {
      throw writeFailed({ file, why: (cause as Error).message }, { cause })
    }
    for (const { ref } of assets) workspace.counters.add(ref, 'downloads')
    return { file, name: input.name, version: input.version, size: bytes.length, assets: assets.map(({ ref }) => ref) }
  },
  present: ({ file, assets }) => `✓ ${assets.length === 1 ? '1 asset' : `${assets.length} assets`} → ${file}`,
})

/**
 * The bytes of a pack; every file is checked against the manifest.
 * @throws PACK_FILE_OUTSIDE, ASSET_FILE_MISSING, ASSET_FILE_CHANGED
 */
export async function packBytes(
  assets: readonly FoundAsset[],
  pack: { name: string; version: string },
  workspace: Workspace,
): Promise<Uint8Array> {
  const { assetsDir } = workspace.options
  const contents = new Map<string, Uint8Array>()
  const sizes = new Map<string, number>()
  for (const { ref, entry } of assets)
    for (const { file, hash } of recordedFiles(entry)) {
      const path = packedPath(ref, file, assetsDir)
      const { bytes } = readAssetFile(ref, { ...entry, file, ...(hash !== undefined && { hash }) }, workspace)
      contents.set(path, bytes)
      sizes.set(file, bytes.length)
    }
  const layout = layoutOf({ ...pack, assets, assetsDir, words: workspace.words(), sizeOf: (file) => sizes.get(file)! })
  return (await workspace.packs()).zip(layout, contents)
}

/**
 * The assets with all that they need, each once, sorted by ref.
 * @throws PACK_DEPENDENCY_MISSING, PACK_DEPENDENCY_VERSION
 */
function withDependencies(named: readonly FoundAsset[], all: Manifest['assets']): FoundAsset[] {
  const { order, problems } = examineDependencies(
    createGraph(all),
    named.map(({ ref }) => ref),
  )
  const [missing, conflict] = [problems.missing[0], problems.conflicts[0]]
  if (missing) throw dependencyMissing({ ref: missing.path.at(-1)!, needs: missing.name })
  if (conflict) {
    const { path, range } = conflict.unmet[0]!
    throw dependencyVersion({ ref: path.at(-2)!, needs: conflict.ref, range, version: conflict.version })
  }
  return order.sort().map((ref) => ({ ref, entry: all[ref]! }))
}
