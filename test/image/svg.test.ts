import { describe, expect, test } from 'vitest'
import { inspectImage } from '../../src/generators/media/inspect-image.ts'
import { sanitizeSvg, svgFacts } from '../../src/generators/media/svg.ts'

const open = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="10">'
const svg = (content: string) => `${open}${content}</svg>`

describe('what could run or reach out is taken out', () => {
  test.each([
    ['a script', svg('<script>alert(1)</script>')],
    ['a script with a prefix', '<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script>alert(1)</s:script></s:svg>'],
    ['a script of another namespace', svg('<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>')],
    ['a script in CDATA', svg('<script><![CDATA[alert(1)]]></script>')],
    ['an external script', svg('<script href="https://evil.example/x.js"/>')],
    ['onload', `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`],
    ['onclick in capitals', svg('<rect ONCLICK="alert(1)"/>')],
    ['onbegin of an animation', svg('<animate onbegin="alert(1)" attributeName="x"/>')],
    ['a javascript link', svg('<a href="javascript:alert(1)"><rect/></a>')],
    ['a javascript link, spaced', svg('<a xlink:href=" java&#x0A;script:alert(1)"><rect/></a>')],
    ['a javascript link in references', svg('<a href="&#106;avascript:alert(1)"><rect/></a>')],
    ['an HTML data URL', svg('<a href="data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;"><rect/></a>')],
    ['an external picture', svg('<image href="https://evil.example/x.png"/>')],
    ['a file picture', svg('<image xlink:href="file:///etc/passwd"/>')],
    ['a relative picture', svg('<image href="../../secret.png"/>')],
    ['a picture of another protocol', svg('<image href="//evil.example/x.png"/>')],
    ['an SVG in a data URL', svg('<image href="data:image/svg+xml,&lt;svg/&gt;"/>')],
    ['an external use', svg('<use href="https://evil.example/x.svg#a"/>')],
    ['an external filter picture', svg('<filter id="f"><feImage href="https://evil.example/x.png"/></filter>')],
    ['HTML inside', svg('<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="https://evil.example"/></body></foreignObject>')],
    ['an iframe', svg('<iframe src="https://evil.example"/>')],
    ['an animated link', svg('<a><animate attributeName="href" values="javascript:alert(1)"/></a>')],
    ['a set link', svg('<a><set attributeName="xlink:href" to="javascript:alert(1)"/></a>')],
    ['an animation of style', svg('<rect><set attributeName="style" to="fill:url(https://evil.example)"/></rect>')],
    ['@import', svg('<style>@import url("https://evil.example/x.css");</style>')],
    ['@import, bare', svg('<style>@import "https://evil.example/x.css"; rect { fill: red }</style>')],
    ['@import by escapes', svg('<style>@\\69mport "https://evil.example/x.css";</style>')],
    ['@import across a comment', svg('<style>@import/**/"https://evil.example/x.css";</style>')],
    ['url() in a style sheet', svg('<style>rect { fill: url(https://evil.example/x#a) }</style>')],
    ['url() by escapes', svg('<style>rect { fill: u\\72l(https://evil.example) }</style>')],
    ['url() left open', svg('<style>rect { fill: url(https://evil.example</style>')],
    ['a font face', svg('<style>@font-face { font-family: a; src: url("https://evil.example/f.woff2") }</style>')],
    ['image-set', svg('<style>rect { fill: image-set("https://evil.example/a.png" 1x) }</style>')],
    ['url() in a style attribute', svg('<rect style="fill: url(\'https://evil.example/x\')"/>')],
    ['url() in an attribute', svg('<rect fill="url(https://evil.example/x#a)"/>')],
    ['url() in a filter attribute', svg('<rect filter="url( &quot;//evil.example/x#a&quot; )"/>')],
    ['an old expression', svg('<rect style="width: expression(alert(1))"/>')],
    ['an old binding', svg('<style>rect { -moz-binding: url(#x) }</style>')],
    ['a style sheet instruction', `<?xml-stylesheet href="https://evil.example/x.css"?>${svg('<rect/>')}`],
    ['a document type', `<!DOCTYPE svg SYSTEM "https://evil.example/x.dtd">${svg('<rect/>')}`],
    ['a base', svg('<g xml:base="https://evil.example/"><use href="#a"/></g>')],
    ['an unknown element', svg('<handler type="text/javascript">alert(1)</handler>')],
    ['metadata of an editor', svg('<i:pgf xmlns:i="http://ns.adobe.com/x">alert(1) evil</i:pgf>')],
  ])('%s', (_name, text) => {
    const { svg: clean, stripped } = sanitizeSvg(text)
    expect(stripped.length).toBeGreaterThan(0)
    expect(clean).not.toMatch(/alert|evil|script|passwd|secret|foreignObject|iframe|DOCTYPE|@import|expression|\son\w+=|xml:base/i)
    expect(sanitizeSvg(clean)).toEqual({ svg: clean, stripped: [] })
  })
})

