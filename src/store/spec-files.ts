import { readFileSync, statSync, type Stats } from 'node:fs'
import { basename, extname, isAbsolute, join } from 'node:path'
import { checkDocument, type SpecProblem } from '../core/check-document.ts'
import { digestOf, sha256 } from '../core/digest.ts'
import { defineError, isAssetloomError, type AssetloomError } from '../core/errors.ts'
import { expandSpec, expandUse, templateProblems, type SpecInstance } from '../core/expand-spec.ts'
import { foldedName } from '../core/names.ts'
import { didYouMean } from '../core/near.ts'
import { maxSpecBytes, specInvalid } from '../core/spec-invalid.ts'
import { specFormat, type Template, type TemplateUse } from '../core/spec.ts'
import { projectRelative } from './project-folder.ts'
import type { SpecText } from './spec-text.ts'
import type { StateDb } from './state-db.ts'

const specDuplicate = defineError('SPEC_DUPLICATE', {
  summary: 'Two specs have the same id, name, token or output path.',
  message: (d: { what: string; name: string; first: string; second: string }) => `The ${d.what} ${d.name} stands in ${d.first} and in ${d.second}.`,
  hint: () => 'Rename one of them: ids, manifest keys, tokens and output paths are unique in a project.',
})

const templateUnknown = (name: string, known: string[]): SpecProblem => {
  const hint = didYouMean(name, known)
  return { path: ['template'], message: `there is no template ${name}`, allowed: known, ...(hint && { hint }) }
}

/** A template and where it stands. */
export interface FoundTemplate {
  template: Template
  file: string
}

/** What one spec file holds. */
interface FileRecord {
  stamp: string
  checkedAtMs: number
  digest: string
  instances: SpecInstance[]
  templates: Template[]
  /** Templates that the file's specs use, as they were when the file was expanded. */
  uses: Record<string, { digest: string; file: string }>
  fault?: AssetloomError
}

export interface LoadedSpecs {
  instances: SpecInstance[]
  templates: ReadonlyMap<string, FoundTemplate>
  /** Files that cannot be used, and names that stand twice. */
  faults: { file: string; error: AssetloomError }[]
  files: string[]
}

/** The specs of a project: read once, parsed again only when a file or a template it uses changed. */
export interface SpecFiles {
  /** Every spec under the specs folder, and those in further files. */
  load(furtherFiles?: readonly string[]): Promise<LoadedSpecs>
  /** The specs of one file, without a look at the others. @throws SPEC_INVALID */
  loadFile(file: string): Promise<SpecInstance[]>
  /**
   * The spec that has a name: its id, a manifest key or a full token. When a spec seen before still has it, only its own
   * files are looked at.
   * @throws SPEC_INVALID, SPEC_DUPLICATE of the file that has the name, or, when none has it, of any file
   */
  find(name: string): Promise<SpecInstance | undefined>
  template(name: string): Promise<FoundTemplate | undefined>
  templateNames(): Promise<string[]>
  /** How many files were parsed since the start; for tests and for --log-level debug. */
  parsedCount(): number
}

/** A file changed within this time before it was looked at may change again without a trace in its times. */
const racyWindowMs = 100

/** Stands before the path of a template that ships with Assetloom. */
const shippedPrefix = 'assetloom/'

/**
 * @param input.checkSteps - problems of the post-processing steps of one type, `path` beginning at the step
 * @param input.toolVersion - a parse made by another version of Assetloom is made anew
 * @param input.shippedFolder - absolute; holds the specs that ship with Assetloom
 */
