/* eslint-disable no-control-regex -- control characters are what is looked for */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commands as rows } from '../../src/cli/commands.ts'
import type { Operation } from '../../src/operations/operation.ts'
import type { Project } from '../project.ts'
import { configText, copySample, spec, useSample } from './sample.ts'

interface Case {
  args: string[]
  files?: Record<string, string>
  /** A command that runs first. */
  before?: string[]
  /** Of the `data`; a list means that an object has exactly these members. */
  data?: (data: any, project: Project) => void // eslint-disable-line @typescript-eslint/no-explicit-any
  exit?: number
  code?: string
}

const members = (value: object, ...names: string[]) => expect(Object.keys(value).sort()).toEqual(names.sort())
const logo = 'LOGO-ACME-MARK001'
const entryMembers = ['alt', 'category', 'created', 'dominantColorHex', 'family', 'file', 'hasAlpha', 'hash', 'heightPx', 'kind', 'mediaType', 'modified', 'originalName', 'ref', 'size', 'source', 'tags', 'token', 'variant', 'version', 'widthPx']

/** An unpacked pack. */
const colorPack = {
  'brand/assetpack.json': JSON.stringify({
    schemaVersion: 1,
    name: 'brand',
    version: '1.0.0',
    vocabulary: {},
    entries: [],
    assets: { 'COLOR-ACME-MAIN009': { kind: 'color', token: 'COLOR-ACME-MAIN009', colorHex: '#112233', version: '1.0.0', created: '2026-01-01T00:00:00Z', modified: '2026-01-01T00:00:00Z' } },
  }),
}

const libraryEntry = (id: string) => ({ id, kind: id.split('/').slice(0, -2).join('/'), file: `assets/library/${id}.asset.yaml`, version: '1.0.0', created: '2026-01-01T00:00:00Z', modified: '2026-01-01T00:00:00Z', source: { type: 'library' } })

/** A prompt and a tool. */
const items = {
  'assets/manifest.json': JSON.stringify({ version: 1, assets: Object.fromEntries(['ai-prompts/content/note', 'tools/analyzers/words'].map((id) => [id, libraryEntry(id)])) }),
  'assets/library/ai-prompts/content/note.asset.yaml': 'prompt: About {{topic}}\nvariables: [{ name: topic }]\n',
  'assets/library/tools/analyzers/words.asset.yaml': 'entry: words.js\noptions: [{ name: text }]\nexamples: [{ input: { text: one two }, output: { words: 2 } }]\n',
  'assets/library/tools/analyzers/words.js': 'export const execute = ({ text }) => ({ words: text.split(" ").length })',
}

/** Two items that others share, and a site that takes them. */
const siteConfig = { 'assetloom.config.js': configText.replace('constants: false,', "constants: false, sites: { shop: { root: '.' } },") }

/** A catalog in a folder, without an index: its files are listed. */
const catalog = {
  'assetloom.config.js': configText.replace('constants: false,', "constants: false, catalog: ['file:./shared'],"),
  'shared/assets/ai-prompts/content/note.asset.yaml': 'description: A note\nprompt: About {{topic}}\nvariables: [{ name: topic }]\n',
}
const brokenCatalog = { ...catalog, 'shared/assets/icons/a/x.meta.toml': 'tags = [', 'shared/assets/icons/a/x.md': 'x' }
const indexCases = {
  good: [
    { args: ['shared'], files: catalog, data: (data: object) => expect(data).toMatchObject({ state: 'written', added: ['ai-prompts/content/note'], problems: [] }) },
    { args: ['--check'], files: { 'assets/index.csv': 'type,category,name,description,tags,bin,sha,size,created,updated\n' }, data: (data: object) => expect(data).toMatchObject({ state: 'current', assets: 0 }) },
  ],
  bad: [
    { args: ['shared', '--check'], files: catalog, exit: 4, code: 'INDEX_STALE', data: (data: object) => expect(data).toMatchObject({ state: 'stale' }) },
    { args: ['shared'], files: brokenCatalog, exit: 1, code: 'INDEX_REFUSED', data: (data: object) => expect(data).toMatchObject({ state: 'refused' }) },
    { args: ['nowhere'], exit: 2, code: 'INDEX_NO_REPOSITORY' },
  ],
}

