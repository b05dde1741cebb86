import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import pLimit from 'p-limit'
import * as z from 'zod'
import {
  entryFindings,
  finding,
  findingTable,
  manifestFindings,
  type Finding,
  type FindingCode,
  type Severity,
} from '../core/asset-findings.ts'
import { contentHash } from '../core/digest.ts'
import { defineError, toAssetloomError } from '../core/errors.ts'
import { fileFindings, type FileReport } from '../core/file-findings.ts'
import { findAsset, requireAssets, type FoundAsset } from '../core/find-asset.ts'
import { dependencyFindings } from '../core/graph/findings.ts'
import { libraryKind } from '../core/kinds/index.ts'
import { isItem, itemEntry } from '../core/kinds/item-entry.ts'
import { isLfsPointer } from '../core/lfs-pointer.ts'
import { filesOf, recordedFiles, type Entry, type Manifest } from '../core/manifest.ts'
import { raiseSequences } from '../core/sequences.ts'
import { isToken } from '../core/token.ts'
import type { Workspace } from '../workspace.ts'
import { describeContent, recordChange, refreshSources } from './asset-change.ts'
import { exampleFindings } from './example-findings.ts'
import { unregisteredItems } from './library-items.ts'
import { defineOperation } from './operation.ts'
import { stageMedia, type StagedMedia } from './read-source.ts'
import { workflowFindings } from './workflow-findings.ts'

const findingsRemain = defineError('VALIDATION_FAILED', {
  summary: 'validate found something of severity error.',
  message: (d: { errors: number; first: string; hint: string }) =>
    `${d.errors} ${d.errors === 1 ? 'error' : 'errors'}. First: ${d.first}`,
  hint: (d) => d.hint,
})

/** Files in work at once: enough to overlap disk and decoding. */
const concurrency = 4

const findingSchema = z.object({
  ref: z.string(),
  code: z.enum(Object.keys(findingTable) as [FindingCode, ...FindingCode[]]),
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  hint: z.string(),
  fixed: z.boolean().optional().describe('True when --fix mended it.'),
})

