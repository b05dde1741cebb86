import type { SpecProblem } from './check-document.ts'
import { fillTemplate, inTemplate } from './fill-template.ts'
import { instanceOf, specProblems, type SpecInstance } from './spec-instance.ts'
import type { Spec, Template, TemplateUse } from './spec.ts'
import type { ParameterValue } from './template.ts'

export interface Expanded {
  instances: SpecInstance[]
  problems: SpecProblem[]
}

/** A plain spec as its one instance. */
export function expandSpec(spec: Spec, file: string): Expanded {
  const problems = specProblems(spec)
  if (problems.length > 0) return { instances: [], problems }
  return {
    instances: [
      instanceOf(spec, {
        specId: spec.id,
        file,
        aliases: spec.integration?.manifest_key ? [spec.integration.manifest_key] : [],
      }),
    ],
    problems,
  }
}

/** Most combinations of one matrix. */
const maxCombinations = 1000

/** A spec that uses a template, as one instance per combination. */
export function expandUse(use: TemplateUse, template: Template, file: string): Expanded {
  const problems: SpecProblem[] = []
  for (const name of Object.keys(use.matrix ?? {}))
    if (use.values && Object.hasOwn(use.values, name))
      problems.push({ path: ['matrix', name], message: `${name} stands in values too` })
  const count = Object.values(use.matrix ?? {}).reduce((product, list) => product * list.length, 1)
  if (count > maxCombinations)
    problems.push({ path: ['matrix'], message: `has ${count} combinations; the most is ${maxCombinations}` })
  if (problems.length > 0) return { instances: [], problems }

  const instances: SpecInstance[] = []
  for (const combination of combinations(Object.entries(use.matrix ?? {}))) {
    const given = { ...use.values, ...combination }
    const filled = fillTemplate(template, given, use.matrix ?? {}, use)
    if ('problems' in filled) {
      // Each combination would repeat what is wrong with the first.
      return { instances: [], problems: filled.problems }
    }
    const specId = use.matrix ? `${use.id}/${slugOf(Object.values(combination))}` : use.id
    const spec = { ...filled.spec, id: use.id }
    const problems = specProblems(spec)
    if (problems.length > 0) return { instances: [], problems: problems.map(inTemplate(template.template)) }
    instances.push(
      instanceOf(spec, { specId, file, aliases: aliasesOf(spec, filled.name), nameExtension: filled.extension }),
    )
  }
  const seen = new Set<string>()
  for (const { specId, aliases } of instances) {
    for (const name of new Set([specId, ...aliases])) {
      if (seen.has(name))
        return {
          instances: [],
          problems: [
            {
              path: ['matrix'],
              message: `two combinations would both be called ${name}`,
              hint: 'Use every parameter of the matrix in naming_pattern.',
            },
          ],
        }
      seen.add(name)
    }
  }
  return { instances, problems }
}

/** A template filled by command line. */
export function expandTemplate(
  template: Template,
  given: Record<string, ParameterValue>,
  outputName: string | undefined,
  file: string,
): Expanded {
  const filled = fillTemplate(template, given, {}, undefined, outputName)
  if ('problems' in filled) return { instances: [], problems: filled.problems }
  const name = filled.name ?? slugOf([...filled.values.values()])
  const spec = { ...filled.spec, id: template.template }
  const problems = specProblems(spec)
  if (problems.length > 0) return { instances: [], problems: problems.map(inTemplate(template.template)) }
  const instance = instanceOf(spec, {
    specId: `${template.template}/${name}`,
    file,
    aliases: aliasesOf(spec, filled.name),
    nameExtension: filled.extension,
  })
  instance.adHoc = {
    template: template.template,
    values: Object.fromEntries(filled.values),
    ...(outputName !== undefined && { outputName }),
  }
  return { instances: [instance], problems: [] }
}

function* combinations(lists: [string, ParameterValue[]][]): Generator<Record<string, ParameterValue>> {
  const [first, ...rest] = lists
  if (!first) return yield {}
  for (const value of first[1]) for (const others of combinations(rest)) yield { [first[0]]: value, ...others }
}

function slugOf(values: readonly ParameterValue[]): string {
  return values.map((value) => String(value).replace(/[^A-Za-z0-9_-]+/g, '_')).join('.') || 'default'
}

function aliasesOf(spec: Spec, name: string | undefined): string[] {
  return [
    ...new Set([...(spec.integration?.manifest_key ? [spec.integration.manifest_key] : []), ...(name ? [name] : [])]),
  ]
}