/** Every command with what it answers to good and to bad input. */
const commands: Record<string, { good: Case[]; bad: Case[] }> = {
  init: {
    good: [{ args: ['--family', 'WYN=Wyn', '--dry-run'], data: (data) => (members(data, 'steps', 'families', 'isDryRun'), expect(data).toMatchObject({ isDryRun: true, families: { WYN: 'Wyn' } })) }],
    bad: [
      { args: ['--family', 'wyn=Wyn'], exit: 2, code: 'WORD_INVALID' },
      { args: ['--family', 'WYN'], exit: 2, code: 'USAGE' },
      { args: ['--family', '__proto__=x'], exit: 2, code: 'USAGE' },
    ],
  },
  import: {
    good: [
      {
        args: ['in/3.png', 'in/beep.wav', '--category', 'Icons', '--tags', 'a, b,,a'],
        data(data) {
          members(data, 'imported', 'failed')
          expect(data.failed).toEqual([])
          expect(data.imported.map((one: { token: string }) => one.token)).toEqual(['ICON-ACME-ICON001', 'ICON-ACME-MAIN002'])
          expect(data.imported[0]).toMatchObject({ file: 'assets/icons/ICON-ACME-ICON001.png', hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), tags: ['a', 'b'] })
        },
      },
      { args: ['--color', '#00ff00', '--copy', '--new-family', 'Wyn', '--family', 'WYN'], data: (data) => expect(data.imported).toMatchObject([{ token: 'COLOR-WYN-MAIN001', colorHex: '#00FF00' }]) },
    ],
    bad: [
      {
        args: ['in/1.png', 'in/3.png', 'in/broken.png'],
        exit: 1,
        code: 'IMPORT_INCOMPLETE',
        data(data) {
          expect(data.imported).toHaveLength(1)
          const [broken, known] = [...data.failed].sort((a, b) => (a.file < b.file ? 1 : -1))
          members(broken, 'file', 'code', 'message')
          expect(known).toMatchObject({ file: 'in/1.png', code: 'DUPLICATE', token: logo })
        },
      },
      { args: ['nothing/*.png'], exit: 2, code: 'NOTHING_TO_IMPORT' },
      { args: ['in/3.png', '--category', 'Logoz'], exit: 2, code: 'CATEGORY_UNKNOWN' },
      { args: ['in/3.png', '--family', 'WYN'], exit: 2, code: 'FAMILY_UNDECLARED' },
      { args: ['--color', 'red'], exit: 2, code: 'COLOR_INVALID' },
    ],
  },
  list: {
    good: [
      { args: [], data: (data) => (members(data, 'total', 'assets'), expect(data.total).toBe(4), members(data.assets.find((one: { ref: string }) => one.ref === logo), ...entryMembers)) },
      { args: ['--tag', 'brand,primary'], data: (data) => expect(data.total).toBe(2) },
    ],
    bad: [{ args: ['logos'], exit: 2, code: 'USAGE' }],
  },
  search: {
    good: [
      {
        args: ['brnad,', 'primary', '--kind', 'image'],
        data(data) {
          members(data, 'total', 'results', 'facets')
          members(data.results[0], 'ref', 'name', 'kind', 'score', 'highlight')
          expect(data.results.map((one: { ref: string }) => one.ref)).toContain(logo)
        },
      },
      { args: [''], data: (data) => expect(data).toMatchObject({ total: 0, results: [] }) },
    ],
    bad: [
      { args: ['brand', '--semantic'], exit: 2, code: 'EMBEDDER_MISSING' },
      { args: ['brand', '--limit', '0'], exit: 2, code: 'USAGE' },
    ],
  },
  filter: {
    good: [{ args: ['--tags', 'brand,primary', '--max-size', '1MB'], data: (data) => (members(data, 'total', 'assets'), expect(data.total).toBe(2), members(data.assets.find((one: { ref: string }) => one.ref === logo), ...entryMembers)) }],
    bad: [
      { args: ['--min-size', 'large'], exit: 2, code: 'QUANTITY_INVALID' },
      { args: ['--since', 'soon'], exit: 2, code: 'USAGE' },
    ],
  },
  browse: {
    good: [
      { args: [], data: (data) => (members(data, 'total', 'assets', 'pages'), expect(data.total).toBe(4)) },
      { args: ['logos', '--page-size', '1'], data: (data) => expect(data.assets).toHaveLength(1) },
    ],
    bad: [{ args: ['--page', '0'], exit: 2, code: 'USAGE' }],
  },
  reindex: {
    good: [{ args: [], data: (data) => expect(data).toEqual({ indexed: 4 }) }],
    bad: [{ args: ['now'], exit: 2, code: 'USAGE' }],
  },
  summary: {
    good: [
      { args: [logo], data: (data) => expect(data).toEqual({ ref: logo, version: '1.0.0', kind: 'image', valueRepresentation: expect.stringMatching(/^PNG 24×16, alpha, dominant #/) }) },
      { args: ['ai-prompts/content/note'], files: items, data: (data) => expect(data).toMatchObject({ kind: 'ai-prompts', valueRepresentation: expect.stringContaining('topic') }) },
      { args: ['COLOR-ACME-MAIN001'], data: (data) => expect(data.valueRepresentation).toBe('Colour #FF6B35') },
    ],
    bad: [{ args: ['NOPE'], exit: 1, code: 'ASSET_UNKNOWN' }],
  },
  content: {
    good: [
      {
        args: [logo, '--offset', '1', '--limit', '3'],
        data: (data) => (members(data, 'ref', 'version', 'mediaType', 'hash', 'size', 'offset', 'base64', 'next'), expect(data).toMatchObject({ mediaType: 'image/png', base64: Buffer.from('PNG').toString('base64'), next: 4 })),
      },
      { args: ['ai-prompts/content/note'], files: items, data: (data) => expect(data).toMatchObject({ mediaType: 'application/yaml', text: items['assets/library/ai-prompts/content/note.asset.yaml'] }) },
    ],
    bad: [
      { args: ['NOPE'], exit: 1, code: 'ASSET_UNKNOWN' },
      { args: ['COLOR-ACME-MAIN001'], exit: 2, code: 'ASSET_WITHOUT_FILE' },
      { args: [logo, '--limit', '0'], exit: 2, code: 'USAGE' },
    ],
  },
  info: {
    good: [{ args: [logo], data: (data) => (members(data, ...entryMembers, 'valueRepresentation', 'dependents', 'missing', 'counts', 'parsed', 'layer'), expect(data).toMatchObject({ ref: logo, dependents: [], valueRepresentation: expect.stringMatching(/^PNG 24×16/) })) }],
    bad: [
      { args: ['LOGO-ACME-MARK009'], exit: 1, code: 'ASSET_UNKNOWN' },
      { args: [], exit: 2, code: 'USAGE' },
    ],
  },
  which: {
    good: [
      { args: [logo], data: (data) => (members(data, 'ref', 'layer', 'place', 'version', 'missing'), expect(data.layer).toBe('project')) },
      { args: ['note'], files: catalog, data: (data) => expect(data).toMatchObject({ ref: 'ai-prompts/content/note', layer: 'catalog', catalog: 'shared' }) },
    ],
    bad: [{ args: ['nothing'], exit: 1, code: 'ASSET_NOWHERE' }],
  },
  'catalog search': {
    good: [{ args: ['note'], files: catalog, data: (data) => (members(data, 'total', 'results', 'catalogs'), expect(data).toMatchObject({ total: 1, catalogs: [{ name: 'shared', state: 'listing' }] })) }],
    bad: [
      { args: ['note'], exit: 2, code: 'CATALOG_NONE' },
      { args: [], files: catalog, exit: 2, code: 'USAGE' },
    ],
  },
  'catalog browse': {
    good: [{ args: [], files: catalog, data: (data) => expect(data).toMatchObject({ url: expect.stringMatching(/shared$/), isOpened: false, types: { 'ai-prompts': 1 } }) }],
    bad: [{ args: ['other'], files: catalog, exit: 2, code: 'CATALOG_UNKNOWN' }],
  },
  outdated: {
    good: [
      { args: [], files: catalog, before: ['add', 'note', '--local'], data: (data) => expect(data).toMatchObject({ items: [], compared: 2, unchecked: [], catalogs: [{ name: 'shared', assets: 1 }] }) },
    ],
    bad: [
      { args: [], exit: 2, code: 'CATALOG_NONE' },
      { args: ['nothing'], files: catalog, exit: 1, code: 'CATALOG_UPDATE_UNKNOWN' },
    ],
  },
  'catalog update': {
    good: [
      {
        args: ['note'],
        files: catalog,
        before: ['add', 'note', '--local'],
        data: (data) => expect(data).toMatchObject({ isDryRun: true, unchecked: [], items: [{ ref: 'ai-prompts/content/note', layer: 'project', state: 'current', action: 'none' }, { layer: 'cache' }] }),
      },
    ],
    bad: [
      { args: ['--merge'], files: catalog, exit: 2, code: 'CATALOG_MERGE_WITHOUT_APPLY' },
      { args: ['nothing', '--apply'], files: catalog, exit: 1, code: 'CATALOG_UPDATE_UNKNOWN' },
    ],
  },
  'catalog index': indexCases,
  index: indexCases,
  add: {
    good: [{ args: ['note', '--local'], files: catalog, data: (data) => expect(data).toMatchObject({ assets: [{ ref: 'ai-prompts/content/note', layer: 'project', state: 'added' }], missing: [] }) }],
    bad: [
      { args: ['nothing'], files: catalog, exit: 1, code: 'CATALOG_NOTHING_FOUND' },
      { args: ['note'], exit: 2, code: 'CATALOG_NONE' },
    ],
  },
  create: {
    good: [
      {
        args: ['design-tokens', 'colors/brand', '--tags', 'a,b'],
        data: (data) => expect(data).toEqual({ ref: 'design-tokens/colors/brand', files: ['assets/library/design-tokens/colors/brand.asset.yaml'] }),
      },
    ],
    bad: [
      { args: ['design-token', 'colors/brand'], exit: 2, code: 'KIND_UNKNOWN' },
      { args: ['design-tokens', 'colours/brand'], exit: 1, code: 'ITEM_INVALID' },
      { args: ['design-tokens', 'colors/brand', '--framework', 'react'], exit: 2, code: 'FRAMEWORK_UNKNOWN' },
    ],
  },
  'add-tags': {
    good: [{ args: [logo, 'x,y', 'z'], data: (data) => expect(data).toEqual({ assets: [{ ref: logo, tags: ['brand', 'primary', 'x', 'y', 'z'], changed: true }] }) }],
    bad: [
      { args: [logo], exit: 2, code: 'TAGS_INVALID' },
      { args: [logo, 'a\u001b[31mb'], exit: 2, code: 'TAGS_INVALID' },
    ],
  },
  'remove-tags': {
    good: [{ args: ['LOGO-ACME-*', '--tags', 'brand'], data: (data) => expect(data.assets).toHaveLength(2) }],
    bad: [{ args: ['NOPE-*', 'brand'], exit: 1, code: 'ASSET_UNKNOWN' }],
  },
  tags: { good: [{ args: [], data: (data) => expect(data).toEqual({ total: 2, tags: [{ tag: 'brand', count: 2 }, { tag: 'primary', count: 2 }] }) }], bad: [{ args: ['--all'], exit: 2, code: 'USAGE' }] },
  categories: {
    good: [{ args: ['--used'], data: (data) => expect(data.categories.map((one: { name: string }) => one.name)).toEqual(['Logos', 'Icons', 'Colors']) }],
    bad: [{ args: ['--usd'], exit: 2, code: 'USAGE' }],
  },
  stats: { good: [{ args: [], data: (data) => expect(data).toMatchObject({ total: 4, byKind: { image: 3, color: 1 }, generatedCostMicroUsd: 160_000 }) }], bad: [{ args: ['more'], exit: 2, code: 'USAGE' }] },
  update: {
    good: [
      { args: [logo, '--description', '-5 dB', '--tags', '', '--minor'], data: (data) => (expect(data).toMatchObject({ description: '-5 dB', version: '1.1.0', changed: true }), expect(data.tags).toBeUndefined()) },
      { args: [logo, '--file', 'in/3.png'], data: (data) => expect(data).toMatchObject({ token: logo, version: '1.0.1', changed: true }) },
    ],
    bad: [
      { args: [logo], exit: 2, code: 'NOTHING_TO_UPDATE' },
      { args: [logo, '--alt', 'x', '--minor', '--major'], exit: 2, code: 'VERSION_STEPS_CONFLICT' },
      { args: [logo, '--file', 'in/none.png'], exit: 1, code: 'FILE_UNREADABLE' },
      { args: [logo, '--file', 'in/beep.wav'], exit: 2, code: 'KIND_DIFFERS' },
    ],
  },
  versions: {
    good: [
      {
        args: [logo],
        data(data) {
          members(data, 'ref', 'version', 'isRecorded', 'versions', 'branches', 'labels')
          expect(data.versions).toMatchObject([{ version: '1.0.0', digest: expect.stringMatching(/^sha256:/), date: expect.any(String) }])
        },
      },
    ],
    bad: [
      { args: ['LOGO-ACME-MARK009'], exit: 1, code: 'ASSET_UNKNOWN' },
      { args: [logo], files: { 'assets/history/LOGO-ACME-MARK001.jsonl': '<<<<<<< ours\n' }, exit: 5, code: 'HISTORY_CONFLICT' },
    ],
  },
  'version create': {
    good: [{ args: [logo, '-m', '-5 dB', '--minor', '--allow-empty'], data: (data) => expect(data).toMatchObject({ ref: logo, version: '1.1.0' }) }],
    bad: [
      { args: [logo], exit: 1, code: 'VERSION_UNCHANGED' },
      { args: [logo, '-m', ''], exit: 2, code: 'USAGE' },
      { args: [logo, '-m'], exit: 2, code: 'USAGE' },
      { args: [logo, '--minor', '--major'], exit: 2, code: 'VERSION_STEPS_CONFLICT' },
    ],
  },
  'version label': {
    good: [{ args: [logo, 'production', '1.0.0'], data: (data) => expect(data).toEqual({ ref: logo, label: 'production', version: '1.0.0', labels: { production: '1.0.0', latest: '1.0.0' } }) }],
    bad: [
      { args: [logo, 'production'], exit: 2, code: 'LABEL_NEEDS_VERSION' },
      { args: [logo, 'latest', '1.0.0'], exit: 2, code: 'VERSION_NAME_INVALID' },
    ],
  },
  branch: {
    good: [{ args: [logo, 'summer', '-m', 'For the season'], data: (data) => expect(data).toEqual({ ref: logo, branch: 'summer', version: '1.0.0' }) }],
    bad: [
      { args: [logo, '1.0.0'], exit: 2, code: 'VERSION_NAME_INVALID' },
      { args: [logo], exit: 2, code: 'USAGE' },
    ],
  },
  rollback: {
    good: [{ args: [logo, '1.0.0'], data: (data) => expect(data).toMatchObject({ ref: logo, version: '1.0.0', restored: '1.0.0', changed: false }) }],
    bad: [
      { args: [logo, '2.0.0'], exit: 1, code: 'VERSION_UNKNOWN' },
      { args: [logo], exit: 2, code: 'USAGE' },
    ],
  },
  refine: {
    good: [{ args: [logo, '--convert', 'webp', '--resize', '12x'], data: (data) => expect(data).toMatchObject({ changed: true, widthPx: 12, mediaType: 'image/webp', before: { size: expect.any(Number) }, after: { hash: expect.any(String) } }) }],
    bad: [
      { args: [logo], exit: 2, code: 'NOTHING_TO_REFINE' },
      { args: [logo, '--compress', 'hgh'], exit: 2, code: 'USAGE' },
      { args: [logo, '--resize', 'big'], exit: 2, code: 'USAGE' },
    ],
  },
  export: {
    good: [{ args: [logo, 'COLOR-ACME-*', 'out'], data: (data, { root }) => (expect(data.exported).toHaveLength(2), expect(existsSync(join(root, `out/${logo}.png`))).toBe(true)) }, { args: [logo, 'out', '--format', 'zip'], data: (data, { root }) => expect(data.exported).toMatchObject([{ ref: logo, files: [join(root, `out/${logo}.zip`)] }]) }, { args: [logo, 'out', '--format', 'json'], data: (data, { root }) => expect(data.exported).toMatchObject([{ ref: logo, files: [], metadata: join(root, `out/${logo}.json`) }]) }],
    bad: [
      { args: [logo, 'out', '--format', 'tar'], exit: 2, code: 'USAGE' },
      { args: ['out'], exit: 2, code: 'EXPORT_TARGET_MISSING' },
      { args: [logo, 'NOPE', 'out'], exit: 1, code: 'EXPORT_INCOMPLETE', data: (data) => (members(data, 'exported', 'failed'), expect(data.exported).toHaveLength(1), expect(data.failed).toMatchObject([{ ref: 'NOPE', code: 'ASSET_UNKNOWN' }])) },
    ],
  },
  package: {
    good: [{ args: [logo, 'COLOR-ACME-*', '--name', 'brand', '--version', '1.0.0', '--out', 'brand.zip'], data: (data, { root }) => (members(data, 'file', 'name', 'version', 'size', 'assets'), expect(data).toMatchObject({ file: join(root, 'brand.zip'), assets: ['COLOR-ACME-MAIN001', logo] })) }],
    bad: [
      { args: [logo, '--name', 'brand'], exit: 2, code: 'USAGE' },
      { args: [logo, '--name', '../brand', '--version', '1.0.0'], exit: 2, code: 'USAGE' },
      { args: ['NOPE', '--name', 'brand', '--version', '1.0.0'], exit: 1, code: 'ASSET_UNKNOWN' },
    ],
  },
  install: {
    good: [{ args: ['brand'], files: colorPack, data: (data) => (members(data, 'pack', 'version', 'items', 'missing', 'isDryRun'), expect(data).toMatchObject({ pack: 'brand', items: [{ ref: 'COLOR-ACME-MAIN009', state: 'new', action: 'install' }], missing: [] })) }],
    bad: [
      { args: ['in/1.png'], exit: 1, code: 'PACK_REFUSED' },
      { args: ['none.zip'], exit: 1, code: 'PACK_UNREADABLE' },
      { args: ['brand', '--on-conflict', 'maybe'], exit: 2, code: 'USAGE' },
    ],
  },
  delete: {
    good: [{ args: ['LOGO-ACME-MARK002'], data: (data) => expect(data).toEqual({ ref: 'LOGO-ACME-MARK002', files: ['assets/logos/LOGO-ACME-MARK002.png'], dependents: [], usedIn: [] }) }],
    bad: [{ args: [logo], exit: 5, code: 'ASSET_IN_USE' }],
  },
  generate: {
    good: [
      {
        args: [],
        data(data) {
          members(data, 'dryRun', 'jobs', 'totals', 'report')
          members(data.totals, 'hit', 'derive', 'generate', 'failed', 'quoteMicroUsd', 'costMicroUsd', 'providerCalls')
          expect(data.totals).toEqual({ hit: 1, derive: 0, generate: 0, failed: 0, quoteMicroUsd: 0, costMicroUsd: 0, providerCalls: 0 })
          expect(data.jobs).toMatchObject([{ ref: 'ICON-ACME-MAIN001', spec: 'coin', action: 'hit', provider: 'studio', quoteMicroUsd: 0, costMicroUsd: 0, status: 'done' }])
        },
      },
      { args: ['--dry-run', '--force'], data: (data) => expect(data).toMatchObject({ dryRun: true, totals: { generate: 1, quoteMicroUsd: 160_000, costMicroUsd: 0 } }) },
    ],
    bad: [
      { args: ['nobody'], exit: 2, code: 'SPEC_NOT_FOUND' },
      { args: ['--max-cost', '-1'], exit: 2, code: 'USAGE' },
      { args: ['--max-cost', 'NaN'], exit: 2, code: 'USAGE' },
      { args: ['--max-cost', 'Infinity'], exit: 2, code: 'USAGE' },
      { args: ['--concurrency', '0'], exit: 2, code: 'USAGE' },
      { args: ['--provider', 'studioo'], exit: 2, code: 'PROVIDER_UNKNOWN' },
      { args: ['--force', '--max-cost', '0.1'], exit: 3, code: 'BUDGET_EXCEEDED', data: (data) => expect(data).toMatchObject({ jobs: [{ ref: 'ICON-ACME-MAIN001', status: 'refused', error: { code: 'BUDGET_EXCEEDED' } }], totals: { failed: 1, costMicroUsd: 0, providerCalls: 0 } }) },
      { args: [], files: { 'specs/bad.json': spec('bad', { prompt: 'fail' }) }, exit: 1, code: 'GENERATE_INCOMPLETE', data: (data) => expect(data).toMatchObject({ totals: { hit: 1, failed: 1, providerCalls: 1 }, jobs: [{ status: 'failed', error: { message: expect.stringContaining('the studio is closed') } }, { status: 'done' }] }) },
      { args: [], files: { 'specs/bad.yaml': 'version: "1.0"\nid: bad\ngeneratoin: { type: image }\n' }, exit: 1, code: 'SPEC_INVALID' },
    ],
  },
  pick: {
    good: [{ args: ['key_coin', '2'], data: (data) => expect(data).toMatchObject({ ref: 'ICON-ACME-MAIN001', variations: 4 }) }],
    bad: [
      { args: ['key_coin', '5'], exit: 2, code: 'PICK_OUTSIDE' },
      { args: ['key_coin', 'two'], exit: 2, code: 'USAGE' },
    ],
  },
  health: {
    good: [
      {
        args: [],
        data(data) {
          members(data, 'score', 'reasons', 'month', 'budget', 'providers', 'recent', 'cache')
          expect(data).toMatchObject({ score: 100, reasons: [], budget: { limitMicroUsd: 1_000_000, spentMicroUsd: 160_000, leftMicroUsd: 840_000 }, providers: [{ provider: 'studio', calls: 1, failed: 0 }] })
        },
      },
      { args: ['--recent', '0'], data: (data) => expect(data).toMatchObject({ recent: [] }) },
    ],
    bad: [
      { args: ['--recent', '-1'], exit: 2, code: 'USAGE' },
      { args: ['extra'], exit: 2, code: 'USAGE' },
    ],
  },
  costs: {
    good: [
      {
        args: [],
        data(data) {
          members(data, 'month', 'limitMicroUsd', 'spentMicroUsd', 'reservedMicroUsd', 'rows')
          expect(data).toMatchObject({ month: new Date().toISOString().slice(0, 7), limitMicroUsd: 1_000_000, spentMicroUsd: 160_000, reservedMicroUsd: 0, rows: [{ spec: 'coin', provider: 'studio', state: 'settled', costMicroUsd: 160_000 }] })
        },
      },
    ],
    bad: [
      { args: ['--month', '2026-13'], exit: 2, code: 'USAGE' },
      { args: ['--by', 'speck'], exit: 2, code: 'USAGE' },
    ],
  },
  validate: {
    good: [{ args: [logo], data: (data) => expect(data).toMatchObject({ checked: 1 }) }],
    bad: [
      { args: [], files: { 'assets/logos/LOGO-ACME-MARK001.png': 'no picture' }, exit: 1, code: 'VALIDATION_FAILED', data: (data) => (members(data.findings[0], 'ref', 'code', 'severity', 'message', 'hint'), expect(data.findings[0]).toMatchObject({ ref: logo, severity: 'error' })) },
      { args: ['NOPE'], exit: 1, code: 'ASSET_UNKNOWN' },
    ],
  },
  deps: {
    good: [
      { args: ['LOGO-ACME-MARK002'], data: (data) => expect(data).toEqual({ ref: 'LOGO-ACME-MARK002', dependencies: [], order: ['LOGO-ACME-MARK002'], nodes: [{ ref: 'LOGO-ACME-MARK002', version: '1.0.0' }], edges: [] }) },
      { args: [logo, '--dependents', '--graph', 'dot'], data: (data) => expect(data).toMatchObject({ dependents: [], graph: expect.stringContaining('digraph') }) },
    ],
    bad: [
      { args: ['LOGO-ACME-MARK009'], exit: 1, code: 'ASSET_UNKNOWN' },
      { args: [logo, '--graph', 'svg'], exit: 2, code: 'USAGE' },
    ],
  },
  'deps add': {
    good: [{ args: [logo, 'key_coin', '^1.0.0'], data: (data) => expect(data).toEqual({ ref: logo, dependencies: [{ ref: 'ICON-ACME-MAIN001', range: '^1.0.0', version: '1.0.0' }], order: ['ICON-ACME-MAIN001', logo], version: '1.0.1', changed: true }) }],
    bad: [
      { args: [logo, 'key_coin', 'newest'], exit: 2, code: 'RANGE_INVALID' },
      { args: [logo, 'key_coin', '^2.0.0'], exit: 5, code: 'DEPENDENCY_CONFLICT' },
      { args: [logo, 'key_coins', '^1.0.0'], exit: 1, code: 'DEPENDENCY_MISSING' },
      { args: [logo, logo, '^1.0.0'], exit: 1, code: 'DEPENDENCY_CYCLE' },
    ],
  },
  'deps remove': {
    good: [{ args: ['LOGO-ACME-MARK002', 'key_coin'], before: ['deps', 'add', 'LOGO-ACME-MARK002', 'key_coin', '*'], data: (data) => expect(data).toEqual({ ref: 'LOGO-ACME-MARK002', dependencies: [], order: ['LOGO-ACME-MARK002'], version: '1.0.2' }) }],
    bad: [{ args: [logo, 'key_coin'], exit: 1, code: 'DEPENDENCY_NONE' }],
  },
  sync: {
    good: [{ args: ['--dry-run'], data: (data) => expect(data).toEqual({ added: [], changed: [], locked: [], missing: [], unregistered: [], failed: [], isDryRun: true }) }],
    bad: [{ args: [], files: { 'assets/logos/LOGO-ACME-MARK001.png': 'no picture' }, exit: 1, code: 'SYNC_INCOMPLETE', data: (data) => expect(data.failed).toHaveLength(1) }],
  },
  types: {
    good: [{ args: [], data: (data) => members(data, 'written', 'unchanged', 'stale') }],
    bad: [{ args: ['--check'], files: { '.assetloom/types/assets.d.ts': '// old\n' }, exit: 4, code: 'TYPES_STALE', data: (data) => expect(data.stale).toEqual(['.assetloom/types/assets.d.ts']) }],
  },
  organize: {
    good: [{ args: ['--dry-run'], data: (data) => expect(data).toEqual({ moves: [], skipped: [], isDryRun: true }) }],
    bad: [{ args: ['--dryrun'], exit: 2, code: 'USAGE' }],
  },
  prune: { good: [{ args: ['--dry-run'], data: (data) => expect(data).toMatchObject({ isDryRun: true, freedBytes: expect.any(Number) }) }], bad: [{ args: ['--include-payed'], exit: 2, code: 'USAGE' }] },
  use: {
    good: [{ args: ['ai-prompts/content/note', '--topic', 'trees'], files: items, data: (data) => expect(data).toEqual({ ref: 'ai-prompts/content/note', text: 'About trees' }) }],
    bad: [{ args: ['ai-prompts/content/note', '--tone', 'warm'], files: items, exit: 2, code: 'PROMPT_VALUES' }],
  },
  run: {
    good: [{ args: ['tools/analyzers/words', '--text', 'a b'], files: items, data: (data) => (members(data, 'ref', 'output', 'durationMs'), expect(data.output).toEqual({ words: 2 })) }],
    bad: [
      { args: ['tools/analyzers/words', '--input', '{}'], files: items, exit: 2, code: 'PROGRAM_INPUT' },
      { args: ['tools/analyzers/words', '--text', 'x', '--timeout', '0s'], files: items, exit: 2, code: 'LIMIT_INVALID' },
    ],
  },
  test: {
    good: [{ args: ['tools/analyzers/words'], files: items, data: (data) => (members(data, 'ref', 'passed', 'failed', 'examples'), expect(data).toMatchObject({ passed: 1, failed: 0 })) }],
    bad: [{ args: ['ai-prompts/content/note'], files: items, exit: 1, code: 'NOTHING_TO_TEST' }],
  },
  optimize: {
    good: [{ args: ['ai-prompts/content/note'], files: items, data: (data) => expect(data).toMatchObject({ unit: 'tokens', reductions: [], written: false }) }],
    bad: [{ args: ['tools/analyzers/words'], files: items, exit: 2, code: 'VERB_UNSUITABLE' }],
  },
  cleanup: {
    good: [
      { args: [], data: (data) => expect(data).toMatchObject({ items: [{ what: 'asset', name: 'COLOR-ACME-MAIN001', sizeBytes: 0 }, { what: 'asset', name: 'LOGO-ACME-MARK002' }], counts: { asset: 2 }, keptRawBytes: 0, isDone: false }) },
      { args: ['--yes'], data: (data, project) => (expect(data).toMatchObject({ counts: { asset: 2 }, isDone: true }), expect(existsSync(join(project.root, 'assets/logos/LOGO-ACME-MARK002.png'))).toBe(false)) },
    ],
    bad: [{ args: ['--include-payed'], exit: 2, code: 'USAGE' }],
  },
  analyze: {
    good: [{ args: [logo], data: (data) => (members(data, 'ref', 'usedIn', 'dependents', 'sizes'), expect(data).toMatchObject({ ref: logo, usedIn: [{ file: 'src/main.js', line: 1 }], dependents: [], sizes: { raw: expect.any(Number), gzip: expect.any(Number), transforms: [] } })) }],
    bad: [{ args: ['NOPE'], exit: 1, code: 'ASSET_UNKNOWN' }],
  },
  duplicate: {
    good: [
      { args: [logo, 'Second mark'], data: (data) => expect(data).toEqual({ ref: 'LOGO-ACME-MARK003', from: logo, files: ['assets/logos/LOGO-ACME-MARK003.png'] }) },
      { args: ['key_coin', 'ICON-ACME-COIN007'], data: (data) => expect(data).toMatchObject({ ref: 'ICON-ACME-COIN007' }) },
    ],
    bad: [
      { args: [logo], exit: 2, code: 'USAGE' },
      { args: [logo, 'LOGO-ACME-MARK002'], exit: 5, code: 'TOKEN_TAKEN' },
      { args: [logo, 'LOGO-NOBODY-MARK001'], exit: 2, code: 'FAMILY_UNDECLARED' },
    ],
  },
  diff: {
    good: [
      { args: [logo, 'LOGO-ACME-MARK002'], data: (data) => (members(data, 'before', 'after', 'isSame', 'metadata', 'files', 'tokens'), expect(data).toMatchObject({ isSame: false })) },
      { args: [logo, `${logo}@1.0.0`], data: (data) => expect(data).toMatchObject({ isSame: true }) },
    ],
    bad: [
      { args: [logo], exit: 2, code: 'USAGE' },
      { args: [logo, `${logo}@9.0.0`], exit: 1, code: 'VERSION_UNKNOWN' },
    ],
  },
  merge: {
    good: [{ args: [`${logo}@summer`], before: ['branch', logo, 'summer'], data: (data) => expect(data).toMatchObject({ ref: logo, changed: false }) }],
    bad: [
      { args: [logo], exit: 2, code: 'MERGE_BRANCH_MISSING' },
      { args: [`${logo}@winter`], exit: 1, code: 'BRANCH_UNKNOWN' },
    ],
  },
  sites: {
    good: [{ args: [], files: siteConfig, data: (data) => expect(data).toMatchObject({ sites: [{ id: 'shop', root: '.' }] }) }],
    bad: [{ args: ['nowhere'], files: siteConfig, exit: 2, code: 'SITE_UNKNOWN' }],
  },
  apply: {
    good: [{ args: ['design-tokens/colors/calm', 'src/tokens.css'], data: (data, project) => (expect(data).toMatchObject({ ref: 'design-tokens/colors/calm', isDryRun: false }), expect(readFileSync(join(project.root, 'src/tokens.css'), 'utf8')).toContain('--')) }],
    bad: [
      { args: ['design-tokens/colors/calm', '../out.css'], exit: 2, code: 'SITE_TARGET' },
      { args: [logo, 'src/tokens.css'], exit: 2, code: 'VERB_UNSUITABLE' },
    ],
  },
  customize: {
    good: [{ args: ['templates/sections/hero', 'sections/hero-warm', '--set', 'description=Warm'], data: (data) => expect(data).toMatchObject({ ref: 'templates/sections/hero-warm', from: 'templates/sections/hero' }) }],
    bad: [{ args: ['templates/sections/hero', 'sections/hero-warm', '--set', 'colour=red'], exit: 1, code: 'ITEM_INVALID' }],
  },
  configure: {
    good: [{ args: ['modules/blog/posts', '--set', 'title=Notes'], data: (data) => expect(data).toMatchObject({ ref: 'modules/blog/posts' }) }],
    bad: [{ args: ['modules/blog/posts', '--set', 'nothing=1'], exit: 2, code: 'MODULE_SETTINGS' }],
  },
  override: {
    good: [{ args: ['configs/global/performance/budgets', '--set', 'budgetsBytes.script=90000'], data: (data) => expect(data).toMatchObject({ ref: 'configs/global/performance/budgets' }) }],
    bad: [{ args: ['configs/global/performance/budgets', '--set', '__proto__.x=1'], exit: 2, code: 'SETTING_REFUSED' }],
  },
  deploy: {
    good: [{ args: ['configs/deployment/cloudflare/static-site', '--dry-run'], data: (data) => expect(data).toMatchObject({ isDryRun: true }) }],
    bad: [{ args: [logo, '--dry-run'], exit: 2, code: 'VERB_UNSUITABLE' }],
  },
  'cache stats': { good: [{ args: [], data: (data) => (members(data, 'raw', 'derived', 'version', 'prompts', 'types', 'search', 'pinned', 'served', 'records', 'stateBytes'), expect(data).toMatchObject({ raw: { count: 4 } })) }], bad: [{ args: ['all'], exit: 2, code: 'USAGE' }] },
  'cache verify': { good: [{ args: [], data: (data) => expect(data).toMatchObject({ raw: { count: 4 }, damaged: [] }) }], bad: [{ args: ['--deep'], exit: 2, code: 'USAGE' }] },
  'cache precompile': {
    good: [{ args: [logo], files: { 'src/main.js': `import logo from "asset:${logo}?w=8;12&format=webp"` }, data: (data) => expect(data).toMatchObject({ assets: [{ ref: logo, queries: ['w=8;12&format=webp'], files: 2 }], made: 2, failed: [] }) }],
    bad: [
      { args: [], exit: 2, code: 'USAGE' },
      { args: ['NOPE'], exit: 1, code: 'ASSET_UNKNOWN' },
      { args: [logo], files: { 'src/main.js': `import logo from "asset:${logo}?width=8"` }, exit: 1, code: 'PRECOMPILE_INCOMPLETE', data: (data) => expect(data.failed).toMatchObject([{ ref: logo, query: 'width=8', code: 'QUERY_UNKNOWN_KEY' }]) },
    ],
  },
  'cache invalidate': { good: [{ args: [logo], data: (data) => expect(data).toEqual({ ref: logo, removedRecords: 0, freedBytes: 0 }) }], bad: [{ args: ['NOPE'], exit: 1, code: 'ASSET_UNKNOWN' }] },
  'cache optimize': { good: [{ args: [], data: (data) => expect(data).toMatchObject({ raw: { count: 4 }, removedRecords: 0, removedBlobs: 0 }) }], bad: [{ args: ['now'], exit: 2, code: 'USAGE' }] },
  'cache clear': { good: [{ args: [], data: (data) => expect(data).toMatchObject({ raw: { count: 4 }, derived: { count: 0 } }) }], bad: [{ args: ['bogus'], exit: 2, code: 'USAGE' }] },
  agent: {
    good: [{ args: ['show everything tagged primary'], data: (data) => (members(data, 'operation', 'input', 'output', 'isDone', 'next'), expect(data).toMatchObject({ operation: 'list', input: { tag: ['primary'] }, output: { total: 2 }, isDone: true })) }],
    bad: [
      { args: ['colourless green ideas sleep furiously'], exit: 2, code: 'SENTENCE_UNCLEAR' },
      { args: [], exit: 2, code: 'SENTENCE_MISSING' },
    ],
  },
}

useSample()

// What stays until it is stopped has its tests in test/server and test/mcp.
it.each(rows.filter(({ group }) => group !== 'Serve').map(({ name }) => name))('%s has its cases', (name) => {
  expect(commands[name]?.good.length).toBeGreaterThan(0)
  expect(commands[name]?.bad.length).toBeGreaterThan(0)
})

describe.each(Object.entries(commands))('%s', (name, { good, bad }) => {
  const row = rows.find((one) => one.name === name)!

  it.each(good)('does $args', async ({ args, files, before, data }) => {
    const project = await copyAfter(before, files)
    const { code, stdout, stderr, json } = await project.cli(...name.split(' '), ...args, '--json')
    expect({ code, stderr, stdout: json ? '' : stdout }).toEqual({ code: 0, stderr: '', stdout: '' })
    expect(Object.keys(json)).toEqual(['ok', 'data'])
    expect(((await row.load()) as Operation).output.safeParse(json.data).error).toBeUndefined()
    data?.(json.data, project)
    // The same for a person: text on stdout, nothing that only a terminal understands.
    const told = await (await copyAfter(before, files)).cli(...name.split(' '), ...args)
    expect(told.code).toBe(0)
    expect(told.stdout.trim()).not.toBe('')
    expect(told.stdout).not.toMatch(/\u001b|undefined|\[object/)
  })

  it.each(bad)('refuses $args', async ({ args, files, data, exit, code: errorCode }) => {
    const { code, json } = await copyWith(files).cli('--json', ...name.split(' '), ...args)
    expect({ code, error: json?.error?.code }).toEqual({ code: exit, error: errorCode })
    expect(json.ok).toBe(false)
    expect(Object.keys(json)).toEqual(data ? ['ok', 'error', 'data'] : ['ok', 'error'])
    expect(json.error.message).toMatch(/\S/)
    data?.(json.data, copySample())
    const told = await copyWith(files).cli(...name.split(' '), ...args)
    expect(told.code).toBe(exit)
    expect(told.stderr).toContain(errorCode)
    expect(told.stderr).not.toMatch(/\u001b|\n {4}at /)
    if (!data) expect(told.stdout).toBe('')
  })

  it('has help with an example that is real', async () => {
    const project = copySample()
    const { code, stdout } = await project.cli(...name.split(' '), '--help')
    expect(code).toBe(0)
    expect(stdout.replace(/\s+/g, ' ')).toContain(row.summary)
    const example = /^Example: assetloom (.+)$/m.exec(stdout)![1]!
    const words = [...example.matchAll(/(?:[^\s"]+|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ''))
    expect(words.join(' ')).toMatch(new RegExp(`^${name}( |$)`))
    // The names in it are made up, but nothing in it is a mistake of usage.
    const { json } = await project.cli(...words, '--json')
    expect(json.error?.code).not.toBe('USAGE')
    expect((await project.cli('help', ...name.split(' '))).stdout).toBe(stdout)
    expect((await project.cli(...name.split(' '), '--json', '-h')).json).toEqual({ ok: true, data: { help: stdout } })
  })
})

async function copyAfter(before: string[] | undefined, files: Record<string, string> | undefined): Promise<Project> {
  const project = copyWith(files)
  if (before) expect(await project.cli(...before)).toMatchObject({ code: 0 })
  return project
}

function copyWith(files: Record<string, string> | undefined): Project {
  const project = copySample()
  project.write(files ?? {})
  return project
}

it('leaves the manifest as it was when input is refused', async () => {
  const project = copySample()
  const manifest = () => readFileSync(join(project.root, 'assets/manifest.json'), 'utf8')
  const before = manifest()
  await project.cli('update', logo, '--description', 'x', '--minor', '--major')
  await project.cli('add-tags', logo, 'x', '--no-such')
  expect(manifest()).toBe(before)
})
