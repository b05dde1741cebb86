import { extname } from 'node:path'
import { formatOfExtension } from '../core/media.ts'
import type { Workspace } from '../workspace.ts'
import { noFile } from './asset-change.ts'
import { readState } from './asset-state.ts'

/** The own file of an asset. */
export interface AssetContent {
  ref: string
  version: string
  /** `sha256:…` */
  hash: string
  mediaType: string
  bytes: Uint8Array
}

/** Of files that are no media. */
const textTypes: Readonly<Record<string, string>> = {
  yaml: 'application/yaml',
  yml: 'application/yaml',
  json: 'application/json',
  md: 'text/markdown',
  css: 'text/css',
}

/**
 * The own file of an asset as it lies there now, or of the version that `REF@version` names; of a library item its `.asset.yaml`.
 * @throws STATE_NAME_INVALID, ASSET_UNKNOWN, VERSION_UNKNOWN, ASSET_WITHOUT_FILE
 */
export async function readContent(name: string, workspace: Workspace): Promise<AssetContent> {
  const { ref, version, entry, files } = await readState(name, workspace)
  const own = files.find(({ role }) => role === 'own')
  if (!own) throw noFile({ ref, kind: entry.kind })
  const extension = extname(own.file).slice(1).toLowerCase()
  const mediaType = entry.mediaType ?? formatOfExtension(extension)?.mediaType ?? textTypes[extension] ?? 'application/octet-stream'
  return { ref, version, hash: own.hash, mediaType, bytes: await own.read() }
}

/** Whether bytes of a media type are text in UTF-8. */
export const isText = (mediaType: string): boolean => mediaType.startsWith('text/') || /[/+](?:json|yaml|xml)$/.test(mediaType)
