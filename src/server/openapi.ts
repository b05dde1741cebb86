import * as z from 'zod'
import { operations } from '../operations/index.ts'
import { inputMembers } from '../operations/input-members.ts'
import { remoteInput } from '../operations/remote.ts'
import type { OwnRoute } from './own-routes.ts'
import { operationRoutes, type OperationRoute } from './routes.ts'
import { loadRemote, queryMembers } from './run-operation.ts'

type Schema = Readonly<Record<string, unknown>>

export interface ApiOperation {
  operationId: string
  summary: string
  tags: string[]
  parameters: { name: string; in: 'path' | 'query'; required: boolean; description: string; schema: Schema }[]
  requestBody?: { required: true; content: Record<string, { schema: Schema }> }
  responses: Record<string, unknown>
  security: Record<string, string[]>[]
}

/** As far as it is read again here: the rest is as OpenAPI 3.1 says. */
export interface ApiDescription {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string }
  paths: Record<string, Partial<Record<'get' | 'post', ApiOperation>>>
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, Schema>; responses: Record<string, unknown> }
  tags: { name: string }[]
}

/** The API as OpenAPI 3.1, from the schemas of the operations. */
export async function describeApi(ownRoutes: readonly OwnRoute[], version: string): Promise<ApiDescription> {
  const schemas: Record<string, Schema> = {}
  const api: ApiDescription = {
    openapi: '3.1.0',
    info: {
      title: 'Assetloom',
      version,
      description: 'The operations on the assets of a project. Every answer but content has the same shape; reading changes and costs nothing.',
    },
    paths: {},
    components: {
      schemas,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Printed by assetloom serve; reading from this machine needs none.' } },
      responses: { Error: { description: 'What is wrong, and what to do.', content: json({ $ref: '#/components/schemas/Error' }) } },
    },
    tags: [],
  }
  schemas.Error = {
    type: 'object',
    required: ['error', 'status', 'code', 'message'],
    properties: {
      error: { const: true },
      status: { type: 'integer' },
      code: { type: 'string', description: 'Permanent; docs/errors.md lists all.' },
      message: { type: 'string' },
      hint: { type: 'string' },
      details: { type: 'object', additionalProperties: true },
      data: { description: 'What was done all the same.' },
    },
  }
  const add = (method: string, path: string, operation: ApiOperation) => {
    const spelled = path.replace(/:(\w+)/g, '{$1}')
    api.paths[spelled] = { ...api.paths[spelled], [method.toLowerCase()]: operation }
    for (const name of operation.tags) if (!api.tags.some((tag) => tag.name === name)) api.tags.push({ name })
  }
  for (const route of ownRoutes) add(route.method, route.path, await describeOwn(route, schemas))
  for (const route of operationRoutes) add(route.method, route.path, await describeRoute(route, schemas))
  return api
}

async function describeRoute(route: OperationRoute, schemas: Record<string, Schema>): Promise<ApiOperation> {
  const operation = await loadRemote(route.operation)
  const row = operations.find(({ name }) => name === route.operation)!
  const name = schemaName(route.operation)
  schemas[`${name}Output`] ??= schemaOf(operation.output, 'output', `${name}Output`, schemas)
  const properties = propertiesOf(remoteInput(operation))
  const described = inputMembers({ input: remoteInput(operation) })
  const paths = pathMembers(route.path)
  const query = queryMembers(route, operation).map((one) => {
    const inner = route.renamed?.[one.member] ?? one.member
    const isRequired = described.some(({ member, isRequired: must }) => member === inner && must)
    return { name: one.member, in: 'query' as const, required: isRequired, description: one.description, schema: properties[inner] ?? plainSchema(one.type) }
  })
  if (route.method === 'POST') schemas[`${name}Input`] ??= schemaOf(remoteInput(operation), 'input', `${name}Input`, schemas)
  const body = paths.length > 0 ? without({ $ref: '', ...schemas[`${name}Input`] }, paths) : { $ref: `#/components/schemas/${name}Input` }
  return {
    operationId: route.method === 'GET' ? `get${camel(route.path)}` : `post${camel(route.path)}`,
    summary: row.summary,
    tags: [row.group],
    parameters: [...paths.map(pathParameter), ...(route.method === 'GET' ? query : [])],
    ...(route.method === 'POST' && { requestBody: { required: true, content: json(body) } }),
    responses: { 200: enveloped(route.list ? pagedSchema(schemas[`${name}Output`]!, route.list) : { $ref: `#/components/schemas/${name}Output` }, row.summary), default: { $ref: '#/components/responses/Error' } },
    security: route.method === 'GET' ? [{}, { token: [] }] : [{ token: [] }],
  }
}

