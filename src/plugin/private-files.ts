import type { IncomingMessage, ServerResponse } from 'node:http'
import { posix } from 'node:path'

/**
 * Whether a target asks for something in `.assetloom` that no page shows. Vite serves every file below its root, and
 * there lie the ledger, logs, reports and caches.
 */
export function asksForPrivateFile(target: string): boolean {
  const [path = ''] = target.split(/[?#]/)
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return false
  }
  // Some disks tell no small from large letters.
  const plain = posix.normalize(decoded.replaceAll('\\', '/').toLowerCase())
  return /(?:^|\/)\.assetloom\/(?!(?:files|pinned)\/)/.test(plain)
}

/** Middleware of a dev server that answers as if such a file were not there. */
export function hidePrivateFiles(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  if (!asksForPrivateFile(request.url ?? '')) return next()
  response.writeHead(404, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  response.end()
}