export function createSpecFiles(input: {
  root: string
  specsFolder: string
  shippedFolder: string | undefined
  state: StateDb
  toolVersion: string
  checkSteps(type: string, steps: readonly unknown[]): Promise<SpecProblem[]>
  /** Why a named recipe is none of the local provider's. */
  checkRecipe(type: string, recipe: string): Promise<string | undefined>
  onStateFault(error: unknown): void
}): SpecFiles {
  const { root, state } = input
  const format = `${input.toolVersion}:${specFormat}`
  const records = new Map<string, FileRecord>()
  let isPrimed = false
  let stateIsUsable = true
  let parsed = 0
  /** Loads of one process follow each other, so that a file is parsed once. */
  let queue: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work, work)
    queue = turn.catch(() => undefined)
    return turn
  }

  const withState = <T>(work: () => T): T | undefined => {
    if (!stateIsUsable) return undefined
    try {
      return work()
    } catch (error) {
      stateIsUsable = false
      input.onStateFault(error)
      return undefined
    }
  }

  const fromRow = (row: Row): FileRecord => {
    const { instances, templates, uses } = JSON.parse(row.content) as Pick<FileRecord, 'instances' | 'templates' | 'uses'>
    return { stamp: row.stamp, checkedAtMs: row.checked_at_ms, digest: row.digest, instances, templates, uses }
  }

  const prime = () => {
    if (isPrimed) return
    isPrimed = true
    withState(() => {
      // Row by row: all texts at once would keep the garbage collector busy longer than the parsing takes.
      for (const row of state.open().prepare('SELECT path, stamp, checked_at_ms, digest, content FROM spec_files WHERE format = ?').iterate(format) as unknown as Iterable<Row>)
        if (!records.has(row.path)) records.set(row.path, fromRow(row))
    })
  }
  const primeOne = (file: string) => {
    if (isPrimed || records.has(file)) return
    withState(() => {
      const row = state.open().prepare('SELECT * FROM spec_files WHERE path = ? AND format = ?').get(file, format) as unknown as Row | undefined
      if (row) records.set(file, fromRow(row))
    })
  }

  const pathOf = (file: string) =>
    file.startsWith(shippedPrefix) && input.shippedFolder ? join(input.shippedFolder, file.slice(shippedPrefix.length)) : isAbsolute(file) ? file : join(root, file)

  /** Whether the file on the disk is the one the record was made from; an old stamp of the same bytes is renewed. */
  const isCurrent = (file: string): 'same' | 'touched' | 'changed' => {
    const record = records.get(file)
    const stat = statOrUndefined(pathOf(file))
    if (!record || !stat) return 'changed'
    const stamp = stampOf(stat)
    if (record.stamp === stamp && stat.mtimeMs <= record.checkedAtMs - racyWindowMs) return 'same'
    if (stat.size > maxSpecBytes || sha256(readFileSync(pathOf(file))) !== record.digest) return 'changed'
    record.stamp = stamp
    record.checkedAtMs = Date.now()
    return 'touched'
  }

  const keep = (changed: Iterable<string>, gone: Iterable<string> = []) => {
    const files = [...changed].filter((file) => records.get(file) && !records.get(file)!.fault)
    const dropped = [...gone]
    if (files.length === 0 && dropped.length === 0) return
    withState(() =>
      state.exclusive((db) => {
        const put = db.prepare('INSERT OR REPLACE INTO spec_files (path, format, stamp, checked_at_ms, digest, content) VALUES (?, ?, ?, ?, ?, ?)')
        for (const file of files) {
          const { stamp, checkedAtMs, digest, instances, templates, uses } = records.get(file)!
          put.run(file, format, stamp, checkedAtMs, digest, JSON.stringify({ instances, templates, uses }))
        }
        const drop = db.prepare('DELETE FROM spec_files WHERE path = ?')
        for (const file of dropped) drop.run(file)
      }),
    )
  }

  /** Read and check one file; uses of templates are expanded later, when all templates are known. */
  const parse = async (file: string): Promise<{ record: FileRecord; uses: { use: TemplateUse; text: SpecText }[] }> => {
    parsed++
    const path = pathOf(file)
    const stat = statOrUndefined(path)
    const record: FileRecord = { stamp: stat ? stampOf(stat) : '', checkedAtMs: Date.now(), digest: '', instances: [], templates: [], uses: {} }
    const uses: { use: TemplateUse; text: SpecText }[] = []
    try {
      if (!stat?.isFile()) throw specInvalid({ file, field: '', problem: 'there is no such file' })
      if (stat.size > maxSpecBytes) throw specInvalid({ file, field: '', problem: `has ${stat.size} bytes; the most is ${maxSpecBytes}`, hint: 'Split it into several files.' })
      const bytes = readFileSync(path)
      record.digest = sha256(bytes)
      // The YAML parser is loaded when there is something to parse: a start over unchanged specs needs none.
      const { parseSpecText } = await import('./spec-text.ts')
      const texts = parseSpecText(decode(bytes, file), file)
      if (texts.length === 0) throw specInvalid({ file, field: '', problem: 'is empty', hint: 'A spec needs version, id, generation and prompt.' })
      for (const text of texts) {
        const checked = checkDocument(text.value)
        if ('problems' in checked) throw invalid(file, text, checked.problems)
        const { document } = checked
        if (document.kind === 'use') {
          uses.push({ use: document.use, text })
          await requireSteps(file, text, document.use.generation?.type, document.use.post_processing)
        } else if (document.kind === 'template') {
          const problems = templateProblems(document.template)
          if (problems.length > 0) throw invalid(file, text, problems)
          record.templates.push(document.template)
        } else {
          const { instances, problems } = expandSpec(document.spec, file)
          if (problems.length > 0) throw invalid(file, text, problems)
          await requireSteps(file, text, document.spec.generation.type, document.spec.post_processing)
          const { type, recipe } = document.spec.generation
          const recipeProblem = recipe === undefined ? undefined : await input.checkRecipe(type, recipe)
          if (recipeProblem !== undefined) throw invalid(file, text, [{ path: ['generation', 'recipe'], message: `is not known: ${recipeProblem}` }])
          record.instances.push(...instances)
        }
      }
    } catch (error) {
      if (!isAssetloomError(error)) throw error
      record.fault = error
    }
    return { record, uses }
  }

  const requireSteps = async (file: string, text: SpecText, type: string | undefined, steps: readonly unknown[] | undefined) => {
    if (!steps?.length || type === undefined) return
    const problems = await input.checkSteps(type, steps)
    if (problems.length > 0) throw invalid(file, text, problems.map((problem) => ({ ...problem, path: ['post_processing', ...problem.path] })))
  }

  const expandUses = async (file: string, record: FileRecord, uses: { use: TemplateUse; text: SpecText }[], templates: ReadonlyMap<string, FoundTemplate>) => {
    try {
      for (const { use, text } of uses) {
        const found = templates.get(use.template)
        if (!found) throw invalid(file, text, [templateUnknown(use.template, [...templates.keys()])])
        const { instances, problems } = expandUse(use, found.template, file)
        if (problems.length > 0) throw invalid(file, text, problems)
        const first = instances[0]
        const stepProblems = first ? await input.checkSteps(first.request.type, first.steps) : []
        if (stepProblems.length > 0) {
          const own = use.post_processing !== undefined
          throw invalid(file, text, stepProblems.map((problem) => ({ ...problem, path: own ? ['post_processing', ...problem.path] : ['template'], message: own ? problem.message : `${use.template}: step ${Number(problem.path[0]) + 1}: ${problem.message}` })))
        }
        for (const instance of instances) instance.templateFile = found.file
        record.instances.push(...instances)
        record.uses[use.template] = { digest: digestOf(found.template), file: found.file }
      }
    } catch (error) {
      if (!isAssetloomError(error)) throw error
      record.instances = []
      record.fault = error
    }
  }

  const specFilesOnDisk = async (): Promise<string[]> => {
    const { default: fastGlob } = await import('fast-glob')
    const own = await fastGlob('**/*.{yaml,yml,json}', { cwd: input.specsFolder, followSymbolicLinks: false, suppressErrors: true })
    const folder = projectRelative(root, input.specsFolder)
    return own.map((file) => `${folder}/${file}`).sort()
  }
  let shippedFiles: string[] | undefined
  const shipped = async (): Promise<string[]> => {
    if (!input.shippedFolder) return []
    const { default: fastGlob } = await import('fast-glob')
    shippedFiles ??= (await fastGlob('specs/**/*.{yaml,yml,json}', { cwd: input.shippedFolder, suppressErrors: true })).sort().map((file) => shippedPrefix + file)
    return shippedFiles
  }

  /** Of the last load: where a name stands. */
  let fileOfName = new Map<string, string>()
  let lastFaults: LoadedSpecs['faults'] = []
  let lastTemplates: ReadonlyMap<string, FoundTemplate> = new Map()

  const load = async (furtherFiles: readonly string[] = []): Promise<LoadedSpecs> => {
    prime()
    const own = [...new Set([...(await specFilesOnDisk()), ...furtherFiles])]
    const fromPackage = await shipped()
    const files = [...own, ...fromPackage]
    const known = new Set(files)
    const gone = [...records.keys()].filter((file) => !known.has(file) && !statOrUndefined(pathOf(file)))
    for (const file of gone) records.delete(file)

    const open = new Map<string, { record: FileRecord; uses: { use: TemplateUse; text: SpecText }[] }>()
    const touched = new Set<string>()
    for (const file of files) {
      const state = isCurrent(file)
      if (state === 'touched') touched.add(file)
      if (state === 'changed') {
        const made = await parse(file)
        records.set(file, made.record)
        open.set(file, made)
      }
    }
    const faults: LoadedSpecs['faults'] = []
    const templates = collectTemplates(fromPackage, own, records, faults)
    // A file whose template changed is expanded anew.
    for (const file of own) {
      const record = records.get(file)!
      if (open.has(file) || Object.entries(record.uses).every(([name, used]) => sameTemplate(templates.get(name), used))) continue
      const made = await parse(file)
      records.set(file, made.record)
      open.set(file, made)
    }
    for (const [file, { record, uses }] of open) if (!record.fault) await expandUses(file, record, uses, templates)
    keep([...open.keys(), ...touched], gone)

    for (const file of files) {
      const { fault } = records.get(file)!
      if (fault) faults.push({ file, error: fault })
    }
    const instances = own.flatMap((file) => records.get(file)!.instances)
    faults.push(...duplicates(instances))
    fileOfName = new Map()
    for (const instance of instances) for (const name of specNames(instance)) fileOfName.set(name, instance.file)
    lastFaults = faults
    lastTemplates = templates
    return { instances, templates, faults, files: own }
  }

  const loadFile = async (file: string): Promise<SpecInstance[]> => {
    primeOne(file)
    const record = records.get(file)
    const usedFiles = Object.values(record?.uses ?? {}).map((used) => used.file)
    for (const used of usedFiles) primeOne(used)
    if (record && !record.fault && [file, ...usedFiles].every((one) => isCurrent(one) !== 'changed')) return record.instances
    if (!statOrUndefined(pathOf(file))) return []
    await load([file])
    const loaded = records.get(file)!
    if (loaded.fault) throw loaded.fault
    return loaded.instances
  }

  const find = async (name: string): Promise<SpecInstance | undefined> => {
    const has = (instance: SpecInstance) => specNames(instance).includes(name)
    const known = fileOfName.get(name)
    if (known !== undefined) {
      const found = (await loadFile(known)).find(has)
      const fault = lastFaults.find((one) => one.file === known)
      if (found && fault) throw fault.error
      if (found) return found
    }
    const { instances, faults } = await load()
    const found = instances.find(has)
    const fault = faults.find(({ file }) => !found || file === found.file)
    if (fault) throw fault.error
    return found
  }

  return {
    load: (furtherFiles) => inTurn(() => load(furtherFiles)),
    loadFile: (file) => inTurn(() => loadFile(file)),
    find: (name) => inTurn(() => find(name)),
    template: (name) =>
      inTurn(async () => {
        // The file's name serves as well: `sfx-jump` for specs/templates/sfx-jump.yaml.
        const named = (templates: ReadonlyMap<string, FoundTemplate>) =>
          templates.get(name) ?? [...templates.values()].find(({ file }) => basename(file, extname(file)) === name)
        const known = named(lastTemplates)
        return known && isCurrent(known.file) !== 'changed' ? known : named((await load()).templates)
      }),
    templateNames: () => inTurn(async () => [...(await load()).templates.keys()].sort()),
    parsedCount: () => parsed,
  }
}

