import { segmentRefusal } from '../names.ts'

/**
 * Why a path that a catalog names is neither asked for nor written, or undefined when it may be. Stricter than a URL
 * parser, which would tidy an attack away before anybody sees it.
 */
export function rowPathRefusal(path: string): string | undefined {
  if (path.startsWith('/')) return 'it is an absolute path'
  if (path.includes('//')) return 'it holds "//"'
  if (path.includes('..')) return 'it holds ".."'
  const character = /[%\\?#]/.exec(path)?.[0]
  if (character === '%') return 'it holds "%", which a server may decode'
  if (character) return `it holds ${JSON.stringify(character)}`
  for (const segment of path.split('/')) {
    const why = segmentRefusal(segment)
    if (why) return why
  }
  return undefined
}