async function describeOwn(route: OwnRoute, schemas: Record<string, Schema>): Promise<ApiOperation> {
  const { answers, summary, status = 200 } = route
  const answer = typeof answers === 'string' ? { description: summary, content: { [answers]: { schema: {} } } } : enveloped(schemaOf(answers, 'output', camel(route.path), schemas), summary)
  const body = await ownBody(route, schemas)
  return {
    operationId: `${route.method.toLowerCase()}${camel(route.path) || 'Root'}`,
    summary,
    tags: ['Server'],
    parameters: pathMembers(route.path).map(pathParameter),
    ...(route.method === 'POST' && { requestBody: { required: true, content: json(body) } }),
    responses: { [status]: answer, default: { $ref: '#/components/responses/Error' } },
    security: route.method === 'GET' ? [{}, { token: [] }] : [{ token: [] }],
  }
}

/** The body of a route of its own: the input of its operation, or nothing. */
async function ownBody({ method, operation }: OwnRoute, schemas: Record<string, Schema>): Promise<Schema> {
  if (method === 'GET' || operation === undefined) return { type: 'object', additionalProperties: false }
  const name = `${schemaName(operation)}Input`
  schemas[name] ??= schemaOf(remoteInput(await loadRemote(operation)), 'input', name, schemas)
  return { $ref: `#/components/schemas/${name}` }
}

/** An output whose list comes page by page, its rows with the members that were asked for. */
function pagedSchema(output: Schema, list: string): Schema {
  const { properties = {}, required = [], ...rest } = output as { properties?: Record<string, Schema>; required?: string[] }
  const { required: _, ...row } = properties[list]!.items as Schema
  const count = { type: 'integer', minimum: 0 }
  return {
    ...rest,
    properties: { ...properties, [list]: { ...properties[list], items: row }, total: count, page: count, pageSize: count, pages: count },
    required: [...new Set([...required, 'total', 'page', 'pageSize', 'pages'])],
  }
}

const json = (schema: Schema) => ({ 'application/json': { schema } })

const enveloped = (data: Schema, description: string) => ({
  description,
  content: json({
    type: 'object',
    required: ['error', 'status', 'data', 'message'],
    properties: { error: { const: false }, status: { type: 'integer' }, data, message: { type: 'string' } },
  }),
})

/** A zod schema as JSON Schema 2020-12; what it shares within itself becomes a component. */
function schemaOf(type: z.ZodType, io: 'input' | 'output', name: string, schemas: Record<string, Schema>): Schema {
  const { $schema: _, $defs = {}, ...schema } = z.toJSONSchema(type, { io, unrepresentable: 'any' }) as { $schema?: string; $defs?: Record<string, Schema> }
  const moved = (value: Schema) => JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', `"#/components/schemas/${name}.`).replaceAll('"$ref":"#"', `"$ref":"#/components/schemas/${name}"`)) as Schema
  for (const [inner, value] of Object.entries($defs)) schemas[`${name}.${inner}`] = moved(value)
  return moved(schema)
}

const propertiesOf = (input: z.ZodObject): Record<string, Schema> =>
  (z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as { properties?: Record<string, Schema> }).properties ?? {}

const plainSchema = (type: string): Schema => (type === 'list' ? { type: 'array', items: { type: 'string' } } : { type })

function without({ $ref: _, ...schema }: Schema, members: readonly string[]): Schema {
  const { properties = {}, required = [], ...rest } = schema as { properties?: Record<string, Schema>; required?: string[] }
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !members.includes(name))),
    required: required.filter((name) => !members.includes(name)),
  }
}

const pathMembers = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!)

const pathParameter = (name: string) => ({
  name,
  in: 'path' as const,
  required: true,
  description: name === 'ref' ? 'Token, id or alias; the slashes of an id as %2F. Of content and summary also with @version.' : 'Id of the run.',
  schema: { type: 'string' },
})

const schemaName = (operation: string) => camel(`/${operation.replaceAll(' ', '-')}`)

/** `/api/assets/:ref/versions` → `AssetsRefVersions` */
const camel = (path: string) => path.replace(/^\/api/, '').replace(/[^a-z0-9]+([a-z0-9]?)/gi, (_, letter: string) => letter.toUpperCase())
