import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { checkDocument, type SpecProblem } from '../core/check-document.ts'
import { digestOf, sha256 } from '../core/digest.ts'
import { isAssetloomError, type AssetloomError } from '../core/errors.ts'
import { expandSpec, expandUse } from '../core/expand-spec.ts'
import { templateProblems } from '../core/fill-template.ts'
import { didYouMean } from '../core/near.ts'
import { maxSpecBytes, specInvalid } from '../core/spec-invalid.ts'
import { documentKind, type Spec, type Template, type TemplateUse } from '../core/spec.ts'
import { decodeUtf8, problemsError } from './document-problems.ts'
import { stampOf, statOrUndefined } from './file-stamp.ts'
import type { SpecRecord } from './spec-records.ts'
import type { SpecText } from './spec-text.ts'

/** A template and where it stands. */
export interface FoundTemplate {
  template: Template
  file: string
}

/** What only the parts that make assets know of a spec. */
export interface SpecChecks {
  /** Problems of the post-processing steps of one type, `path` beginning at the step. */
  checkSteps(type: string, steps: readonly unknown[]): Promise<SpecProblem[]>
  /** Why a named recipe is none of the local provider's. */
  checkRecipe(type: string, recipe: string): Promise<string | undefined>
}

/** A file as far as it can be read by itself. */
export interface ParsedSpecFile {
  record: SpecRecord
  /** Uses of templates, to be expanded when all templates are known. */
  uses: { use: TemplateUse; text: SpecText }[]
}

/** Read and check one file; what is wrong with it stands in the record. */
export async function parseSpecFile(file: string, path: string, checks: SpecChecks): Promise<ParsedSpecFile> {
  const stat = statOrUndefined(path)
  const stamp = stat ? stampOf(stat) : ''
  const record: SpecRecord = { stamp, checkedAtMs: Date.now(), digest: '', instances: [], templates: [], uses: {} }
  const uses: ParsedSpecFile['uses'] = []
  let source = ''
  let texts: SpecText[] | undefined
  try {
    if (!stat?.isFile()) throw specInvalid({ file, field: '', problem: 'there is no such file' })
    if (stat.size > maxSpecBytes) {
      const problem = `has ${stat.size} bytes; the most is ${maxSpecBytes}`
      throw specInvalid({ file, field: '', problem, hint: 'Split it into several files.' })
    }
    const bytes = readFileSync(path)
    record.digest = sha256(bytes)
    // The YAML parser is loaded when there is something to parse: a start over unchanged specs needs none.
    const { parseSpecText } = await import('./spec-text.ts')
    source = decodeUtf8(bytes, file, specInvalid)
    texts = parseSpecText(source, file)
    if (texts.length === 0) {
      const hint = 'A spec needs version, id, generation and prompt.'
      throw specInvalid({ file, field: '', problem: 'is empty', hint })
    }
    for (const text of texts) {
      const checked = checkDocument(text.value)
      if ('problems' in checked) throw problemsError(specInvalid, file, text, checked.problems)
      const { document } = checked
      if (document.kind === 'use') {
        const { generation, post_processing } = document.use
        uses.push({ use: document.use, text })
        await requireSteps(file, text, generation?.type, post_processing, checks)
      } else if (document.kind === 'template') {
        requireNone(file, text, templateProblems(document.template))
        record.templates.push(document.template)
      } else {
        const { instances, problems } = expandSpec(document.spec, file)
        requireNone(file, text, problems)
        await requireSteps(file, text, document.spec.generation.type, document.spec.post_processing, checks)
        await requireRecipe(file, text, document.spec, checks)
        record.instances.push(...instances)
      }
    }
  } catch (error) {
    if (!isAssetloomError(error)) throw error
    record.fault = error
    const whole = new Set(record.templates.map((one) => one.template))
    const meant = texts ? templatesAmong(texts) : templatesSpelled(source, file)
    record.brokenTemplates = meant.filter((name) => !whole.has(name))
  }
  return { record, uses }
}

function templatesAmong(texts: readonly SpecText[]): string[] {
  return texts.flatMap(({ value }) => {
    const isTemplate = value !== null && typeof value === 'object' && documentKind(value as never) === 'template'
    return isTemplate ? [String((value as { template: unknown }).template)] : []
  })
}

/** Of a file that cannot be parsed: its name, and what its lines say outside of specs that use a template. */
function templatesSpelled(source: string, file: string): string[] {
  const declared = source
    .split(/^---.*$/m)
    .filter((document) => !/^id:/m.test(document))
    .flatMap((document) => /^template:\s*["']?([^"'\s#]+)/m.exec(document)?.[1] ?? [])
  return [basename(file, extname(file)), ...declared]
}

/**
 * Add to a file's record what its uses of templates ask for.
 * @param broken - faults of files by the templates they mean to hold; such a fault is that of the use, too
 */
export async function expandUses(
  file: string,
  { record, uses }: ParsedSpecFile,
  templates: ReadonlyMap<string, FoundTemplate>,
  broken: ReadonlyMap<string, AssetloomError>,
  checks: SpecChecks,
): Promise<void> {
  try {
    for (const { use, text } of uses) {
      const fault = broken.get(use.template)
      if (fault) throw fault
      const found = templates.get(use.template)
      if (!found) throw problemsError(specInvalid, file, text, [templateUnknown(use.template, [...templates.keys()])])
      const { instances, problems } = expandUse(use, found.template, file)
      requireNone(file, text, problems)
      const first = instances[0]
      const stepProblems = first ? await checks.checkSteps(first.request.type, first.steps) : []
      requireNone(
        file,
        text,
        use.post_processing ? stepProblems.map(inSteps) : stepProblems.map(inTemplate(use.template)),
      )
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

async function requireSteps(
  file: string,
  text: SpecText,
  type: string | undefined,
  steps: readonly unknown[] | undefined,
  checks: SpecChecks,
): Promise<void> {
  if (!steps?.length || type === undefined) return
  requireNone(file, text, (await checks.checkSteps(type, steps)).map(inSteps))
}

async function requireRecipe(file: string, text: SpecText, spec: Spec, checks: SpecChecks): Promise<void> {
  const { type, recipe } = spec.generation
  const problem = recipe === undefined ? undefined : await checks.checkRecipe(type, recipe)
  if (problem !== undefined)
    throw problemsError(specInvalid, file, text, [{ path: ['generation', 'recipe'], message: `is not known: ${problem}` }])
}

const inSteps = (problem: SpecProblem): SpecProblem => ({ ...problem, path: ['post_processing', ...problem.path] })

const inTemplate = (name: string) => (problem: SpecProblem): SpecProblem => ({
  ...problem,
  path: ['template'],
  message: `${name}: step ${Number(problem.path[0]) + 1}: ${problem.message}`,
})

function templateUnknown(name: string, known: string[]): SpecProblem {
  const hint = didYouMean(name, known)
  return { path: ['template'], message: `there is no template ${name}`, allowed: known, ...(hint && { hint }) }
}

function requireNone(file: string, text: SpecText, problems: readonly SpecProblem[]): void {
  if (problems.length > 0) throw problemsError(specInvalid, file, text, problems)
}
