import { resolve } from 'node:path'
import * as z from 'zod'
import { isMet } from '../core/graph/conflicts.ts'
import { createGraph } from '../core/graph/graph.ts'
import { refreshLock } from '../core/graph/lock.ts'
import { filesOf, type Manifest } from '../core/manifest.ts'
import type { PackLayout } from '../core/pack-layout.ts'
import { conflictChoices, packStates, planPack, type PlannedAsset } from '../core/pack-plan.ts'
import { raiseSequences } from '../core/sequences.ts'
import { joinWords, type Vocabulary } from '../core/vocabulary.ts'
import type { OpenPack, Workspace } from '../workspace.ts'
import { refreshSources } from './asset-change.ts'
import { defineOperation } from './operation.ts'

const itemSchema = z.object({
  ref: z.string().describe('The asset as the pack calls it.'),
  target: z.string().describe('The asset as the project calls it.'),
  state: z.enum(packStates),
  action: z.enum(['install', 'update', 'replace', 'rename', 'keep']),
  base: z.string().optional().describe('Digest when it was installed.'),
  installed: z.string().optional().describe('Digest of what the project had.'),
  upstream: z.string().optional().describe('Digest of what the pack has.'),
  why: z.string().optional().describe('Why it could not simply be put in place.'),
})

const outputSchema = z.object({
  pack: z.string(),
  version: z.string(),
  items: z.array(itemSchema),
  missing: z
    .array(z.object({ ref: z.string(), needs: z.string(), range: z.string(), version: z.string().optional() }))
    .describe('What the assets need and the project does not have in a fitting version.'),
  isDryRun: z.boolean(),
})

export default defineOperation({
  input: z.strictObject({
    source: z.string().min(1).describe('A pack: a zip, a folder with an assetpack.json, or an https address.'),
    onConflict: z
      .enum(conflictChoices)
      .default('keep')
      .describe('What becomes of assets that were changed here, or whose place is taken.'),
    dryRun: z.boolean().default(false).describe('Check the pack and say what would be done.'),
  }),
  output: outputSchema,
  positional: ['source'],
  effect: 'write',
  example: 'assetloom install brand-1.0.0.zip --on-conflict rename',
  async run({ source, onConflict, dryRun }, { workspace, signal, progress }) {
    const packs = await workspace.packs()
    progress.start(1, 'Checking')
    const pack = await packs.open(source, signal).finally(() => progress.stop())
    const plan = (draft: Manifest) =>
      planPack({
        layout: pack.layout,
        draft,
        assetsDir: workspace.options.assetsDir,
        onConflict,
        onDisk: packs.onDisk,
        exists: packs.exists,
      })
    try {
      signal.throwIfAborted()
      const done = dryRun
        ? dryPlan(plan, workspace)
        : workspace.manifest.update((draft, changes) => {
            const planned = plan(draft)
            declareWords(draft, pack.layout, workspace)
            for (const one of planned) {
              if (one.write) put(one.write, one.target, draft, changes, pack, workspace, packs.targetOf)
              else if (one.state === 'current') followVersion(draft, one.target, pack.layout)
            }
            raiseSequences(draft)
            refreshLock(draft)
            return { planned, missing: missingIn(draft.assets, planned) }
          })
      if (!dryRun && done.planned.some(({ write }) => write)) await refreshSources(workspace)
      const { name, version } = pack.layout
      const items = done.planned.map(({ write: _write, ...item }) => item)
      return { pack: name, version, items, missing: done.missing, isDryRun: dryRun }
    } finally {
      pack.drop()
    }
  },
  present: ({ pack, version, items, missing, isDryRun }) =>
    [
      `${pack} ${version}${isDryRun ? ', nothing is changed' : ''}`,
      ...items.map(
        ({ ref, target, state, action, why }) =>
          `${action === 'keep' ? ' ' : '✓'} ${ref}  ${state}, ${action}${target === ref ? '' : ` → ${target}`}${why === undefined ? '' : `  (${why})`}`,
      ),
      ...missing.map(
        ({ ref, needs, range, version: found }) =>
          `! ${ref} needs ${needs} ${range}; the project has ${found ?? 'none'}`,
      ),
      ...(items.some(({ state, action }) => action === 'keep' && (state === 'conflict' || state === 'modified'))
        ? ['Assets that were changed here stay as they are; --on-conflict replace or rename takes those of the pack.']
        : []),
    ].join('\n'),
})

function dryPlan(plan: (draft: Manifest) => PlannedAsset[], workspace: Workspace) {
  const draft = workspace.manifest.read()
  const planned = plan(draft)
  for (const { target, write } of planned) if (write) draft.assets[target] = write.entry
  return { planned, missing: missingIn(draft.assets, planned) }
}

function put(
  write: NonNullable<PlannedAsset['write']>,
  target: string,
  draft: Manifest,
  changes: { place(temporary: string, target: string): void; remove(target: string): void },
  pack: OpenPack,
  workspace: Workspace,
  targetOf: (file: string) => string,
): void {
  const files = new Set(write.files.map(({ file }) => file))
  for (const { path, file } of write.files) changes.place(pack.staged.get(path)!, targetOf(file))
  if (write.previous !== undefined)
    for (const file of filesOf(draft.assets[write.previous]!))
      if (!files.has(file)) changes.remove(resolve(workspace.options.root, file))
  draft.assets[target] = write.entry
}

/** An asset that a newer pack leaves as it was belongs to the newer one. */
function followVersion(draft: Manifest, target: string, { name, version }: PackLayout): void {
  const { source } = draft.assets[target]!
  if (source.type === 'pack' && source.pack === name) source.version = version
}

/** Declare the words of the pack's tokens that the project does not know; what it knows keeps its meaning. */
function declareWords(draft: Manifest, { vocabulary }: PackLayout, workspace: Workspace): void {
  const known = joinWords(draft.vocabulary, workspace.options.tokens)
  const categories = new Map(known.categories.map(({ name, prefix }) => [name, prefix]))
  for (const [words, has] of [
    ['prefixes', categories],
    ['families', known.families],
    ['variants', known.variants],
  ] as const satisfies [keyof Vocabulary, ReadonlyMap<string, string>][]) {
    const unknown = Object.entries(vocabulary[words] ?? {}).filter(([word]) => !has.has(word))
    if (unknown.length > 0) draft.vocabulary[words] = { ...draft.vocabulary[words], ...Object.fromEntries(unknown) }
  }
}

function missingIn(assets: Manifest['assets'], planned: readonly PlannedAsset[]) {
  const graph = createGraph(assets)
  return planned.flatMap(({ target, write }) =>
    (write ? graph.dependenciesOf(target) : []).flatMap(({ name: needs, ref, range }) => {
      const version = ref === undefined ? undefined : graph.versionOf(ref)
      if (version !== undefined && isMet(version, range)) return []
      return [{ ref: target, needs, range, ...(version !== undefined && { version }) }]
    }),
  )
}
