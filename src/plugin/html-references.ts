import type { DefaultTreeAdapterMap, parse as Parse } from 'parse5'

type Node = DefaultTreeAdapterMap['node']
type Element = DefaultTreeAdapterMap['element']

/** A ref in an HTML attribute: the request after `asset:` and where its text stands. */
export interface HtmlReference {
  request: string
  /** As it is written. */
  spelled: string
  /** One of several that a reader chooses from, or read by others than browsers: a data URL would not do. */
  isCandidate: boolean
  start: number
  end: number
}

const urlAttributes = new Set(['src', 'href', 'poster', 'data', 'xlink:href'])
/** Without the fragment, which stays where it is: `<use href="asset:ICON-ACME-SET001#star">`. */
const spelledRef = /(?<=[\s,"']|^[^\s=]+=)(?:asset:|~asset\/)([^\s,"'#]+)/g

/** Every ref in `src srcset href poster data` and in the content of image metas, in order. */
export function htmlReferences(html: string, parse: typeof Parse): HtmlReference[] {
  const references: HtmlReference[] = []
  const collect = (element: Element, name: string) => {
    if (!holdsUrl(element, name)) return
    const location = element.sourceCodeLocation?.attrs?.[name]
    if (!location) return
    const text = html.slice(location.startOffset, location.endOffset)
    for (const match of text.matchAll(spelledRef)) {
      // An attribute value is escaped once: & in a query is written &amp;
      references.push({
        request: match[1]!.replaceAll('&amp;', '&'),
        spelled: match[0],
        isCandidate: !urlAttributes.has(name),
        start: location.startOffset + match.index,
        end: location.startOffset + match.index + match[0].length,
      })
    }
  }
  // No recursion: a page may be nested deeper than the stack is.
  const waiting: Node[] = [parse(html, { sourceCodeLocationInfo: true })]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if ('attrs' in node)
      for (const attribute of node.attrs)
        collect(node, attribute.prefix ? `${attribute.prefix}:${attribute.name}` : attribute.name)
    if ('childNodes' in node) for (let i = node.childNodes.length - 1; i >= 0; i--) waiting.push(node.childNodes[i]!)
    if ('content' in node && node.nodeName === 'template')
      waiting.push((node as DefaultTreeAdapterMap['template']).content)
  }
  return references
}

function holdsUrl(element: Element, name: string): boolean {
  if (urlAttributes.has(name) || name === 'srcset' || name === 'imagesrcset') return true
  if (element.tagName !== 'meta' || name !== 'content') return false
  return element.attrs.some((a) => (a.name === 'property' || a.name === 'name') && /(?:^|:)image(?::|$)/.test(a.value))
}

/** Write other text where the refs stand. */
export async function rewriteHtml(
  html: string,
  resolve: (reference: HtmlReference) => Promise<string>,
): Promise<string> {
  if (!html.includes('asset:') && !html.includes('~asset/')) return html
  // Loaded here: most pages have no refs, and the start of a dev server must not pay for a parser.
  const [{ parse }, { default: MagicString }] = await Promise.all([import('parse5'), import('magic-string')])
  const references = htmlReferences(html, parse)
  if (references.length === 0) return html
  const text = new MagicString(html)
  for (const reference of references) text.overwrite(reference.start, reference.end, await resolve(reference))
  return text.toString()
}
