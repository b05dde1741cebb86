import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineError } from '../core/errors.ts'
import { expandTemplate } from '../core/expand-spec.ts'
import type { SpecInstance } from '../core/spec-instance.ts'
import type { Entry } from '../core/manifest.ts'
import { didYouMean } from '../core/near.ts'
import type { ParameterValue } from '../core/template.ts'
import { confine, projectRelative } from '../store/project-folder.ts'
import type { SpecFiles } from '../store/spec-files.ts'
import { specNames } from '../store/spec-names.ts'
import type { Workspace } from '../workspace.ts'

export const specNotFound = defineError('SPEC_NOT_FOUND', {
  summary: 'No spec file, spec id, manifest key or token fits what was named.',
  message: (d: { name: string; known: string[] }) => `There is no spec ${JSON.stringify(d.name)}.`,
  hint: (d) =>
    `${didYouMean(d.name, d.known) ?? ''} Name a file, a folder, a glob, a spec id, a manifest key or a token.`.trim(),
  exit: 2,
})

const templateMissing = defineError('TEMPLATE_UNKNOWN', {
  summary: 'A template is named that does not exist.',
  message: (d: { name: string; known: string[] }) => `There is no template ${JSON.stringify(d.name)}.`,
  hint: (d) => {
    const known = d.known.join(', ') || 'none; templates stand in specs/templates'
    return `${didYouMean(d.name, d.known) ?? ''} Known: ${known}.`.trim()
  },
  exit: 2,
})

const templateValues = defineError('TEMPLATE_VALUES', {
  summary: 'Values given to a template are missing, unknown or not allowed.',
  message: (d: { template: string; problems: string[] }) =>
    `The template ${d.template} cannot be filled: ${d.problems.join('; ')}.`,
  hint: () => 'Give parameters as flags (--jump_type energy-burst) or as --param jump_type=energy-burst.',
  exit: 2,
})

/** Which assets are meant. Nothing at all means every spec. */
export interface Selection {
  /** Files, folders, globs, spec ids, manifest keys or tokens. */
  specs?: readonly string[]
  /** One asset made from a template, without a spec of its own. */
  template?: { name: string; values: Record<string, ParameterValue>; outputName?: string | undefined }
  /** `stale`: leave out what is right. */
  only?: 'stale' | undefined
  /** Use this provider in place of the specs' own. */
  provider?: string | undefined
  /** Make even what is right, and ask the provider even for what is cached. */
  force?: boolean | undefined
}

/** Finds the specs that somebody means. */
export interface SpecSelection {
  /**
   * What a selection stands for; all of it also means what was made from a template by command line.
   * @throws SPEC_NOT_FOUND, SPEC_INVALID, TEMPLATE_UNKNOWN, TEMPLATE_VALUES
   */
  select(selection: Selection): Promise<SpecInstance[]>
  /** The spec that makes a ref: by token, alias or spec id. @throws SPEC_INVALID of a broken file when none does */
  findFor(ref: string): Promise<SpecInstance | undefined>
}

