import { diffArrays } from 'diff'
import type { ThreeWay } from './merge-fields.ts'
import { linesOf, mostEdits } from './text-lines.ts'

/** Lines that both sides changed, each otherwise. */
export interface TextConflict {
  /** 1-based, in our text. */
  line: number
  base: string
  ours: string
  theirs: string
}

/** Lines `start`…`end` of the base that became lines `from`…`to` of a side; ends are excluded. */
interface Hunk {
  side: 'ours' | 'theirs'
  start: number
  end: number
  from: number
  to: number
}

/**
 * Merge texts line by line. Changes that touch are a conflict, unless they are the same. Line ends are those of the side
 * that changed them, else ours.
 * @returns `text` only when there is no conflict
 * @see S. Khanna, K. Kunal, B. C. Pierce, "A Formal Investigation of Diff3" (2007)
 */
export function mergeText(
  sides: ThreeWay<string>,
): { text: string; conflicts: readonly [] } | { text: undefined; conflicts: readonly TextConflict[] } {
  const { base, ours, theirs } = sides
  const whole = ours === theirs || theirs === base ? ours : ours === base ? theirs : undefined
  if (whole !== undefined) return { text: whole, conflicts: [] }
  const [inBase, inOurs, inTheirs] = [linesOf(base), linesOf(ours), linesOf(theirs)]
  const lines = { ours: inOurs.lines, theirs: inTheirs.lines }
  const conflicts: TextConflict[] = []
  const merged: (readonly string[])[] = []
  let at = 0
  for (const hunks of regionsOf(inBase.lines, lines)) {
    const [start, end] = [hunks[0]!.start, Math.max(...hunks.map((hunk) => hunk.end))]
    merged.push(inBase.lines.slice(at, start))
    at = end
    const own = placeOf(hunks, 'ours', start, end)
    const other = placeOf(hunks, 'theirs', start, end)
    const ownLines = own && lines.ours.slice(own.from, own.to)
    const otherLines = other && lines.theirs.slice(other.from, other.to)
    if (!ownLines || !otherLines || isSame(ownLines, otherLines)) merged.push((ownLines ?? otherLines)!)
    else
      conflicts.push({
        line: own.from + 1,
        base: inBase.lines.slice(start, end).join('\n'),
        ours: ownLines.join('\n'),
        theirs: otherLines.join('\n'),
      })
  }
  if (conflicts.length > 0) return { text: undefined, conflicts }
  merged.push(inBase.lines.slice(at))
  const { lineEnd } = inOurs.lineEnd === inBase.lineEnd ? inTheirs : inOurs
  return { text: merged.flat().join(lineEnd), conflicts: [] }
}

/** The hunks of both sides; those that touch or overlap in the base are together. */
function regionsOf(base: readonly string[], { ours, theirs }: Record<Hunk['side'], readonly string[]>): Hunk[][] {
  const hunks = [...hunksOf(base, ours, 'ours'), ...hunksOf(base, theirs, 'theirs')].sort((a, b) => a.start - b.start)
  const regions: Hunk[][] = []
  let end = -1
  for (const hunk of hunks) {
    if (hunk.start <= end) regions.at(-1)!.push(hunk)
    else regions.push([hunk])
    end = Math.max(end, hunk.end)
  }
  return regions
}

function hunksOf(base: readonly string[], lines: readonly string[], side: Hunk['side']): Hunk[] {
  const changes = diffArrays([...base], [...lines], { maxEditLength: mostEdits })
  if (!changes) return [{ side, start: 0, end: base.length, from: 0, to: lines.length }]
  const hunks: Hunk[] = []
  let open: Hunk | undefined
  let [inBase, inSide] = [0, 0]
  for (const { added, removed, count } of changes) {
    if (!added && !removed) open = undefined
    else if (!open) hunks.push((open = { side, start: inBase, end: inBase, from: inSide, to: inSide }))
    if (!added) inBase += count
    if (!removed) inSide += count
    if (open) [open.end, open.to] = [inBase, inSide]
  }
  return hunks
}

/** Where the lines of a region stand in a side; undefined when the side has the base's there. */
function placeOf(hunks: readonly Hunk[], side: Hunk['side'], start: number, end: number): { from: number; to: number } | undefined {
  const own = hunks.filter((hunk) => hunk.side === side)
  const [first, last] = [own[0], own.at(-1)]
  return first && last && { from: first.from - (first.start - start), to: last.to + (end - last.end) }
}

const isSame = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((line, i) => line === b[i])
