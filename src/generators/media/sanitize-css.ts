/** Data URLs that carry no code and reach nothing. */
const inertData = /^data:(?:image\/(?:png|jpe?g|gif|webp|avif)|font\/[\w.+-]+|application\/(?:x-)?font-[\w-]+)[;,]/i

/** True for a reference inside the document or to inert data. */
export function isInertReference(reference: string): boolean {
  const plain = [...reference].filter((character) => character > ' ').join('')
  return plain.startsWith('#') || inertData.test(plain)
}

/** True when text would run as script where a URL is expected, however it is spaced. */
export function isScriptUrl(text: string): boolean {
  const plain = [...text].filter((character) => character > ' ' && character !== '\u00a0').join('')
  return /^(?:javascript|vbscript|livescript|mocha|data:text|data:application\/x?html|data:image\/svg)/i.test(plain)
}

const unescapeCss = (css: string) =>
  css.replace(/\\(?:([0-9a-f]{1,6})[ \t\r\n\f]?|(\r\n|[\s\S]))/gi, (_all, hex: string | undefined, plain: string) => {
    if (!hex) return /[\r\n\f]/.test(plain) ? '' : plain
    const point = Number.parseInt(hex, 16)
    return point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff) ? String.fromCodePoint(point) : '\ufffd'
  })

const dangerous =
  /expression\s*\(|behaviou?r\s*:|-moz-binding|javascript\s*:|vbscript\s*:|<\/?(?:script|style)|@namespace/i
/** What is left of a malformed `url(`, and functions that take a bare string as an address. */
const reachesOut =
  /url\s*\((?!\s*["']?(?:#|data:))|(?:^|[^\w-])(?:src|image|image-set|-webkit-image-set|cross-fade)\s*\(\s*["']/i
const keywords = new RegExp(
  `${dangerous.source}|@import|(?:url|src|image|image-set|cross-fade|element|paint|attr)\\s*\\(`,
  'gi',
)
const countKeywords = (css: string) => css.match(keywords)?.length ?? 0

/**
 * Take out of CSS everything that reaches outside the document: `@import`, `url()` and friends with anything but
 * `#id` or inert data, and old script hooks. CSS escapes are resolved first, so that none can hide a name.
 *
 * @returns the CSS and what was taken out, for people
 */
export function sanitizeCss(source: string): { css: string; stripped: string[] } {
  const stripped: string[] = []
  let css = source.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ')
  const spelled = unescapeCss(css)
  // Legitimate escapes (class names such as .w-1\/2) stay; one that spells a keyword makes the plain text count.
  if (countKeywords(spelled) > countKeywords(css)) css = spelled.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ')
  css = css.replace(/@import\b(?:"[^"]*"|'[^']*'|\([^)]*\)|[^;"'(}])*(?:;|(?=\})|$)/gi, () => {
    stripped.push('@import')
    return ''
  })
  css = css.replace(
    /url\s*\(\s*(?:"([^"]*)"|'([^']*)'|([^)"']*))\s*\)/gi,
    (whole, a?: string, b?: string, c?: string) => {
      const reference = (a ?? b ?? c ?? '').trim()
      if (isInertReference(reference)) return whole
      stripped.push(`url(${shorten(reference)})`)
      return 'none'
    },
  )
  if (/@import/i.test(css) || dangerous.test(css) || reachesOut.test(css)) {
    return { css: '', stripped: [...stripped, 'CSS that reaches outside the drawing'] }
  }
  return { css, stripped }
}

/** At most 60 characters of a reference, for messages. */
export function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
