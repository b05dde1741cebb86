import type { JsonSchema } from './kind.ts'
import type { Parameter, ValueShape } from './value-shape.ts'

/** Parameters as the JSON Schema of an object, for models that call tools. @param parameters - absent: anything */
export function parametersSchema(parameters: readonly Parameter[] | undefined): JsonSchema {
  if (!parameters) return { type: 'object' }
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map((one) => [one.name, { ...shapeSchema(one), ...(one.description !== undefined && { description: one.description }), ...(one.default !== undefined && { default: one.default }) }])),
    required: parameters.filter((one) => one.isRequired && one.default === undefined).map(({ name }) => name),
    additionalProperties: false,
  }
}

function shapeSchema({ type, values, items, properties }: ValueShape): JsonSchema {
  switch (type) {
    case 'enum':
      return { enum: [...(values ?? [])] }
    case 'list':
      return { type: 'array', ...(items && { items: shapeSchema(items) }) }
    case 'object':
      return parametersSchema(properties)
    default:
      return { type }
  }
}