/** What a spec may be called by. */
export function specNames(instance: SpecInstance): string[] {
  return [instance.specId, ...instance.aliases, ...(typeof instance.token === 'string' ? [instance.token] : [])]
}

interface Row {
  path: string
  stamp: string
  checked_at_ms: number
  digest: string
  content: string
}

/** A project's own template takes the place of a shipped one; two of its own are an error. */
function collectTemplates(fromPackage: string[], own: string[], records: ReadonlyMap<string, FileRecord>, faults: LoadedSpecs['faults']): Map<string, FoundTemplate> {
  const templates = new Map<string, FoundTemplate>()
  for (const file of fromPackage) for (const template of records.get(file)!.templates) templates.set(template.template, { template, file })
  const seen = new Map<string, string>()
  for (const file of own)
    for (const template of records.get(file)!.templates) {
      const first = seen.get(template.template)
      if (first !== undefined) faults.push({ file, error: specDuplicate({ what: 'template', name: template.template, first, second: file }) })
      seen.set(template.template, file)
      templates.set(template.template, { template, file })
    }
  return templates
}

const sameTemplate = (found: FoundTemplate | undefined, used: { digest: string; file: string }) =>
  found !== undefined && found.file === used.file && digestOf(found.template) === used.digest

function duplicates(instances: readonly SpecInstance[]): LoadedSpecs['faults'] {
  const faults: LoadedSpecs['faults'] = []
  const note = (seen: Map<string, string>, key: string, what: string, name: string, file: string) => {
    const first = seen.get(key)
    if (first === undefined) seen.set(key, file)
    else faults.push({ file, error: specDuplicate({ what, name, first, second: file }) })
  }
  const [ids, names, paths] = [new Map<string, string>(), new Map<string, string>(), new Map<string, string>()]
  for (const { specId, aliases, token, path, file } of instances) {
    note(ids, specId, 'spec id', specId, file)
    for (const alias of aliases) note(names, alias, 'manifest key', alias, file)
    if (typeof token === 'string') note(names, token, 'token', token, file)
    if (path !== undefined) note(paths, foldedName(path), 'output path', path, file)
  }
  return faults
}

