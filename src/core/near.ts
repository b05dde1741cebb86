import { distance } from 'fastest-levenshtein'

/**
 * The known words nearest to a mistaken one, nearest first.
 * A word further away than half its length is no suggestion.
 */
export function nearest(word: string, known: Iterable<string>, most = 3): string[] {
  const wanted = word.toLowerCase()
  const ranked: { name: string; score: number }[] = []
  for (const name of known) {
    const score = distance(wanted, name.toLowerCase())
    if (score <= Math.max(2, Math.floor(word.length / 2))) ranked.push({ name, score })
  }
  return ranked
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name)
}

/** `Did you mean A, B or C?`, or nothing when nothing is near. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const names = nearest(word, known)
  if (names.length === 0) return undefined
  const last = names.pop()!
  return `Did you mean ${names.length ? `${names.join(', ')} or ${last}` : last}?`
}

/** What a mistaken name is compared with: refs, and when it has no slash their last parts. */
export function namesLike(name: string, refs: Iterable<string>): Set<string> {
  return name.includes('/') ? new Set(refs) : new Set([...refs].flatMap((ref) => [ref, ref.slice(ref.lastIndexOf('/') + 1)]))
}
