import type { Part } from './sentence.ts'
import type { Turn } from './turn.ts'

/** A member, when it was said. */
export const some = <T>(name: string, value: T | undefined) => (value === undefined ? {} : { [name]: value })

export const flag = (name: string, isSet: boolean) => (isSet ? { [name]: true } : {})

export const descriptionCues = ['described as', 'description', 'with description', 'with the description', 'with a description']

export const nameCues = ['as', 'called', 'named', 'under']

/** What is said of the version that a change makes. */
export function steps(turn: Turn) {
  return { ...some('message', turn.told('message', 'because', 'saying')), ...flag('minor', turn.take('minor')), ...flag('major', turn.take('major')) }
}

/** The one word that nothing was known of. */
export function takePlain(turn: Turn): string | undefined {
  const holdsTogether = /^(?:of|from|for|the|a|an|to|into|in|on|as|please|with|at|my|our|its|name|now|new)$/
  const isPlain = ({ sort, meanings, lower }: Part) => sort === 'word' && meanings.length === 0 && !holdsTogether.test(lower)
  const [part, ...more] = turn.left().filter((one) => one.sort === 'quoted' || isPlain(one))
  if (!part || more.length > 0) return undefined
  part.isTaken = true
  return part.text
}

/** The site that is named. */
export function takeSite(turn: Turn): string | undefined {
  const part = turn.left().find(({ named }) => named.site !== undefined)
  if (part) part.isTaken = true
  turn.drop('sites')
  return part?.named.site
}

/** `name=value` pairs. */
export function pairsOf(turn: Turn): { param?: Record<string, string> } {
  const pairs = turn.values('pair')
  return pairs.length > 0 ? { param: Object.fromEntries(pairs.map(({ name, text }) => [name, text])) } : {}
}
