import { formatOfExtension } from '../../core/media.ts'

/** A ref in a content file that Astro would leave as it is. */
export interface ContentMistake {
  /** As it stands there: `asset:LOGO-ACME-MARK001`. */
  spelled: string
  /** The ref in it, without query, version and extension. */
  ref: string
  /** Offset in the text. */
  at: number
  where: 'image' | 'attribute' | 'frontmatter'
}

const fence = /^[ \t>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?(`{3,}|~{3,})/
const spelledSomewhere = /asset:[A-Za-z0-9_]|~asset\//
const urlAttribute =
  /[\s"'](?:src|srcset|href|poster|data|content)\s{0,9}=\s{0,9}(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s"'>{`]{1,2000}))/g
const request = /(?:asset:|~asset\/)[A-Za-z0-9_][^\s,"'<>)]*/g

/**
 * Find refs in Markdown or MDX that would reach the page unresolved: `asset:` in an image, in an attribute of HTML or
 * in frontmatter, and `~asset/` where Astro resolves nothing (in raw HTML, without an extension, with a query).
 * Code, comments, links, prose and imports are left alone. Takes time linear in the length of the text.
 */
export function contentMistakes(text: string, isMdx: boolean): ContentMistake[] {
  if (!spelledSomewhere.test(text)) return []
  const bodyStart = frontmatterEnd(text)
  const found: ContentMistake[] = []
  const add = (spelled: string, at: number, where: ContentMistake['where']) => {
    if (spelled.startsWith('~asset/') && where !== 'attribute' && isResolved(spelled)) return
    found.push({ spelled, ref: refIn(spelled), at, where })
  }
  for (const [spelled, at] of frontmatterValues(text.slice(0, bodyStart))) add(spelled, at, 'frontmatter')
  const body = ' '.repeat(bodyStart) + withoutCode(text.slice(bodyStart))
  for (const [spelled, at] of imageTargets(body)) add(spelled, at, 'image')
  for (const [spelled, at] of attributeValues(body, isMdx)) add(spelled, at, 'attribute')
  return found.sort((a, b) => a.at - b.at)
}

/** Astro resolves the scheme-less form only when it ends in the extension of a picture. */
function isResolved(spelled: string): boolean {
  const dot = spelled.lastIndexOf('.')
  return (
    dot > 0 && /^[a-z0-9]+$/i.test(spelled.slice(dot + 1)) && formatOfExtension(spelled.slice(dot))?.kind === 'image'
  )
}

function refIn(spelled: string): string {
  const name = spelled.replace(/^(?:asset:|~asset\/)/, '').replace(/[?@#].*$/, '')
  const dot = name.lastIndexOf('.')
  return dot > 0 && formatOfExtension(name.slice(dot)) ? name.slice(0, dot) : name
}

/** Offset of the first character after the frontmatter; 0 when there is none. */
function frontmatterEnd(text: string): number {
  const open = /^\uFEFF?(---|\+\+\+)[ \t]*\r?\n/.exec(text)
  if (!open) return 0
  const close = text.indexOf(`\n${open[1]}`, open[0].length - 1)
  return close < 0 ? 0 : close + 1 + open[1]!.length
}

/** Whole values only: a sentence that mentions the scheme is no ref. */
function* frontmatterValues(text: string): Iterable<[string, number]> {
  let start = 0
  for (const line of text.split('\n')) {
    for (const match of line.matchAll(
      /(^|[:\-=[,{]\s{0,20}|^\s{1,200})(["']?)((?:asset:|~asset\/)[A-Za-z0-9_][^\s"',\]}]*)\2(?=\s*(?:$|[,\]}#]))/g,
    )) {
      if (match[1] === '' && match.index > 0) continue
      yield [match[3]!, start + match.index + match[1]!.length + match[2]!.length]
    }
    start += line.length + 1
  }
}

function* imageTargets(body: string): Iterable<[string, number]> {
  for (const match of body.matchAll(/\]\([ \t]{0,9}<?((?:asset:|~asset\/)[A-Za-z0-9_][^\s<>)]*)/g))
    if (isImageBracket(body, match.index)) yield [match[1]!, match.index + match[0].length - match[1]!.length]
  for (const match of body.matchAll(
    /^[ \t>]{0,20}\[[^\]\n]{1,300}\]:[ \t]{1,9}<?((?:asset:|~asset\/)[A-Za-z0-9_][^\s<>]*)/gm,
  )) {
    const label = /\[([^\]]*)\]:/.exec(match[0])![1]!
    if (body.includes(`![${label}]`) || body.includes(`][${label}]`))
      yield [match[1]!, match.index + match[0].length - match[1]!.length]
  }
}

/** Whether the bracket that closes here was opened by `![`. */
function isImageBracket(body: string, close: number): boolean {
  let depth = 0
  for (let at = close; at >= 0 && at > close - 1000; at--) {
    if (body[at] === ']') depth++
    else if (body[at] === '[' && --depth === 0) return body[at - 1] === '!'
  }
  return false
}

function* attributeValues(body: string, isMdx: boolean): Iterable<[string, number]> {
  for (const match of body.matchAll(urlAttribute)) {
    const value = match[1] ?? match[2] ?? match[3]!
    const name = tagAround(body, match.index)
    // In MDX a capital letter begins a component, which may well know what to do with a ref.
    if (!name || (isMdx && /^[A-Z]/.test(name))) continue
    const start = match.index + match[0].lastIndexOf(value)
    for (const one of value.matchAll(request)) {
      const before = value[one.index - 1]
      if (before === undefined || /[\s,]/.test(before)) yield [one[0], start + one.index]
    }
  }
}

/** Name of the tag whose attributes stand here. */
function tagAround(body: string, at: number): string | undefined {
  const from = Math.max(0, at - 2000)
  const head = body.slice(from, at)
  const open = head.lastIndexOf('<')
  return open < 0 ? undefined : /^<([A-Za-z][\w.:-]*)(?:\s[^>]*)?$/.exec(head.slice(open))?.[1]
}

/** The text with code blocks, code spans and comments blanked; offsets stay. */
function withoutCode(text: string): string {
  const blank = (part: string) => part.replace(/[^\n]/g, ' ')
  let open: string | undefined
  const lines = text.split('\n').map((line) => {
    const mark = fence.exec(line)?.[1]
    if (open === undefined) {
      if (mark === undefined) return line
      open = mark
      return blank(line)
    }
    const closing = /^[ \t>]*(`{3,}|~{3,})[ \t]*\r?$/.exec(line)?.[1]
    if (closing && closing[0] === open[0] && closing.length >= open.length) open = undefined
    return blank(line)
  })
  return blankSpans(lines.join('\n').replace(/<!--[^]*?(?:-->|$)|\{\/\*[^]*?(?:\*\/\}|$)/g, blank), blank)
}

/** Code spans: a run of backticks up to the next run of the same length. */
function blankSpans(text: string, blank: (part: string) => string): string {
  const runs = [...text.matchAll(/`+/g)]
  const nextOfLength = new Map<number, number>()
  const closing = new Array<number | undefined>(runs.length)
  for (let i = runs.length - 1; i >= 0; i--) {
    const { length } = runs[i]![0]
    closing[i] = nextOfLength.get(length)
    nextOfLength.set(length, i)
  }
  let out = ''
  let from = 0
  for (let i = 0; i < runs.length; i++) {
    const close = closing[i]
    if (close === undefined) continue
    const start = runs[i]!.index
    const end = runs[close]!.index + runs[close]![0].length
    out += text.slice(from, start) + blank(text.slice(start, end))
    from = end
    i = close
  }
  return out + text.slice(from)
}
