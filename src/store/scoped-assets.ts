import { representValue } from '../core/represent-value.ts'
import type { StateDb } from './state-db.ts'

export type Scope = { type: 'mission' | 'hop'; id: string }
export type AssetRole = 'input' | 'output' | 'intermediate'

/** An asset of a mission or hop; its content is asked for apart. */
export interface ScopedAsset {
  id: string
  userId: string
  scope: Scope
  key: string
  name: string
  type: string
  subtype?: string | undefined
  description: string
  valueRepresentation: string
  schemaDefinition?: unknown
  status: 'pending' | 'ready' | 'error'
  role: AssetRole
  metadata: Readonly<Record<string, unknown>>
  createdAt: string
  updatedAt: string
}

export interface ScopedAssetWithContent extends ScopedAsset {
  /** As JSON holds it. */
  content: unknown
}

/** Run-time values of missions and hops, in the state database. */
export interface ScopedAssets {
  /** Make it, or give the one of the same scope and key another content. Call within {@link StateDb.exclusive}. */
  put(asset: { userId: string; scope: Scope; key: string; name?: string; role: AssetRole; content: unknown; description?: string }, at: string): void
  /** In the first scope that has it: a hop's key shadows its mission's. */
  find(userId: string, scopes: readonly Scope[], key: string): ScopedAsset | undefined
  list(userId: string, scope: Scope): ScopedAsset[]
  withContent(asset: ScopedAsset): ScopedAssetWithContent
}

interface Row {
  id: string
  user_id: string
  scope_type: Scope['type']
  scope_id: string
  asset_key: string
  name: string
  type: string
  subtype: string | null
  description: string
  content_summary: string
  schema_definition: string | null
  status: ScopedAsset['status']
  role: AssetRole
  metadata: string
  created_at: string
  updated_at: string
}

const columns =
  'id, user_id, scope_type, scope_id, asset_key, name, type, subtype, description, content_summary, schema_definition, status, role, metadata, created_at, updated_at'

export function createScopedAssets(state: StateDb): ScopedAssets {
  return {
    put({ userId, scope, key, name = key, role, content, description = '' }, at) {
      const text = JSON.stringify(content ?? null)
      const values = [name, typeOf(content), description, text, representValue(content), role, JSON.stringify({ sizeBytes: Buffer.byteLength(text) }), at]
      state
        .open()
        .prepare(
          `INSERT INTO assets (id, user_id, scope_type, scope_id, asset_key, name, type, description, content, content_summary, role, metadata, updated_at, created_at, status)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'ready')
           ON CONFLICT (scope_type, scope_id, asset_key) DO UPDATE SET name = excluded.name, type = excluded.type, description = excluded.description,
             content = excluded.content, content_summary = excluded.content_summary, role = excluded.role, metadata = excluded.metadata,
             updated_at = excluded.updated_at, status = 'ready'`,
        )
        .run(`${scope.id}.${scope.type}.${key}`, userId, scope.type, scope.id, key, ...values, at)
    },
    find(userId, scopes, key) {
      for (const { type, id } of scopes) {
        const row = state
          .open()
          .prepare(`SELECT ${columns} FROM assets WHERE scope_type = ? AND scope_id = ? AND asset_key = ? AND user_id = ?`)
          .get(type, id, key, userId)
        if (row) return assetOf(row as unknown as Row)
      }
      return undefined
    },
    list(userId, { type, id }) {
      const rows = state
        .open()
        .prepare(`SELECT ${columns} FROM assets WHERE scope_type = ? AND scope_id = ? AND user_id = ? ORDER BY created_at, asset_key`)
        .all(type, id, userId)
      return (rows as unknown as Row[]).map(assetOf)
    },
    withContent(asset) {
      const { content } = state.open().prepare('SELECT content FROM assets WHERE id = ?').get(asset.id) as { content: string }
      return { ...asset, content: JSON.parse(content) as unknown }
    },
  }
}

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'list'
  return { string: 'text', number: 'number', boolean: 'boolean', object: 'object' }[typeof value as string] ?? 'object'
}

function assetOf(row: Row): ScopedAsset {
  return {
    id: row.id,
    userId: row.user_id,
    scope: { type: row.scope_type, id: row.scope_id },
    key: row.asset_key,
    name: row.name,
    type: row.type,
    ...(row.subtype !== null && { subtype: row.subtype }),
    description: row.description,
    valueRepresentation: row.content_summary,
    ...(row.schema_definition !== null && { schemaDefinition: JSON.parse(row.schema_definition) as unknown }),
    status: row.status,
    role: row.role,
    metadata: JSON.parse(row.metadata) as Record<string, unknown>,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