export default defineOperation({
  input: z.strictObject({
    refs: z
      .array(z.string().min(1))
      .default([])
      .describe('Tokens, ids, aliases or globs over refs; ids or files of items that are not registered yet, too. Default: everything.'),
    fix: z.boolean().default(false).describe('Mend what can be mended safely.'),
    browser: z
      .boolean()
      .default(false)
      .describe('Show the examples of components in Chromium and run axe on them.'),
    strict: z.boolean().default(false).describe('Warnings fail as well.'),
  }),
  output: z.object({ findings: z.array(findingSchema), checked: z.number().int() }),
  positional: ['refs'],
  effect: 'write',
  example: 'assetloom validate --fix',
  async run(input, { workspace, progress, signal }) {
    const manifest = workspace.manifest.read()
    const all = Object.entries(manifest.assets).map(([ref, entry]): FoundAsset => ({ ref, entry }))
    const waiting = await waitingFor(input.refs, manifest, workspace)
    const known = input.refs.filter((ref) => !waiting.names.has(ref))
    const registered = input.refs.length === 0 ? all : known.length === 0 ? [] : requireAssets(manifest.assets, known)
    const chosen = [...registered, ...waiting.named]
    const refs = new Set(chosen.map(({ ref }) => ref))
    const context = { words: workspace.words(), assetsDir: workspace.options.assetsDir }
    const findings: Finding[] = [...manifestFindings(manifest), ...dependencyFindings(manifest)].filter(
      ({ ref }) => refs.has(ref) || (ref === 'manifest' && input.refs.length === 0),
    )

    progress.start(chosen.length, 'Checking')
    const limit = pLimit(concurrency)
    const perAsset = await Promise.all(
      chosen.map(({ ref, entry }) =>
        limit(async () => {
          signal.throwIfAborted()
          const reports = await Promise.all(filesOf(entry).map((file) => reportOf(file, entry, workspace)))
          progress.advance(1, ref)
          return [
            ...entryFindings(ref, entry, context),
            ...reports.flatMap((report) => fileFindings(ref, entry, report)),
            ...(await itemFindings(ref, entry, workspace)),
          ]
        }),
      ),
    )
    progress.stop()
    const unregistered = unregisteredFindings(waiting.items)
    findings.push(...perAsset.flat(), ...unregistered, ...(await workflowFindings(chosen, workspace)), ...(await exampleFindings(chosen, workspace, { withBrowser: input.browser, signal })))
    const fixed = input.fix ? await fixAll(findings, workspace) : new Set<Finding>()
    const order: Record<Severity, number> = { error: 0, warning: 1, info: 2 }
    return {
      findings: findings
        .sort(
          (a, b) =>
            order[a.severity] - order[b.severity] ||
            (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : a.code < b.code ? -1 : 1),
        )
        .map((one) => ({
          ...one,
          hint: one.hint.replaceAll('<ref>', one.ref),
          ...(fixed.has(one) && { fixed: true }),
        })),
      checked: registered.length + unregistered.length,
    }
  },
  verdict({ findings }, { strict }) {
    const failing = findings.filter(
      ({ severity, fixed }) => !fixed && (severity === 'error' || (strict && severity === 'warning')),
    )
    const [first] = failing
    if (!first) return undefined
    const canFix = failing.some(({ code }) => findingTable[code].isFixable)
    const hint = canFix ? 'assetloom validate --fix mends what can be mended safely.' : first.hint
    return findingsRemain({ errors: failing.length, first: `${first.ref}: ${first.message}`, hint })
  },
  present({ findings, checked }) {
    const mark = { error: '✗', warning: '!', info: '·' }
    const count = (severity: Severity) => findings.filter((one) => one.severity === severity && !one.fixed).length
    return [
      ...findings.map(
        ({ ref, code, severity, message, fixed }) =>
          `${fixed ? '✓' : mark[severity]} ${ref}  ${message}  ${code}${fixed ? ' (fixed)' : ''}`,
      ),
      `${checked} checked: ${count('error')} errors, ${count('warning')} warnings, ${count('info')} notes${findings.some((one) => one.fixed) ? `, ${findings.filter((one) => one.fixed).length} fixed` : ''}`,
    ].join('\n')
  },
})

async function reportOf(file: string, entry: Entry, workspace: Workspace): Promise<FileReport> {
  const path = resolve(workspace.options.root, file)
  const hash = recordedFiles(entry).find((one) => one.file === file)?.hash
  try {
    if (!existsSync(path)) return { state: 'missing', file }
    const bytes = readFileSync(path)
    if (isLfsPointer(bytes)) return { state: 'pointer', file }
    if (hash !== undefined && contentHash(bytes) !== hash) return { state: 'changed', file }
    // Library items are text of their kind; what is in them is checked by the kind.
    if (!entry.token) return { state: 'whole', file, stripped: [] }
    const { facts, stripped } = await workspace.readMedia(bytes, file)
    return { state: 'whole', file, facts, stripped }
  } catch (error) {
    const { code, message } = toAssetloomError(error)
    return { state: code === 'EXTENSION_DISAGREES' ? 'mistyped' : 'damaged', file, why: message }
  }
}

/** What is wrong with the content of a library item. */
async function itemFindings(ref: string, entry: Entry, workspace: Workspace): Promise<Finding[]> {
  if (!isItem(entry) || !existsSync(resolve(workspace.options.root, entry.file))) return []
  try {
    const { item, warnings } = await workspace.library.read(entry.file)
    return [
      ...warnings.map(({ path, message, hint }) =>
        finding(ref, 'ITEM_DOUBTFUL', `${path.map(String).join('.')} ${message}.`, hint ?? 'docs/library.md describes the kind.'),
      ),
      ...(libraryKind(item.kind)?.findings?.(item) ?? []).map(({ code, message, hint }) => finding(ref, code, message, hint)),
    ]
  } catch (error) {
    const { message, hint } = toAssetloomError(error)
    return [finding(ref, 'ITEM_INVALID', message, hint ?? 'docs/library.md describes the kind.')]
  }
}