export function createSpecSelection(ports: {
  workspace: Pick<Workspace, 'paths' | 'log' | 'index'>
  specs: SpecFiles
}): SpecSelection {
  const { specs } = ports
  const { log, index } = ports.workspace
  const { root } = ports.workspace.paths

  const fromTemplate = async (
    name: string,
    values: Record<string, ParameterValue>,
    outputName: string | undefined,
  ): Promise<SpecInstance[]> => {
    const found = await specs.template(name)
    if (!found) throw templateMissing({ name, known: await specs.templateNames() })
    const { instances, problems } = expandTemplate(found.template, values, outputName, found.file)
    if (problems.length > 0) {
      const told = problems.map(({ message, allowed, hint }) => {
        const choice = allowed?.length ? ` (allowed: ${allowed.join(', ')})` : ''
        return `${message}${choice}${hint ? `. ${hint}` : ''}`
      })
      throw templateValues({ template: name, problems: told })
    }
    const { checkSteps } = await import('../generators/steps.ts')
    const stepProblems = instances.flatMap((instance) => checkSteps(instance.request.type, instance.steps))
    if (stepProblems.length > 0)
      throw templateValues({ template: name, problems: stepProblems.map((problem) => problem.message) })
    for (const instance of instances) instance.templateFile = found.file
    return instances
  }

  /** An asset that was made from a template by command line: its values stand in the manifest. */
  const adHocOf = async (entry: Entry): Promise<SpecInstance | undefined> => {
    if (entry.source.type !== 'spec') return undefined
    const made = entry.source.template as SpecInstance['adHoc']
    if (!made?.template) return undefined
    try {
      return (await fromTemplate(made.template, made.values, made.outputName))[0]
    } catch (error) {
      log.write({
        event: 'TEMPLATE_GONE',
        level: 'warn',
        subsystem: 'asset-generation',
        message: `${entry.token} was made from a template that no longer fits: ${(error as Error).message}`,
      })
      return undefined
    }
  }

  const allAdHoc = async (): Promise<SpecInstance[]> => {
    const made: SpecInstance[] = []
    for (const { entry } of index.madeFromTemplates()) {
      const instance = await adHocOf(entry)
      if (instance) made.push(instance)
    }
    return made
  }

  return {
    async select(selection) {
      if (selection.template) {
        const { name, values, outputName } = selection.template
        return fromTemplate(name, values, outputName)
      }
      const wanted = selection.specs ?? []
      const named = await filesNamed(root, wanted)
      const { instances, faults } = await specs.load(named.files)
      if (wanted.length === 0) {
        if (faults.length > 0) throw faults[0]!.error
        return [...instances, ...(await allAdHoc())]
      }
      const inFiles = new Set(named.files)
      const broken = faults.find(({ file }) => inFiles.has(file))
      if (broken) throw broken.error
      const chosen = instances.filter((instance) => inFiles.has(instance.file))
      for (const name of named.names) {
        const entry = index.find(name)?.entry
        const specId = entry?.source.type === 'spec' ? entry.source.specId : undefined
        const isMeant = (instance: SpecInstance) =>
          specNames(instance).includes(name) || instance.specId === specId || instance.specId.startsWith(`${name}/`)
        const found = instances.filter(isMeant)
        const adHoc = found.length === 0 && entry ? await adHocOf(entry) : undefined
        if (found.length === 0 && !adHoc) {
          if (faults.length > 0) throw faults[0]!.error
          throw specNotFound({ name, known: instances.flatMap(specNames) })
        }
        chosen.push(...found, ...(adHoc ? [adHoc] : []))
      }
      return [...new Set(chosen)]
    },
    async findFor(ref) {
      const entry = index.find(ref)?.entry
      if (!entry) return specs.find(ref)
      const { source } = entry
      if (source.type !== 'spec') return undefined
      if (source.template) return adHocOf(entry)
      const inFile = (await specs.loadFile(source.spec)).find((instance) => instance.specId === source.specId)
      return inFile ?? specs.find(source.specId)
    },
  }
}

/** Which of the named things are files, folders or globs; the rest are names. */
async function filesNamed(root: string, wanted: readonly string[]): Promise<{ files: string[]; names: string[] }> {
  const files: string[] = []
  const names: string[] = []
  if (wanted.length === 0) return { files, names }
  const { default: fastGlob } = await import('fast-glob')
  const glob = (pattern: string, cwd: string, ignore: string[]) =>
    fastGlob(pattern, { cwd, absolute: true, followSymbolicLinks: false, ignore })
  for (const name of wanted) {
    const path = resolve(root, name)
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat?.isDirectory()) files.push(...(await glob('**/*.{yaml,yml,json}', path, [])))
    else if (stat) files.push(confine(root, path))
    else if (fastGlob.isDynamicPattern(name))
      files.push(...(await glob(name.replaceAll('\\', '/'), root, ['**/node_modules/**'])))
    else names.push(name)
  }
  return { files: files.map((path) => projectRelative(root, confine(root, path))).sort(), names }
}
