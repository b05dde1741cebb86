import { hash8, contentHash } from './digest.ts'

/* A part of a style sheet that belongs to an asset, between two comments; the rest belongs to people. */

const digestOf = (text: string) => hash8(contentHash(new TextEncoder().encode(text.trim())))

/**
 * Put the part of an asset into a style sheet: in the place of its former part, or at the end.
 * @param sheet - the present text; empty for a new one
 * @returns `isEdited`: the former part is not what was written then
 */
export function withStyleRegion(sheet: string, ref: string, text: string): { sheet: string; isEdited: boolean; before: string | undefined } {
  const region = `/* asset:${ref} ${digestOf(text)} written by assetloom apply */\n${text.trim()}\n/* end of asset:${ref} */`
  const found = regionOf(sheet, ref)
  if (!found) {
    const rest = sheet.trimEnd()
    return { sheet: `${rest}${rest === '' ? '' : '\n\n'}${region}\n`, isEdited: false, before: undefined }
  }
  const { start, end, digest, before } = found
  return { sheet: sheet.slice(0, start) + region + sheet.slice(end), isEdited: digest !== digestOf(before) && before.trim() !== text.trim(), before }
}

function regionOf(sheet: string, ref: string): { start: number; end: number; digest: string; before: string } | undefined {
  const opening = `/* asset:${ref} `
  const closing = `/* end of asset:${ref} */`
  const start = sheet.indexOf(opening)
  const close = start < 0 ? -1 : sheet.indexOf(closing, start)
  if (close < 0) return undefined
  const body = sheet.indexOf('*/', start) + 2
  return { start, end: close + closing.length, digest: sheet.slice(start + opening.length, start + opening.length + 8), before: sheet.slice(body, close) }
}