/**
 * Items on the disk that no entry names: all of them, or those that are asked for by id or path.
 * @returns `named`: the sound ones that are asked for, as `sync` would add them
 */
async function waitingFor(refs: readonly string[], manifest: Manifest, workspace: Workspace) {
  const asked = refs.filter((ref) => !findAsset(manifest.assets, ref))
  const names = new Set<string>()
  if (refs.length > 0 && asked.length === 0) return { names, named: [], items: { read: [], failed: [] } }
  const { read, failed } = await unregisteredItems(manifest, workspace)
  if (refs.length === 0) return { names, named: [], items: { read, failed } }
  const isAsked = (file: string) => {
    const by = asked.filter((ref) => ref === file || workspace.library.fileOf(ref) === file)
    for (const ref of by) names.add(ref)
    return by.length > 0
  }
  const items = { read: read.filter(({ item }) => isAsked(item.file)), failed: failed.filter(({ file }) => isAsked(file)) }
  return {
    names,
    named: items.read.map(({ item, content }): FoundAsset => ({ ref: item.id, entry: itemEntry(item, content, workspace.timestamp()) })),
    items,
  }
}

/** What `sync` would refuse, and what it would add. */
function unregisteredFindings({ read, failed }: Awaited<ReturnType<typeof unregisteredItems>>): Finding[] {
  return [
    ...failed.map(({ file, code, message, hint }) =>
      finding(file, isFindingCode(code) ? code : 'ITEM_INVALID', message, hint ?? 'docs/library.md describes the kind.'),
    ),
    ...read.map(({ item }) => finding(item.id, 'ITEM_UNREGISTERED', `${item.file} is not registered.`, 'Run assetloom sync.')),
  ]
}

const isFindingCode = (code: string): code is FindingCode => Object.hasOwn(findingTable, code)

/**
 * Mend what needs no decision. Contents are cleaned by the same reader that import uses.
 * @returns the findings that are mended
 */
async function fixAll(findings: readonly Finding[], workspace: Workspace): Promise<Set<Finding>> {
  const fixable = findings.filter(({ code }) => findingTable[code].isFixable)
  const fixed = new Set<Finding>()
  if (fixable.length === 0) return fixed
  const { assets } = workspace.manifest.read()
  const rereads = new Map<string, StagedMedia>()
  try {
    for (const { ref, code } of fixable) {
      const file = assets[ref]?.file
      if (file && !rereads.has(ref) && (code === 'PRIVATE_METADATA' || code === 'SVG_UNSAFE' || code === 'FACTS_STALE'))
        rereads.set(ref, await stageMedia(file, workspace))
    }
    workspace.manifest.update((draft, changes) => {
      for (const one of fixable) {
        const entry = draft.assets[one.ref]
        if (one.code === 'SEQUENCE_BEHIND') raiseSequences(draft)
        else if (!entry || entry.hash !== assets[one.ref]!.hash) continue
        else mend(one, entry)
        fixed.add(one)
      }
      for (const [ref, { media, hash, temporary }] of rereads) {
        const entry = draft.assets[ref]
        if (!entry?.file || entry.hash !== assets[ref]!.hash) continue
        if (hash !== entry.hash) changes.place(temporary, resolve(workspace.options.root, entry.file))
        describeContent(entry, media, hash)
      }
      for (const ref of new Set([...fixed].map((one) => one.ref)))
        if (draft.assets[ref]) recordChange(draft.assets[ref], workspace)
    })
  } finally {
    for (const { temporary } of rereads.values()) workspace.dropTemporary(temporary)
  }
  await refreshSources(workspace)
  return fixed
}

function mend({ ref, code }: Finding, entry: Entry): void {
  if (code === 'TAGS_UNTIDY') entry.tags = [...new Set(entry.tags?.map((tag) => tag.trim()).filter(Boolean))].sort()
  if (code === 'TOKEN_PARTS' && isToken(ref)) {
    const [, family, last] = ref.split('-') as [string, string, string]
    entry.family = family
    entry.variant = last.slice(0, -3)
  }
}
