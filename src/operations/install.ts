import { dirname, resolve } from 'node:path'
import * as z from 'zod'
import { contentHash } from '../core/digest.ts'
import { defineError } from '../core/errors.ts'
import { isMet } from '../core/graph/conflicts.ts'
import { createGraph } from '../core/graph/graph.ts'
import { refreshLock } from '../core/graph/lock.ts'
import { itemEntry } from '../core/kinds/item-entry.ts'
import { filesOf, type Entry, type Manifest } from '../core/manifest.ts'
import { packedDigest, type PackLayout } from '../core/pack-layout.ts'
import { conflictChoices, packStates, planPack, type ConflictChoice, type PlannedAsset } from '../core/pack-plan.ts'
import { raiseSequences } from '../core/sequences.ts'
import { joinWords, type Vocabulary } from '../core/vocabulary.ts'
import type { OpenPack, Workspace } from '../workspace.ts'
import { changedMeanwhile, refreshSources } from './asset-change.ts'
import { conflictSchema, presentConflict } from './merge-conflicts.ts'
import { installModule, isModuleId, isModuleRef } from './install-module.ts'
import { defineOperation } from './operation.ts'
import { packedChanges, type PackedChange } from './pack-conflicts.ts'
import { placedFiles, placedItems, type PlacedItem } from './placed-items.ts'
import { presentUnified } from './present-unified.ts'

const packConflict = defineError('PACK_CONFLICT', {
  summary: 'Assets that the project and a pack, or files that a site and a module both changed were to be merged, and could not be.',
  message: (d: { names: readonly string[]; others: readonly ConflictChoice[] }) =>
    `${d.names.join(', ')} cannot be merged with what is to be installed, and what is here stays as it is.`,
  hint: (d) => `Bring both together by hand, or install with --on-conflict ${d.others.join(' or ')}.`,
  exit: 5,
  http: 409,
})

interface FileChanges {
  place(temporary: string, target: string): void
  remove(target: string): void
}
type MergedItem = NonNullable<PackedChange['merged']>

