import { withHint, type AssetloomError } from '../core/errors.ts'
import type { ItemPlace } from '../core/kinds/item-id.ts'
import { nearest } from '../core/near.ts'
import { isToken } from '../core/token.ts'
import type { Workspace } from '../workspace.ts'

/** Commands that bring an item of the starter library into the project, the plainest first. */
const bringing = ['install', 'use', 'apply', 'override', 'customize']

/** An error about an asset that is not there, with what the starter library has under that name or near it. */
export async function withStarterHint(error: AssetloomError, workspace: Workspace): Promise<AssetloomError> {
  const ref = error.details?.ref
  if (typeof ref !== 'string' || isToken(ref)) return error
  const { starter } = await workspace.sites()
  const places = starter.list().map(starter.placeOf)
  const own = places.find(({ id }) => id === ref)
  if (own) return withHint(error, howToReach(own))
  const near = nearStarters(ref, places)
  if (near.length === 0) return error
  const rest = error.hint?.replace(/^No name is near it\. /, '')
  return withHint(error, [`The starter library has ${near.join(', ')}.`, rest].filter(Boolean).join(' '))
}

function howToReach({ id, kind }: ItemPlace): string {
  const verb = bringing.find((one) => kind.verbs.includes(one))
  if (verb) return `The starter library has it; assetloom ${verb} ${id} brings it into the project.`
  return `The starter library has it; assetloom run ${id} carries it out from there.`
}

/** Ids with that last part, or else the nearest. */
function nearStarters(ref: string, places: readonly ItemPlace[]): string[] {
  const ids = places.map(({ id }) => id)
  const last = ref.slice(ref.lastIndexOf('/') + 1)
  const named = places.filter(({ name }) => name === last)
  if (named.length > 0) return named.map(({ id }) => id)
  if (ref.includes('/')) return nearest(ref, ids, 1)
  const [name] = nearest(last, places.map((one) => one.name), 1)
  return places.filter((one) => one.name === name).map(({ id }) => id)
}
