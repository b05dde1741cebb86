import { SaxesParser, type SaxesAttributeNS, type SaxesTagNS } from 'saxes'
import { isInertReference, isScriptUrl, sanitizeCss, shorten } from './sanitize-css.ts'
import { maxSvgBytes, maxSvgDepth, requireSvgRoot, svgInvalid, svgNamespace, svgTooLarge } from './svg-facts.ts'

/** Elements of a still or declaratively animated drawing. What is not here is left out with all it holds. */
const allowedElements = new Set(
  `a animate animateMotion animateTransform circle clipPath defs desc ellipse feBlend feColorMatrix
  feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
  feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset
  fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter g image line linearGradient marker mask
  mpath path pattern polygon polyline radialGradient rect set stop style svg switch symbol text textPath title
  tspan use view`.split(/\s+/),
)
const animations = new Set(['animate', 'set', 'animateMotion', 'animateTransform'])
const xlink = 'http://www.w3.org/1999/xlink'
const xml = 'http://www.w3.org/XML/1998/namespace'
const xmlns = 'http://www.w3.org/2000/xmlns/'

const escapeText = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
const escapeValue = (text: string) =>
  escapeText(text).replace(/"/g, '&quot;').replace(/\t/g, '&#9;').replace(/\n/g, '&#10;').replace(/\r/g, '&#13;')

export interface SanitizedSvg {
  /** Re-serialised; `svg` is the default namespace and `xlink` the only prefix. */
  svg: string
  /** What was taken out, one line each, in document order. */
  stripped: string[]
}

/**
 * Make an SVG safe to inline: no script, event handler, external reference, HTML content or document type is left.
 * References inside the drawing (`#id`) and inert data URLs (PNG, JPEG, GIF, WebP, AVIF, fonts) stay.
 *
 * @throws SVG_INVALID when it is not well-formed or no SVG; undeclared entities count as such, declared ones too,
 *   since none is ever expanded
 * @throws SVG_TOO_LARGE
 */
export function sanitizeSvg(text: string): SanitizedSvg {
  if (text.length > maxSvgBytes) {
    throw svgTooLarge({ what: `${text.length} characters`, limit: `${maxSvgBytes} characters` })
  }
  const out: string[] = []
  const stripped: string[] = []
  const open: string[] = []
  let depth = 0
  /** Depth of the element being left out, 0 when none is. */
  let dropping = 0
  let style: string[] | undefined

  /** True while an opening tag waits for its `>` or `/>`. */
  let unclosed = false

  const write = (markup: string) => {
    if (unclosed) out.push('>')
    unclosed = false
    out.push(markup)
  }
  const writeText = (content: string) => {
    if (dropping || depth === 0 || content === '') return
    if (style) style.push(content)
    else write(escapeText(content))
  }
  const closeStyle = (source: string) => {
    const clean = sanitizeCss(source)
    stripped.push(...clean.stripped.map((what) => `${what} in <style>`))
    if (clean.css) write(escapeText(clean.css))
    style = undefined
  }

  const parser = new SaxesParser({ xmlns: true, position: true })
  parser.on('error', (cause) => {
    throw svgInvalid({ why: `it is not well-formed at ${cause.message}` }, { cause })
  })
  parser.on('doctype', () => void stripped.push('DOCTYPE'))
  parser.on('processinginstruction', ({ target }) => void stripped.push(`<?${shorten(target)}?>`))
  parser.on('text', writeText)
  parser.on('cdata', writeText)
  parser.on('opentag', (tag) => {
    if (++depth > maxSvgDepth) throw svgTooLarge({ what: 'deeply nested elements', limit: `${maxSvgDepth} levels` })
    if (depth === 1) requireSvgRoot(tag)
    if (dropping) return
    const reason = style ? `<${shorten(tag.local)}> in <style>` : elementRefusal(tag)
    if (reason) {
      stripped.push(reason)
      dropping = depth
      return
    }
    open.push(tag.local)
    write(`<${tag.local}${attributesOf(tag, depth === 1, stripped)}`)
    unclosed = true
    if (tag.local === 'style') style = []
  })
  parser.on('closetag', () => {
    if (dropping === 0) {
      if (style) closeStyle(style.join(''))
      const name = open.pop()!
      if (unclosed) out.push('/>')
      else out.push(`</${name}>`)
      unclosed = false
    } else if (dropping === depth) dropping = 0
    depth--
  })
  parser.write(text).close()
  if (out.length === 0) throw svgInvalid({ why: 'it holds no element' })
  return { svg: out.join(''), stripped }
}

function elementRefusal(tag: SaxesTagNS): string | undefined {
  if (tag.uri !== svgNamespace && tag.uri !== '') return `<${tag.name}> of a foreign namespace`
  if (!allowedElements.has(tag.local)) return `<${shorten(tag.local)}>`
  if (!animations.has(tag.local)) return undefined
  const target = Object.values(tag.attributes).find(({ local }) => local === 'attributeName')?.value ?? ''
  const name = target.trim().replace(/^.*:/, '').toLowerCase()
  return name === 'href' || name.startsWith('on') || name === 'style'
    ? `<${tag.local}> of ${shorten(target.trim())}`
    : undefined
}

function attributesOf(tag: SaxesTagNS, isRoot: boolean, stripped: string[]): string {
  const kept = isRoot ? [`xmlns="${svgNamespace}" xmlns:xlink="${xlink}"`] : []
  for (const attribute of Object.values(tag.attributes)) {
    if (attribute.uri === xmlns || attribute.name === 'xmlns') continue
    const value = safeValue(tag, attribute, stripped)
    if (value !== undefined) kept.push(`${attribute.name}="${escapeValue(value)}"`)
  }
  return kept.map((attribute) => ` ${attribute}`).join('')
}

/** The value that may stay, or undefined when the attribute is left out; what goes is told to `stripped`. */
function safeValue(tag: SaxesTagNS, attribute: SaxesAttributeNS, stripped: string[]): string | undefined {
  const { local, prefix, uri, value } = attribute
  const drop = (what = `${attribute.name}="${shorten(value)}"`) => {
    stripped.push(`${what} on <${tag.local}>`)
    return undefined
  }
  if (uri !== '' && !(uri === xlink && prefix === 'xlink') && !(uri === xml && local !== 'base'))
    return drop(attribute.name)
  if (/^on/i.test(local)) return drop(attribute.name)
  if (/^(?:href|src|srcset|data|action|formaction|ping|from-href)$/i.test(local)) {
    return isInertReference(value) ? value : drop()
  }
  if (/^values$|^from$|^to$|^by$/.test(local) && value.split(';').some(isScriptUrl)) return drop()
  if (isScriptUrl(value)) return drop()
  if (local !== 'style' && !/[\\(]|@import/i.test(value)) return value
  const clean = sanitizeCss(value)
  if (clean.stripped.length === 0) return value
  for (const what of clean.stripped) stripped.push(`${what} in ${attribute.name} on <${tag.local}>`)
  return clean.css || undefined
}
