import * as z from 'zod'
import { canonicalJson } from '../digest.ts'
import { defineError } from '../errors.ts'

const historyConflict = defineError('HISTORY_CONFLICT', {
  summary: 'Git left its conflict marks in a history file.',
  message: (d: { file: string; line: number }) => `${d.file}:${d.line} holds a conflict mark of git.`,
  hint: () => 'Keep the lines of both sides and take the marks out; `assets/history/** merge=union` in .gitattributes does it.',
  exit: 5,
  http: 409,
})

const historyDamaged = defineError('HISTORY_DAMAGED', {
  summary: 'A line of a history file is no version.',
  message: (d: { file: string; line: number; why: string }) => `${d.file}:${d.line} is no line of a history: ${d.why}.`,
  hint: (d) => `Bring the line back from git, or take it out: git log -p -- ${d.file} shows what it was.`,
  http: 500,
})

const lineSchema = z.looseObject({
  version: z.string().min(1),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be "sha256:" and 64 hex digits'),
  date: z.string(),
  author: z.string().optional(),
  message: z.string().optional(),
  parent: z.string().optional(),
  merged: z.string().optional(),
  branch: z.string().min(1),
})

/** One state of an asset, as a line of `assets/history/<ref>.jsonl` tells of it. */
export interface HistoryLine {
  /** Semver; on a branch with the branch as its pre-release part. */
  version: string
  /** Of the snapshot of the entry; see `snapshotOf`. */
  digest: string
  /** ISO time. */
  date: string
  author?: string | undefined
  message?: string | undefined
  /** The version it came of; none for the first. */
  parent?: string | undefined
  /** The version that was merged into it. */
  merged?: string | undefined
  branch: string
}

/** The line of versions that the manifest follows. */
export const mainBranch = 'main'

export function formatHistoryLine(line: HistoryLine): string {
  return `${canonicalJson(line)}\n`
}

/**
 * The lines of a history file.
 * @param file - for messages
 * @returns `wholeLength`: how much of the text is whole lines; what follows was torn off by a crash and never counted
 * @throws HISTORY_CONFLICT, HISTORY_DAMAGED
 */
export function parseHistory(text: string, file: string): { lines: HistoryLine[]; wholeLength: number } {
  const wholeLength = text.lastIndexOf('\n') + 1
  const lines: HistoryLine[] = []
  for (const [i, one] of text.slice(0, wholeLength).split('\n').entries()) {
    const place = { file, line: i + 1 }
    if (one.trim() === '') continue
    if (/^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)/.test(one)) throw historyConflict(place, { location: place })
    let value: unknown
    try {
      value = JSON.parse(one)
    } catch (cause) {
      throw historyDamaged({ ...place, why: 'it is no JSON' }, { cause, location: place })
    }
    const parsed = lineSchema.safeParse(value)
    const issue = parsed.error?.issues[0]
    if (issue) throw historyDamaged({ ...place, why: `${issue.path.join('.') || 'it'}: ${issue.message}` }, { location: place })
    lines.push(parsed.data as HistoryLine)
  }
  return { lines, wholeLength }
}
