import { remoteOperations } from '../operations/remote.ts'

/** An operation at a path. What is not said here the operation itself says: input, output, summary. */
export interface OperationRoute {
  method: 'GET' | 'POST'
  /** `:name` is a member of the input. */
  path: string
  operation: string
  /** Members of the query or the path that the input calls otherwise. */
  renamed?: Readonly<Record<string, string>>
  /** Members that are settled here: reading asks no catalog and pays nobody. */
  fixed?: Readonly<Record<string, unknown>>
  /** The list in the output that is paged and of which fields are chosen. */
  list?: string
}

const get = (path: string, operation: string, more: Partial<OperationRoute> = {}): OperationRoute => ({ method: 'GET', path, operation, ...more })

const reads: readonly OperationRoute[] = [
  get('/api/health', 'health'),
  get('/api/statistics', 'stats'),
  get('/api/assets', 'filter', { list: 'assets' }),
  get('/api/asset', 'info', { renamed: { token: 'ref' }, fixed: { assetDownload: false } }),
  get('/api/search', 'search', { list: 'results', fixed: { semantic: false } }),
  get('/api/tags', 'tags', { list: 'tags' }),
  get('/api/categories', 'categories', { list: 'categories' }),
  get('/api/costs', 'costs'),
  get('/api/sites', 'sites', { list: 'sites' }),
  get('/api/assets/:ref', 'info', { fixed: { assetDownload: false } }),
  get('/api/assets/:ref/summary', 'summary'),
  get('/api/assets/:ref/versions', 'versions', { list: 'versions' }),
  get('/api/assets/:ref/dependencies', 'deps'),
  get('/api/assets/:ref/usage', 'analyze'),
]

/** What an operation is called in a path. */
export const pathOf = (operation: string): string => `/api/${operation.replaceAll(' ', '-')}`

/** Every operation under its name; generate has a route of its own, since what pays is a run. */
const writes: readonly OperationRoute[] = [
  { method: 'POST', path: '/api/assets/:ref/rollback', operation: 'rollback' },
  ...remoteOperations.filter(({ name }) => name !== 'generate').map(({ name }): OperationRoute => ({ method: 'POST', path: pathOf(name), operation: name })),
]

export const operationRoutes: readonly OperationRoute[] = [...reads, ...writes]

/** Whether the parts of a path fit a pattern. */
export function fits(pattern: string, segments: readonly string[]): boolean {
  const parts = pattern.slice(1).split('/')
  return parts.length === segments.length && parts.every((part, i) => (part.startsWith(':') ? segments[i] !== '' : part === segments[i]))
}
