import { modesExtension, type TokenSet } from './token-types.ts'

/** The tokens as a document of the Design Tokens Format Module 2025.10; aliases, vendor data and modes are kept. */
export function tokensToDtcg(set: TokenSet): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  const at = (segments: readonly string[]) => {
    let group = root
    for (const segment of segments) group = (group[segment] ??= {}) as Record<string, unknown>
    return group
  }
  for (const { segments, ...facts } of set.groups) Object.assign(at(segments), membersOf(facts))
  for (const { segments, type, value, modes, extensions, ...facts } of set.tokens.values()) {
    const all = { ...extensions, ...(Object.keys(modes).length > 0 && { [modesExtension]: modes }) }
    at(segments.slice(0, -1))[segments.at(-1)!] = {
      $type: type,
      $value: value,
      ...membersOf({ ...facts, ...(Object.keys(all).length > 0 && { extensions: all }) }),
    }
  }
  return root
}

function membersOf(facts: { description?: string; deprecated?: boolean | string; extensions?: unknown }) {
  return {
    ...(facts.description !== undefined && { $description: facts.description }),
    ...(facts.deprecated !== undefined && { $deprecated: facts.deprecated }),
    ...(facts.extensions !== undefined && { $extensions: facts.extensions }),
  }
}
