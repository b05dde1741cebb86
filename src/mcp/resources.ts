import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineError } from '../core/errors.ts'
import { byteSize, valueRepresentation } from '../core/value-representation.ts'
import { requireAsset } from '../core/find-asset.ts'
import { isText, readContent } from '../operations/read-content.ts'
import { callRemotely } from '../operations/remote.ts'
import summary from '../operations/summary.ts'
import type { Operation } from '../operations/operation.ts'
import type { Workspace } from '../workspace.ts'
import { untrustedMark } from './call-tool.ts'

const resourceUnknown = defineError('RESOURCE_UNKNOWN', {
  summary: 'A resource was asked for that there is not.',
  message: (d: { uri: string }) => `There is no resource ${d.uri}.`,
  hint: () => 'resources/list names them: assetloom://asset/…, assetloom://summary/…, assetloom://spec/….',
  http: 404,
})
const resourceTooLarge = defineError('RESOURCE_TOO_LARGE', {
  summary: 'A resource was asked for that is too large to be given whole.',
  message: (d: { uri: string; sizeBytes: number }) => `${d.uri} has ${byteSize(d.sizeBytes)}, of at most ${byteSize(mostBytes)}.`,
  hint: () => 'The tool content gives it in parts, summary in short.',
  http: 413,
})

/** More fits in no context. */
const mostBytes = 2_000_000
const pageSize = 200

interface Resource {
  uri: string
  name: string
  title?: string
  description: string
  mimeType?: string
  size?: number
  _meta: Record<string, unknown>
}

const uriOf = (what: 'asset' | 'summary' | 'spec', name: string) => `assetloom://${what}/${encodeURIComponent(name)}`

export const resourceTemplates = [
  { uriTemplate: 'assetloom://asset/{ref}', name: 'asset', description: 'The content of an asset: token, id or alias, maybe with @version. Slashes as %2F.' },
  { uriTemplate: 'assetloom://summary/{ref}', name: 'summary', description: 'What an asset holds, in a few words.', mimeType: 'text/plain' },
  { uriTemplate: 'assetloom://spec/{file}', name: 'spec', description: 'A spec: how assets are made.', mimeType: 'application/yaml' },
]

/** @param cursor - from the page before */
export async function listResources(workspace: Workspace, cursor: string | undefined): Promise<{ resources: Resource[]; nextCursor?: string }> {
  const { assets } = workspace.manifest.read()
  const refs = Object.keys(assets).sort()
  const specs = await specFiles(workspace)
  const from = cursor === undefined ? 0 : Number(cursor)
  if (!Number.isInteger(from) || from < 0) throw resourceUnknown({ uri: `cursor ${JSON.stringify(cursor)}` })
  const all = [...refs.map((ref) => ({ ref })), ...specs.map((file) => ({ file }))]
  const resources = all.slice(from, from + pageSize).map((one): Resource => {
    if ('file' in one) return { uri: uriOf('spec', one.file), name: one.file, description: 'A spec: how assets are made.', mimeType: 'application/yaml', _meta: untrustedMark }
    const entry = assets[one.ref]!
    return {
      uri: uriOf('asset', one.ref),
      name: one.ref,
      ...(entry.name !== undefined && { title: entry.name }),
      description: valueRepresentation(entry),
      ...(entry.mediaType !== undefined && { mimeType: entry.mediaType }),
      ...(entry.size !== undefined && { size: entry.size }),
      _meta: untrustedMark,
    }
  })
  const next = from + pageSize
  return { resources: resources.map((one) => workspace.redact.value(one)), ...(next < all.length && { nextCursor: String(next) }) }
}

/**
 * @throws RESOURCE_UNKNOWN, RESOURCE_TOO_LARGE, ASSET_UNKNOWN, VERSION_UNKNOWN
 */
export async function readResource(uri: string, workspace: Workspace, signal: AbortSignal) {
  const parts = /^assetloom:\/\/(asset|summary|spec)\/([^/?#]+)$/.exec(uri)
  const name = parts && decoded(parts[2]!)
  if (!name) throw resourceUnknown({ uri })
  const text = (mimeType: string, content: string) => ({ contents: [{ uri, mimeType, text: workspace.redact.text(content), _meta: untrustedMark }] })
  if (parts[1] === 'spec') return text('application/yaml', await specText(name, uri, workspace))
  if (parts[1] === 'summary') {
    const { output } = await callRemotely(summary as unknown as Operation, { ref: name }, { workspace, signal, isReading: true })
    return text('text/plain', (output as { valueRepresentation: string }).valueRepresentation)
  }
  const { assets } = workspace.manifest.read()
  const { entry } = requireAsset(assets, name.split('@')[0]!)
  if (!entry.file) return text('text/plain', valueRepresentation(entry))
  const { bytes, mediaType } = await readContent(name, workspace)
  if (bytes.length > mostBytes) throw resourceTooLarge({ uri, sizeBytes: bytes.length })
  if (isText(mediaType)) return text(mediaType, Buffer.from(bytes).toString('utf8'))
  return { contents: [{ uri, mimeType: mediaType, blob: Buffer.from(bytes).toString('base64'), _meta: untrustedMark }] }
}

/** Files of specs of the project; those that keep a prompt private are no one's business. */
async function specFiles(workspace: Workspace): Promise<string[]> {
  const { instances } = await workspace.generation.specs.load()
  const hidden = new Set(instances.filter(({ isPrivate }) => isPrivate).map(({ file }) => file))
  return [...new Set(instances.map(({ file }) => file))].filter((file) => !hidden.has(file) && !file.startsWith('assetloom/')).sort()
}

async function specText(file: string, uri: string, workspace: Workspace): Promise<string> {
  if (!(await specFiles(workspace)).includes(file)) throw resourceUnknown({ uri })
  return readFileSync(join(workspace.paths.root, workspace.confine(file)), 'utf8')
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
