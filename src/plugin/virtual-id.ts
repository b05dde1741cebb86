/** Virtual modules of asset imports: `\0asset:` and the request, spelled so that no host mistakes it. */
const prefix = '\0asset:'

/**
 * The id of a request. Only letters, digits, `-` and `_` stand as they are: a dot would let a host take the id for an
 * image file by its ending, and `?`, `%` or `/` would be rewritten on the way to the browser.
 */
export function toVirtualId(request: string): string {
  return prefix + request.replace(/[^A-Za-z0-9_-]/g, (c) => `~${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The request behind an id, or undefined for other ids. */
export function fromVirtualId(id: string): string | undefined {
  if (!id.startsWith(prefix)) return undefined
  return id.slice(prefix.length).replace(/~([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}

/** Matches every virtual id; for hook filters. */
// The NUL is the convention for ids that are no files.
 
export const virtualIdPattern = /^\0asset:/