function invalid(file: string, text: SpecText, problems: readonly SpecProblem[]): AssetloomError {
  const placed = problems
    .map((problem) => ({ ...problem, ...text.placeOf(problem.path), field: problem.path.map(String).join('.') }))
    .sort((a, b) => a.line - b.line || a.column - b.column)
  const first = placed[0]!
  const source = first.needsQuotes ? text.sourceOf(first.path) : undefined
  const hint = source === undefined ? first.hint : `It is a text, so it must be in quotes: ${String(first.path.at(-1))}: "${source}".`
  return specInvalid(
    {
      file,
      line: first.line,
      column: first.column,
      field: first.field,
      problem: first.message,
      ...(first.allowed && { allowed: first.allowed }),
      ...(hint !== undefined && { hint }),
      further: placed.length - 1,
    },
    {
      location: { file, line: first.line, column: first.column },
      details: { problems: placed.map(({ line, column, field, message }) => ({ line, column, field, message })) },
    },
  )
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw specInvalid({ file, field: '', problem: 'is no UTF-8 text', hint: 'Save it as UTF-8.' }, { cause, location: { file } })
  }
}

const stampOf = (stat: Stats) => `${stat.mtimeMs}:${stat.ctimeMs}:${stat.size}:${stat.ino}`

function statOrUndefined(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}
