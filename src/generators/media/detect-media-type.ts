import { fileTypeFromBuffer } from 'file-type'
import { isLfsPointer } from '../../core/lfs-pointer.ts'
import { formatOfExtension, type MediaFormat } from '../../core/media.ts'
import { detectSound } from './detect-sound.ts'

/** `file-type` extensions of content that goes by another name in the table of formats. */
const sameContent = new Map([
  ['apng', 'png'],
  ['tif', 'tiff'],
])

/**
 * The format of a file by its content alone; `undefined` when it is none of `mediaFormats`.
 * A Git LFS pointer is none: ask {@link isLfsPointer} for the reason.
 * Markdown is plain text: it counts as `md` only when it has a heading, a link, a fence or front matter.
 */
export async function detectMediaType(bytes: Uint8Array): Promise<MediaFormat | undefined> {
  if (bytes.length === 0 || isLfsPointer(bytes)) return undefined
  const sound = detectSound(bytes)
  if (sound) return formatOfExtension(sound)
  const text = decodeText(bytes)
  if (text !== undefined) return formatOfExtension(textFormatOf(text))
  const found = await fileTypeFromBuffer(bytes)
  if (!found) return undefined
  const format = formatOfExtension(sameContent.get(found.ext) ?? found.ext)
  // Sounds were told apart above, by more than the few bytes looked at here.
  return format?.kind === 'audio' || format?.kind === 'text' ? undefined : format
}

/** Valid UTF-8 without control characters, or `undefined`. A PDF may begin like text: its mark decides. */
function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0x25 && bytes[1] === 0x50 && bytes[2] === 0x44 && bytes[3] === 0x46) return undefined
  // A cheap look before the whole is decoded: media has control characters early.
  if (bytes.subarray(0, 4096).some(isControl)) return undefined
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return bytes.some(isControl) ? undefined : text
  } catch {
    return undefined
  }
}

/** C0 controls other than tab, line feed, form feed and carriage return. */
const isControl = (byte: number) => byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13

function textFormatOf(text: string): 'svg' | 'json' | 'md' | 'txt' {
  if (isSvg(text)) return 'svg'
  if (isJson(text)) return 'json'
  return isMarkdown(text) ? 'md' : 'txt'
}

/** True when the first element, after declarations and comments, is `svg` (with or without a prefix). */
function isSvg(text: string): boolean {
  let at = 0
  for (;;) {
    while (at < text.length && text.charCodeAt(at) <= 0x20) at++
    if (text.startsWith('<!--', at)) at = after(text, '-->', at + 4)
    else if (text.startsWith('<?', at)) at = after(text, '?>', at + 2)
    else if (/^<!doctype/i.test(text.slice(at, at + 9))) at = afterDoctype(text, at)
    else break
    if (at < 0) return false
  }
  return /^<(?:[A-Za-z_][\w.-]{0,40}:)?svg[\s/>]/.test(text.slice(at, at + 64))
}

function after(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from)
  return at < 0 ? -1 : at + end.length
}

/** A doctype ends at `>`, but its internal subset in brackets may hold more of them. */
function afterDoctype(text: string, at: number): number {
  const close = text.indexOf('>', at)
  const open = text.indexOf('[', at)
  if (open < 0 || open > close) return close < 0 ? -1 : close + 1
  const subsetEnd = text.indexOf(']', open)
  return subsetEnd < 0 ? -1 : after(text, '>', subsetEnd)
}

/** Objects and arrays only: a lone word or number is text. */
function isJson(text: string): boolean {
  const start = text.trimStart()[0]
  if (start !== '{' && start !== '[') return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const markdownMarks = [
  /^#{1,6} \S/m,
  /^(?:```|~~~)/m,
  /\[[^\]\n]{1,200}\]\([^)\n]{1,500}\)/,
  /^---\r?\n[^]*?\r?\n---\r?\n/,
]

function isMarkdown(text: string): boolean {
  const head = text.slice(0, 8192)
  return markdownMarks.some((mark) => mark.test(head))
}