const itemSchema = z.object({
  ref: z.string().describe('The asset as the pack calls it.'),
  target: z.string().describe('The asset as the project calls it.'),
  state: z.enum(packStates),
  action: z.enum(['install', 'update', 'replace', 'rename', 'merge', 'keep']),
  base: z.string().optional().describe('Digest when it was installed.'),
  installed: z.string().optional().describe('Digest of what the project had.'),
  upstream: z.string().optional().describe('Digest of what the pack has.'),
  why: z.string().optional().describe('Why it could not simply be put in place.'),
  canRename: z.boolean().optional().describe('Whether --on-conflict rename can put it beside what the project has.'),
  conflicts: z.array(conflictSchema).optional().describe('Why it could not be merged.'),
  diff: z
    .object({ ours: z.string(), theirs: z.string() })
    .optional()
    .describe('Unified: what was changed here since it was installed, and what the pack changes.'),
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
    source: z.string().min(1).describe('A pack: a zip, a folder with an assetpack.json, or an https address. Or the id of a module.'),
    onConflict: z
      .enum(conflictChoices)
      .default('keep')
      .describe('What becomes of assets that were changed here, or whose place is taken.'),
    diff: z.boolean().default(false).describe('Show what was changed here and what the pack changes, line by line.'),
    site: z.string().optional().describe('For a module: the site that its files go into. Default: the only one, or the project itself.'),
    dryRun: z.boolean().default(false).describe('Check the pack and say what would be done.'),
  }),
  output: outputSchema,
  positional: ['source'],
  effect: 'write',
  paths: ({ source }) => (/^https?:/i.test(source) ? [] : [source]),
  isDestructive: ({ onConflict, dryRun }) => onConflict === 'replace' && !dryRun,
  example: 'assetloom install brand-1.0.0.zip --on-conflict rename',
  async run({ source, site, onConflict, diff, dryRun }, context) {
    const { workspace, signal, progress } = context
    if (isModuleRef(source, workspace)) return installModule(source, { site, onConflict, diff, dryRun }, context)
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
    const temporaries = new Map<string, string>()
    try {
      signal.throwIfAborted()
      const isLookedInto = diff || onConflict === 'merge'
      const expected = plan(workspace.manifest.read())
      const placed = await placedItems(expected, pack, workspace)
      const changes = isLookedInto ? await packedChanges(expected, pack, placed, workspace) : new Map<string, PackedChange>()
      if (!dryRun)
        for (const [file, bytes] of [...placedFiles(placed), ...mergedFiles(changes, workspace)])
          temporaries.set(file, await workspace.stageBytes(bytes, contentHash(bytes)))
      const placing = ({ place, remove }: FileChanges) => ({
        place: (file: string) => place(temporaries.get(file)!, packs.targetOf(file)),
        remove: (file: string) => remove(resolve(workspace.options.root, file)),
      })
      const settled = (draft: Manifest) =>
        plan(draft).map((one): PlannedAsset => (one.action === 'merge' && !mergedOf(one, changes) ? { ...one, action: 'keep' } : one))
      const done = dryRun
        ? dryPlan(settled, workspace)
        : workspace.manifest.update((draft, files) => {
            const planned = settled(draft)
            requireSameNames(expected, planned)
            const refs = new Map(planned.map(({ ref, target }) => [target, ref]))
            const refInPack = (ref: string) => refs.get(ref) ?? ref
            declareWords(draft, pack.layout, workspace)
            for (const one of planned) {
              const merged = mergedOf(one, changes)
              const renamed = placed.get(one.target)
              if (merged) putMerged(merged, one, draft, placing(files), pack.layout, workspace)
              else if (one.write && renamed) putPlaced(renamed, one.write, one.target, refInPack, draft, placing(files))
              else if (one.write) put(one.write, one.target, draft, files, pack, workspace, packs.targetOf)
              else if (one.state === 'current') followVersion(draft, one.target, pack.layout)
            }
            raiseSequences(draft)
            refreshLock(draft)
            return { planned, missing: missingIn(draft.assets, planned) }
          })
      if (!dryRun && done.planned.some(({ action }) => action !== 'keep')) await refreshSources(workspace)
      const { name, version } = pack.layout
      const items = done.planned.map(({ write: _write, ...item }) => {
        const change = changes.get(item.target)
        return {
          ...item,
          ...(change && change.conflicts.length > 0 && { conflicts: [...change.conflicts] }),
          ...(change && diff && { diff: change.diff }),
        }
      })
      return { pack: name, version, items, missing: done.missing, isDryRun: dryRun }
    } finally {
      pack.drop()
      for (const temporary of temporaries.values()) workspace.dropTemporary(temporary)
    }
  },
  verdict: ({ items }) => {
    const unmerged = items.filter(({ conflicts }) => conflicts)
    return unmerged.length > 0 ? packConflict({ names: unmerged.map(({ target }) => target), others: choicesFor(unmerged) }) : undefined
  },
  present: ({ pack, version, items, missing, isDryRun }) =>
    [
      `${pack} ${version}${isDryRun ? ', nothing is changed' : ''}`,
      ...items.flatMap(({ ref, target, state, action, why, conflicts = [], diff }) => [
        `${action === 'keep' ? ' ' : '✓'} ${ref}  ${state}, ${action}${target === ref ? '' : ` → ${target}`}${why === undefined ? '' : `  (${why})`}`,
        ...(diff ? [...shownDiff('changed here', diff.ours), ...shownDiff(`changed in the ${isModuleId(pack) ? 'module' : 'pack'}`, diff.theirs)] : []),
        ...conflicts.flatMap(presentConflict),
      ]),
      ...missing.map(
        ({ ref, needs, range, version: found }) =>
          `! ${ref} needs ${needs} ${range}; the project has ${found ?? 'none'}`,
      ),
      ...keptLine(pack, items),
    ].join('\n'),
})

