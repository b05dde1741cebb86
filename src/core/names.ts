import { defineError } from './errors.ts'

export const nameRefused = defineError('NAME_REFUSED', {
  summary: 'A file name or path that cannot be written safely on every operating system.',
  message: (d: { name: string; why: string }) => `${JSON.stringify(d.name)} is no name to write: ${d.why}.`,
  hint: () => 'Use letters, digits, ".", "-" and "_", with "/" between folders.',
  exit: 2,
})

export const nameCollision = defineError('NAME_COLLISION', {
  summary: 'Two names that some file systems take for one.',
  message: (d: { name: string; first: string }) =>
    `${JSON.stringify(d.name)} and ${JSON.stringify(d.first)} are one name on file systems that fold case or Unicode forms.`,
  hint: () => 'Rename one of them.',
  exit: 5,
})

const windowsDevice = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i
// Control characters are what this pattern is for.
// eslint-disable-next-line no-control-regex
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/
const bidiCharacter = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

/** Why one path segment may not be written, or undefined when it may. */
export function segmentRefusal(segment: string): string | undefined {
  if (segment === '') return 'a part of it is empty'
  if (segment === '.' || segment === '..') return `it has the part "${segment}"`
  if (segment.includes('\0')) return 'it holds a NUL character'
  if (controlCharacter.test(segment)) return 'it holds a control character'
  if (bidiCharacter.test(segment)) return 'it holds a text-direction character'
  if (/[\\/]/.test(segment)) return 'it holds a slash'
  if (segment.includes(':')) return 'it holds ":"'
  if (/[<>"|?*]/.test(segment)) return 'it holds one of < > " | ? *'
  if (/[. ]$/.test(segment)) return 'a part of it ends with a dot or a space'
  if (windowsDevice.test(segment)) return 'it is a device name on Windows'
  if (new TextEncoder().encode(segment).length > 255) return 'it is longer than 255 bytes'
  return undefined
}

/**
 * Check a POSIX-style relative path for writing.
 * @returns the path
 * @throws NAME_REFUSED
 */
export function requireWritablePath(path: string): string {
  if (path.startsWith('/')) throw nameRefused({ name: path, why: 'it is an absolute path' })
  for (const segment of path.split('/')) {
    const why = segmentRefusal(segment)
    if (why) throw nameRefused({ name: path, why })
  }
  return path
}

/** What a file system that folds case and Unicode forms would take the path for. */
export function foldedName(path: string): string {
  return path.normalize('NFKC').toLowerCase().normalize('NFC')
}

/** An imported file's own name, for the record only: control and direction characters are replaced. */
export function cleanRecordedName(name: string): string {
  return [...name].map((c) => (controlCharacter.test(c) || bidiCharacter.test(c) ? '�' : c)).join('').slice(0, 255)
}
