/** Signs for private use, around what a face may show emphasised: no asset is called so. */
const [start, end] = ['\ue000', '\ue001']

/** Emphasise a part of what an operation presents. */
export const emphasized = (text: string) => `${start}${text}${end}`

/** Put each emphasised part through `show`. */
export function withEmphasis(text: string, show: (part: string) => string): string {
  return text.replace(/\ue000([^\ue000\ue001]*)\ue001/g, (_, part: string) => show(part)).replace(/[\ue000\ue001]/g, '')
}