type Item = z.output<typeof itemSchema>

/** What else than keeping them can be done with what was changed here. */
function choicesFor(items: readonly Item[]): ConflictChoice[] {
  const canMerge = items.some(({ state, base, why, conflicts }) => state === 'conflict' && base !== undefined && why === undefined && !conflicts)
  return [...(canMerge ? ['merge' as const] : []), 'replace', ...(items.some(({ canRename }) => canRename === false) ? [] : ['rename' as const])]
}

function keptLine(pack: string, items: readonly Item[]): string[] {
  const kept = items.filter(({ state, action }) => action === 'keep' && (state === 'conflict' || state === 'modified'))
  if (kept.length === 0) return []
  const [what, from] = isModuleId(pack) ? ['Files', 'module'] : ['Assets', 'pack']
  return [`${what} that were changed here stay as they are; --on-conflict ${choicesFor(kept).join(' or ')} brings in those of the ${from}.`]
}

function shownDiff(title: string, unified: string): string[] {
  return unified === '' ? [] : [`  ${title}:`, ...presentUnified(unified)]
}

/** The merged item of an asset, while the project still has what it was merged with. */
function mergedOf({ action, target, installed }: PlannedAsset, changes: ReadonlyMap<string, PackedChange>): MergedItem | undefined {
  const merged = changes.get(target)?.merged
  return action === 'merge' && merged?.installed === installed ? merged : undefined
}

/** Bytes of merged files by path, relative to the project. */
function mergedFiles(changes: ReadonlyMap<string, PackedChange>, workspace: Workspace): [file: string, bytes: Uint8Array][] {
  const { assets } = workspace.manifest.read()
  return [...changes].flatMap(([ref, { merged }]) =>
    [...(merged?.files ?? [])].map(([name, bytes]): [string, Uint8Array] => [`${dirname(assets[ref]!.file!)}/${name}`, bytes]),
  )
}

function putMerged(
  { read }: MergedItem,
  { ref, target, upstream }: PlannedAsset,
  draft: Manifest,
  files: { place(file: string): void; remove(file: string): void },
  { name, version }: PackLayout,
  workspace: Workspace,
): void {
  const before = draft.assets[target]!
  const entry: Entry = {
    ...itemEntry(read.item, read.content, workspace.timestamp(), before),
    source: { type: 'pack', pack: name, version, digest: upstream, ...(ref !== target && { ref }) },
  }
  const own = filesOf(entry)
  for (const file of own) files.place(file)
  for (const file of filesOf(before)) if (!own.includes(file)) files.remove(file)
  draft.assets[target] = entry
}

/** @throws ASSET_CHANGED_MEANWHILE when an asset would get another name than the one that was prepared */
function requireSameNames(expected: readonly PlannedAsset[], planned: readonly PlannedAsset[]): void {
  const targets = new Map(expected.map(({ ref, target }) => [ref, target]))
  const other = planned.find(({ ref, target }) => targets.get(ref) !== target)
  if (other) throw changedMeanwhile({ ref: other.ref })
}

function putPlaced(
  { read }: PlacedItem,
  { entry, previous }: NonNullable<PlannedAsset['write']>,
  target: string,
  refInPack: (ref: string) => string,
  draft: Manifest,
  files: { place(file: string): void; remove(file: string): void },
): void {
  const item = itemEntry(read.item, read.content, entry.modified, entry)
  const own = filesOf(item)
  for (const file of own) files.place(file)
  if (previous !== undefined) for (const file of filesOf(draft.assets[previous]!)) if (!own.includes(file)) files.remove(file)
  draft.assets[target] = { ...item, source: { ...entry.source, placed: packedDigest(item, refInPack) } }
}

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
  changes: FileChanges,
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