describe('what a drawing needs stays', () => {
  test.each([
    '<defs><linearGradient id="g"><stop offset="0" stop-color="#f00"/></linearGradient></defs><rect fill="url(#g)"/>',
    '<use xlink:href="#a"/><use href="#a"/>',
    '<image href="data:image/png;base64,iVBORw0KGgo="/>',
    '<style>.a{fill:url(#g)}.w-1\\/2{fill:red}@media (max-width:9px){.a{opacity:.5}}</style>',
    '<text x="1" xml:space="preserve">a &lt; b &amp; c</text>',
    '<animateTransform attributeName="transform" type="rotate" to="360" dur="1s"/>',
    '<path d="M0 0L1 1" data-name="a" aria-label="x" class="y" style="fill:red;stroke:url(#g)" transform="rotate(4)"/>',
    '<filter id="f"><feGaussianBlur stdDeviation="2"/></filter><title>Logo</title>',
  ])('%s', (content) => {
    const { svg: clean, stripped } = sanitizeSvg(svg(content))
    expect(stripped).toEqual([])
    expect(clean).toContain(content)
  })

  test('an SVG without a namespace gets it', () => {
    expect(sanitizeSvg('<svg width="1"><g/></svg>').svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]* width="1"><g\/><\/svg>$/)
  })

  test('a prefix is dropped', () => {
    expect(sanitizeSvg('<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:rect width="3"/></s:svg>').svg).toContain('<rect width="3"/>')
  })
})

describe('what is no drawing is refused', () => {
  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['HTML', '<html><body/></html>'],
    ['an unclosed element', `${open}<rect>`],
    ['a stray end', `${open}</rect></svg>`],
    ['two roots', `${svg('')}<svg/>`],
    ['an attribute twice', svg('<rect x="1" x="2"/>')],
    ['an undeclared prefix', svg('<a:b/>')],
    ['an undeclared entity', svg('<text>&nbsp;</text>')],
    ['an entity bomb', `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>${svg('<text>&b;</text>')}`],
    ['an external entity', `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg('<text>&x;</text>')}`],
    ['an SVG of another namespace', '<svg xmlns="urn:other"/>'],
  ])('%s', (_name, text) => {
    expect(() => sanitizeSvg(text)).toThrow(expect.objectContaining({ code: 'SVG_INVALID' }))
    expect(() => svgFacts(text)).toThrow(expect.objectContaining({ code: 'SVG_INVALID' }))
  })

  test.each([
    ['too long', svg(`<!--${' '.repeat(5_000_001)}-->`)],
    ['too deep', `${open}${'<g>'.repeat(500)}${'</g>'.repeat(500)}</svg>`],
  ])('%s', (_name, text) => {
    expect(() => sanitizeSvg(text)).toThrow(expect.objectContaining({ code: 'SVG_TOO_LARGE' }))
  })

  test('a giant size is refused before it is drawn', async () => {
    const bytes = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="1000000" height="1000000"/>')
    await expect(inspectImage(bytes)).rejects.toMatchObject({ code: 'SVG_TOO_LARGE' })
  })
})

describe('facts', () => {
  test.each([
    ['width="20" height="10"', 20, 10],
    ['width="1in" height="72pt"', 96, 96],
    ['viewBox="0 0 24 12"', 24, 12],
    ['width="48" viewBox="0 0 24 12"', 48, 24],
    ['width="100%" height="100%" viewBox="0 0 30 40"', 30, 40],
    ['', 300, 150],
  ])('%s is %i × %i', (attributes, widthPx, heightPx) => {
    expect(svgFacts(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}/>`)).toMatchObject({ widthPx, heightPx })
  })

  test('as a media file', async () => {
    const bytes = new TextEncoder().encode('<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10" fill="#FF6B35"/></svg>')
    expect(await inspectImage(bytes)).toEqual({ mediaType: 'image/svg+xml', kind: 'image', widthPx: 20, heightPx: 10, hasAlpha: true, dominantColorHex: '#FF6B35' })
  })
})
