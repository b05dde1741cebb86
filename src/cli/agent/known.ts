import { frameworks } from '../../core/kinds/code-files.ts'
import { libraryKinds } from '../../core/kinds/index.ts'
import { mediaFormats, mediaKinds } from '../../core/media.ts'
import type { Known } from '../../core/phrases/known.ts'
import { compressionLevels } from '../../core/refinement.ts'
import { operations } from '../../operations/index.ts'
import type { Workspace } from '../../workspace.ts'

/** Sentences about making something; for others no spec is read. */
const ofSpecs = /generat|render|mak|produc|pick|variation|stale|cost/i

/** What a project has names for, as sentences may use them. */
export async function knownIn(workspace: Workspace, sentence: string): Promise<Known> {
  const { assets } = workspace.manifest.read()
  const { generation } = workspace
  // A broken spec is told by what reads it, not by whoever names another.
  const specs = ofSpecs.test(sentence) ? await generation.specs.load().then(({ instances }) => instances.flatMap(({ specId, aliases }) => [specId, ...aliases]), () => []) : []
  const sites = workspace.hasSites() ? (await workspace.sites()).all().map(({ id }) => id) : []
  return {
    ...workspace.words(),
    assets: Object.entries(assets).map(([ref, { kind, aliases = [], tags = [], category, family, variant }]) => ({
      ref, kind, aliases, tags, ...(category && { category }), ...(family && { family }), ...(variant && { variant }),
    })),
    kinds: [...mediaKinds, 'color', ...libraryKinds.map(({ name }) => name)],
    formats: mediaFormats.flatMap(({ extension, alsoExtensions = [] }) => [extension, ...alsoExtensions]),
    levels: compressionLevels,
    frameworks,
    sites,
    specs: [...new Set(specs)],
    providers: generation.providers.known(),
    operations: operations.map(({ name }) => name),
  }
}
