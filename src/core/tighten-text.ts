/* Making a prompt shorter without changing what it says: what is taken away, no model reads anything into. */

export interface Tightened {
  text: string
  /** How often each was done; what was not done is absent. */
  reductions: Partial<Record<Reduction, number>>
}

export const reductionNames = ['line ends', 'spaces at line ends', 'spaces', 'blank lines', 'repeated lines'] as const
export type Reduction = (typeof reductionNames)[number]

/** Lines of fewer words may be repeated on purpose: rules, labels, cells. */
const repeatedWords = 3

/**
 * Write line ends as one character; take away spaces at line ends, runs of spaces and of blank lines, and lines and
 * paragraphs that only repeat the one before. Fenced and indented code, tables, columns and line breaks of Markdown (two
 * spaces before a further line) stay as they are.
 */
export function tightenText(text: string): Tightened {
  const reductions: Tightened['reductions'] = {}
  const count = (what: Reduction, times: number) => {
    if (times > 0) reductions[what] = (reductions[what] ?? 0) + times
  }
  count('line ends', text.match(/\r\n?/g)?.length ?? 0)
  const lines = text.replace(/\r\n?/g, '\n').split('\n')
  const isCode = codeLines(lines)
  const shortened = lines.map((line, i) => {
    if (isCode[i]) return line
    const isBroken = /\S {2,}$/.test(line) && (lines[i + 1] ?? '').trim() !== ''
    const end = line.trimEnd() + (isBroken ? '  ' : '')
    if (end !== line) count('spaces at line ends', 1)
    if (!hasLooseSpaces(end, lines[i - 1], lines[i + 1])) return end
    return end.replace(/(?<=\S) {2,}(?=\S)/g, () => (count('spaces', 1), ' '))
  })
  const { blocks, blankAtEnd } = blocksOf(shortened, isCode)
  const parts: string[] = []
  let before: Block | undefined
  for (const block of blocks) {
    count('blank lines', Math.max(0, block.blankAbove - (before ? 1 : 0)))
    const own = block.isCode ? block.lines : block.lines.filter((line, i) => line !== block.lines[i - 1] || !isSaying(line))
    count('repeated lines', block.lines.length - own.length)
    const paragraph = own.join('\n')
    if (before && isRepeat(block, before) && isSaying(paragraph)) {
      count('repeated lines', own.length)
      continue
    }
    parts.push(before ? `${block.blankAbove > 0 ? '\n' : ''}\n${paragraph}` : paragraph)
    before = block
  }
  count('blank lines', Math.max(0, blankAtEnd - 1))
  return { text: `${parts.join('')}${parts.length > 0 && blankAtEnd > 0 ? '\n' : ''}`, reductions }
}

/** A paragraph, or lines of code. */
interface Block {
  lines: readonly string[]
  isCode: boolean
  blankAbove: number
}

function blocksOf(lines: readonly string[], isCode: readonly boolean[]): { blocks: Block[]; blankAtEnd: number } {
  const blocks: (Block & { lines: string[] })[] = []
  let blank = 0
  for (const [i, line] of lines.entries()) {
    const last = blocks.at(-1)
    if (line === '' && !isCode[i]) blank++
    else {
      if (last && blank === 0 && last.isCode === isCode[i]) last.lines.push(line)
      else blocks.push({ lines: [line], isCode: isCode[i]!, blankAbove: blank })
      blank = 0
    }
  }
  return { blocks, blankAtEnd: blank }
}

function isRepeat(block: Block, before: Block): boolean {
  return !block.isCode && !before.isCode && block.blankAbove > 0 && block.lines.join('\n') === before.lines.join('\n')
}

/** Lines in fences and, after a blank line, those that are indented as code. */
function codeLines(lines: readonly string[]): boolean[] {
  let fence: string | undefined
  let isIndented = false
  return lines.map((line, i) => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined
      return true
    }
    if (mark !== undefined) fence = mark
    const mayBegin = isIndented || (lines[i - 1] ?? '').trim() === ''
    isIndented = mayBegin && /^(?: {4}|\t)/.test(line)
    return mark !== undefined || isIndented
  })
}

/** Whether runs of spaces mean nothing: no table, no code, no columns that go on in the line above or below. */
function hasLooseSpaces(line: string, above = '', below = ''): boolean {
  if (/[|`\t]/.test(line)) return false
  const columns = columnsOf(line)
  return columns.length > 0 && ![...columnsOf(above), ...columnsOf(below)].some((column) => columns.includes(column))
}

/** Where words begin after several spaces. */
function columnsOf(line: string): number[] {
  return [...line.matchAll(/(?<=\S) {2,}(?=\S)/g)].map(({ index, 0: run }) => index + run.length)
}

const isSaying = (text: string) => text.trim().split(/\s+/).length >= repeatedWords
