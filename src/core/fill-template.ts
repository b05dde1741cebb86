import { describeIssues, type SpecProblem } from './check-document.ts'
import { aliasPattern } from './ref.ts'
import { specSchema, type Spec, type Template, type TemplateUse } from './spec.ts'
import { fillText, fillValue, letterOf, namesIn, namesInValue, resolveValues, type ParameterValue } from './template.ts'

/** Names that a template uses and does not declare, and texts for values that no parameter can have. */
export function templateProblems(template: Template): SpecProblem[] {
  const declared = template.parameters.map((parameter) => parameter.name)
  const { integration, prompt, metadata, generation, post_processing } = template
  const problems: SpecProblem[] = []
  const check = (path: PropertyKey[], value: unknown, known: string[]) => {
    for (const name of namesInValue(value))
      if (!known.includes(name))
        problems.push({ path, message: `{{${name}}} is no parameter of this template`, allowed: known })
  }
  check(['metadata'], metadata, declared)
  check(['generation'], generation, declared)
  check(['prompt'], prompt, declared)
  check(['post_processing'], post_processing, declared)
  check(['integration'], integration, [...declared, ...placeNames])
  const possible = new Set(template.parameters.flatMap((parameter) => parameter.values?.map(String) ?? []))
  for (const value of Object.keys(prompt.templates ?? {}))
    if (!possible.has(value))
      problems.push({
        path: ['prompt', 'templates', value],
        message: `no parameter has the value ${value}`,
        allowed: [...possible],
      })
  return problems
}

const placeNames = ['type_number', 'variant_letter']

export type Filled =
  | { problems: SpecProblem[] }
  | { spec: Spec; values: Map<string, ParameterValue>; name: string | undefined; extension: string | undefined }

/**
 * A template with its values set in, as a spec.
 * @param matrix - the lists of values that a use gives to parameters
 * @param outputName - stands for the template's naming pattern
 */
export function fillTemplate(
  template: Template,
  given: Record<string, ParameterValue>,
  matrix: Record<string, ParameterValue[]>,
  use: TemplateUse | undefined,
  outputName?: string,
): Filled {
  const { values, problems: found } = resolveValues(template.parameters, given)
  const at = (name: string): PropertyKey[] =>
    use?.matrix && Object.hasOwn(use.matrix, name)
      ? ['matrix', name]
      : use?.values && Object.hasOwn(use.values, name)
        ? ['values', name]
        : ['template']
  const names = template.parameters.map((parameter) => parameter.name)
  const problems: SpecProblem[] = [
    ...(found.missing.length > 0
      ? [{ path: ['template'], message: `the template ${template.template} needs ${found.missing.join(', ')}` }]
      : []),
    ...found.unknown.map((name) => ({
      path: at(name),
      message: `the template ${template.template} has no parameter ${name}`,
      allowed: names,
    })),
    ...found.wrong.map((message) => ({ path: at(message.slice(0, message.indexOf(':'))), message })),
  ]
  if (problems.length > 0) return { problems }

  const places = placesOf(template, values, matrix)
  const withPlaces = new Map<string, ParameterValue>([...values, ...places])
  const { naming_pattern: ownPattern, ...integration } = { ...template.integration, ...use?.integration }
  const pattern = ownPattern
  const needed = namesInValue([pattern, integration]).filter((name) => !withPlaces.has(name))
  // A name from the command line stands for the pattern.
  const open = outputName === undefined ? needed : namesInValue(integration).filter((name) => !withPlaces.has(name))
  if (open.length > 0)
    return {
      problems: open.map((name) => ({
        path: use?.integration ? ['integration'] : ['template'],
        message: placeNames.includes(name)
          ? `{{${name}}} cannot be told: the value stands in no list of values`
          : `{{${name}}} is no parameter of this template`,
        hint: placeNames.includes(name)
          ? 'Give the parameter its values, use a matrix, or name the output with --output-name.'
          : undefined,
        ...(!placeNames.includes(name) && { allowed: [...names, ...placeNames] }),
      })) as SpecProblem[],
    }
  const patternName = pattern === undefined ? undefined : fillText(pattern, withPlaces)
  const dot = patternName?.lastIndexOf('.') ?? -1
  const stem = outputName ?? (patternName === undefined ? undefined : dot > 0 ? patternName.slice(0, dot) : patternName)
  const extension = dot > 0 && namesIn(patternName!.slice(dot)).length === 0 ? patternName!.slice(dot + 1) : undefined
  if (stem !== undefined && !aliasPattern.test(stem))
    return {
      problems: [
        {
          path: ['integration', 'naming_pattern'],
          message: `gives the name ${JSON.stringify(stem)}, which must be letters, digits, "_", "-" and "."`,
        },
      ],
    }

  const { templates, ...prompt } = template.prompt
  const further = [...values.values()].map((value) => templates?.[String(value)]).filter((text) => text !== undefined)
  const filledPrompt = fillValue(prompt, values) as Record<string, unknown>
  const merged = {
    version: template.version,
    id: 'filled',
    metadata: { ...(fillValue(template.metadata, values) as object), ...use?.metadata },
    generation: { ...(fillValue(template.generation, values) as object), ...use?.generation },
    prompt: {
      ...filledPrompt,
      base: [filledPrompt.base as string, ...further.map((text) => fillText(text, values))]
        .map((text) => text.trim())
        .join('\n'),
      ...use?.prompt,
      parameters: { ...(filledPrompt.parameters as object), ...use?.prompt?.parameters },
    },
    ...(use?.post_processing || template.post_processing
      ? { post_processing: use?.post_processing ?? fillValue(template.post_processing, values) }
      : {}),
    integration: fillValue(integration, withPlaces),
    ...(use?.observability || template.observability
      ? { observability: use?.observability ?? template.observability }
      : {}),
  }
  const parsed = specSchema.safeParse(merged)
  if (!parsed.success)
    return { problems: describeIssues(parsed.error.issues, specSchema, merged).map(inTemplate(template.template)) }
  return { spec: parsed.data, values, name: stem, extension }
}

/** A problem of the filled spec, told of the template. */
export const inTemplate = (name: string) => (problem: SpecProblem): SpecProblem => ({
  ...problem,
  path: ['template'],
  message: `in the template ${name}, ${problem.path.map(String).join('.')} ${problem.message}`,
})

/**
 * `type_number`: the place of the first parameter's value in its values; `variant_letter`: the last one's, as a letter.
 */
function placesOf(
  template: Template,
  values: ReadonlyMap<string, ParameterValue>,
  matrix: Record<string, ParameterValue[]>,
): [string, ParameterValue][] {
  const placeOf = (parameter: Template['parameters'][number] | undefined) => {
    if (!parameter) return 0
    const value = values.get(parameter.name)
    const list = parameter.values ?? matrix[parameter.name]
    return 1 + (list?.findIndex((one) => one === value || String(one) === String(value)) ?? -1)
  }
  const type = placeOf(template.parameters[0])
  const variant = placeOf(template.parameters.at(-1))
  return [
    ...(type > 0 ? [['type_number', type] as [string, number]] : []),
    ...(variant > 0 ? [['variant_letter', letterOf(variant)] as [string, string]] : []),
  ]
}
