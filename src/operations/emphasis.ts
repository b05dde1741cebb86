/** How a part of what an operation presents stands out. */
export type Emphasis = 'strong' | 'added' | 'removed' | 'place'

/** Signs for private use, around what a face may show emphasised: no asset is called so. */
const starts: Readonly<Record<Emphasis, string>> = { strong: '\ue000', added: '\ue002', removed: '\ue003', place: '\ue004' }
const end = '\ue001'
const emphasisOf = new Map(Object.entries(starts).map(([emphasis, start]) => [start, emphasis as Emphasis]))

/** Emphasise a part of what an operation presents. */
export const emphasized = (text: string, emphasis: Emphasis = 'strong') => `${starts[emphasis]}${text}${end}`

/** Put each emphasised part through `show`. */
export function withEmphasis(text: string, show: (part: string, emphasis: Emphasis) => string): string {
  return text
    .replace(/([\ue000\ue002-\ue004])([^\ue000-\ue004]*)\ue001/g, (_, start: string, part: string) => show(part, emphasisOf.get(start)!))
    .replace(/[\ue000-\ue004]/g, '')
}
