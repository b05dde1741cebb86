import { defineError } from '../core/errors.ts'
import type { ManifestIndex } from '../store/manifest-index.ts'

const colorsUnknown = defineError('COLORS_UNKNOWN', {
  summary: 'A step names colours by a ref that holds none.',
  message: (d: { ref: string }) => `${d.ref} holds no colours.`,
  hint: () =>
    'Name a colour of the manifest (COLOR-ACME-BRAND001), several with a star (COLOR-ACME-*), or write #RRGGBB.',
})

/**
 * The colours that a step names by ref, as `#RRGGBB`.
 * @param ref - of a colour, or of several with a star at its end
 * @throws COLORS_UNKNOWN
 */
export function colorsOf(index: ManifestIndex, ref: string): string[] {
  const star = ref.indexOf('*')
  const found = star < 0 ? [index.find(ref)] : index.startingWith(ref.slice(0, star))
  const colors = found.flatMap((one) => one?.entry.colorHex ?? [])
  if (colors.length === 0) throw colorsUnknown({ ref })
  return colors
}
