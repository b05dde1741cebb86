import { readdirSync, type Dirent } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { digestOf } from '../core/digest.ts'
import type { AssetloomError } from '../core/errors.ts'
import type { SpecInstance } from '../core/spec-instance.ts'
import {
  expandUses,
  parseSpecFile,
  type FoundTemplate,
  type ParsedSpecFile,
  type SpecChecks,
} from './parse-spec-file.ts'
import { projectRelative } from './project-folder.ts'
import { collectTemplates, nameCollisions, specNames, type SpecFault } from './spec-names.ts'
import { statOrUndefined } from './file-stamp.ts'
import { createSpecRecords, shippedPrefix } from './spec-records.ts'
import type { StateDb } from './state-db.ts'

export interface LoadedSpecs {
  instances: SpecInstance[]
  templates: ReadonlyMap<string, FoundTemplate>
  /** Files that cannot be used, and names that stand twice. */
  faults: SpecFault[]
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
  /** @throws SPEC_INVALID when the file that means to hold it has a fault */
  template(name: string): Promise<FoundTemplate | undefined>
  templateNames(): Promise<string[]>
  /** How many files were parsed since the start; for tests and for --log-level debug. */
  parsedCount(): number
}

/**
 * The spec files of a folder and its subfolders, hidden and linked ones left out.
 * @param name - stands before each path in place of the folder
 * @returns none of a folder that cannot be read
 */
function filesBelow(folder: string, name: string): string[] {
  let entries: Dirent[]
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
  return entries.flatMap((entry) => {
    if (entry.name.startsWith('.')) return []
    const path = `${name}/${entry.name}`
    if (entry.isDirectory()) return filesBelow(join(folder, entry.name), path)
    return entry.isFile() && /\.(?:yaml|yml|json)$/.test(entry.name) ? [path] : []
  })
}

/**
 * @param input.toolVersion - a parse made by another version of Assetloom is made anew
 * @param input.shippedFolder - absolute; holds the specs that ship with Assetloom
 */
export function createSpecFiles(
  input: SpecChecks & {
    root: string
    specsFolder: string
    shippedFolder: string | undefined
    state: StateDb
    toolVersion: string
    onStateFault(error: unknown): void
  },
): SpecFiles {
  const { root } = input
  const records = createSpecRecords(input)
  let parsed = 0
  /** Loads of one process follow each other, so that a file is parsed once. */
  let queue: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work, work)
    queue = turn.catch(() => undefined)
    return turn
  }

  const specFilesOnDisk = (): string[] => filesBelow(input.specsFolder, projectRelative(root, input.specsFolder)).sort()
  let shippedFiles: string[] | undefined
  const shipped = (): string[] => {
    if (!input.shippedFolder) return []
    return (shippedFiles ??= filesBelow(join(input.shippedFolder, 'specs'), `${shippedPrefix}specs`).sort())
  }

  let lastInstances: readonly SpecInstance[] = []
  /** Where a name stands; made of the last load when one is first asked for. */
  let fileOfName: Map<string, string> | undefined
  let lastFaults: SpecFault[] = []
  let lastTemplates: ReadonlyMap<string, FoundTemplate> = new Map()
  let lastBroken: ReadonlyMap<string, AssetloomError> = new Map()

  const load = async (furtherFiles: readonly string[] = []): Promise<LoadedSpecs> => {
    records.prime()
    const own = [...new Set([...specFilesOnDisk(), ...furtherFiles])]
    const fromPackage = shipped()
    const files = [...own, ...fromPackage]
    const gone = records.forgetGone(new Set(files))

    const open = new Map<string, ParsedSpecFile>()
    const touched = new Set<string>()
    const parse = async (file: string) => {
      parsed++
      const made = await parseSpecFile(file, records.pathOf(file), input)
      records.set(file, made.record)
      open.set(file, made)
    }
    for (const file of files) {
      const state = records.compare(file)
      if (state === 'touched') touched.add(file)
      if (state === 'changed') await parse(file)
    }
    const faults: SpecFault[] = []
    const templates = collectTemplates(fromPackage, own, records, faults)
    const broken = new Map<string, AssetloomError>()
    for (const file of own) {
      const { fault, brokenTemplates = [] } = records.get(file)!
      if (fault) for (const name of brokenTemplates) broken.set(name, fault)
    }
    // A file whose template changed is expanded anew; what mends a fault may stand in another file.
    for (const file of own) {
      const { uses, fault } = records.get(file)!
      const isSame = Object.entries(uses).every(
        ([name, used]) => !broken.has(name) && sameTemplate(templates.get(name), used),
      )
      if (!open.has(file) && (fault || !isSame)) await parse(file)
    }
    for (const [file, made] of open) if (!made.record.fault) await expandUses(file, made, templates, broken, input)
    records.keep([...open.keys(), ...touched], gone)

    for (const file of files) {
      const { fault } = records.get(file)!
      if (fault) faults.push({ file, error: fault })
    }
    const instances = own.flatMap((file) => records.get(file)!.instances)
    faults.push(...nameCollisions(instances))
    lastInstances = instances
    fileOfName = undefined
    lastFaults = faults
    lastTemplates = templates
    lastBroken = broken
    return { instances, templates, faults, files: own }
  }

  const loadFile = async (file: string): Promise<SpecInstance[]> => {
    records.primeOne(file)
    const record = records.get(file)
    const usedFiles = Object.values(record?.uses ?? {}).map((used) => used.file)
    for (const used of usedFiles) records.primeOne(used)
    const isRight = () => [file, ...usedFiles].every((one) => records.compare(one) !== 'changed')
    if (record && !record.fault && isRight()) return record.instances
    if (!statOrUndefined(records.pathOf(file))) return []
    await load([file])
    const loaded = records.get(file)!
    if (loaded.fault) throw loaded.fault
    return loaded.instances
  }

  const find = async (name: string): Promise<SpecInstance | undefined> => {
    const has = (instance: SpecInstance) => specNames(instance).includes(name)
    fileOfName ??= new Map(lastInstances.flatMap((one) => specNames(one).map((own) => [own, one.file])))
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
        if (known && !lastBroken.has(name) && records.compare(known.file) !== 'changed') return known
        const { templates } = await load()
        const fault = lastBroken.get(name)
        if (fault) throw fault
        return named(templates)
      }),
    templateNames: () => inTurn(async () => [...(await load()).templates.keys()].sort()),
    parsedCount: () => parsed,
  }
}

const sameTemplate = (found: FoundTemplate | undefined, used: { digest: string; file: string }) =>
  found !== undefined && found.file === used.file && digestOf(found.template) === used.digest
