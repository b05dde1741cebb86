import { codeText } from './code-text.ts'

/** One example of a component as a page that can stand by itself. */
export interface ExampleDocument {
  ref: string
  /** Name of the example, or its number. */
  example: string
  html: string
}

/** One thing that axe found wrong with an example. */
export interface AxeViolation {
  ref: string
  example: string
  /** `color-contrast` */
  rule: string
  impact: string
  /** What must be so. */
  help: string
  helpUrl: string
  /** HTML of the elements, each shortened. */
  elements: readonly string[]
}

/** What came of an example: violations, or why it could not be shown. */
export type ExampleResult = { ref: string; example: string } & ({ violations: AxeViolation[] } | { failure: string })

/** Rules on a page as a whole; an example is a part of one. */
const pageRules = ['bypass', 'heading-order', 'landmark-one-main', 'page-has-heading-one', 'region']

/** Stand around the report in the text of the page; the page's own script must not hold them whole. */
const [reportBegin, reportEnd] = [['assetloom-', 'report('], [')assetloom-', 'report']]

/** The page of one example. @param input.body - elements and scripts; @param input.css - of the component */
export function exampleHtml(input: { title: string; css: string; body: string }): string {
  const css = input.css.replace(/<\/style/gi, '<\\/style')
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(input.title)}</title><style>${css}</style></head><body>${input.body}</body></html>`
}

/** A classic script element; nothing in the code ends it. */
export function scriptElement(code: string): string {
  return `<script>${code.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--')}</script>`
}

/**
 * A page that shows the examples one after the other, each in a frame of its own, runs axe on each and leaves a report in
 * its own text.
 * @param axe - source text of axe-core
 */
export function axePage(axe: string, documents: readonly ExampleDocument[]): string {
  const settings = {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: Object.fromEntries(pageRules.map((rule) => [rule, { enabled: false }])),
    resultTypes: ['violations'],
  }
  const run = `
const report = []
for (const { ref, example, html } of documents) {
  const frame = document.createElement('iframe')
  frame.style.cssText = 'width:1280px;height:800px;border:0'
  frame.srcdoc = html
  const loaded = new Promise((done) => (frame.onload = done))
  document.body.append(frame)
  await loaded
  const { contentDocument: page, contentWindow: view } = frame
  try {
    if (view.failure) throw new Error(view.failure)
    const script = page.createElement('script')
    script.textContent = axe
    page.head.append(script)
    const { violations } = await view.axe.run(page, ${codeText(settings)})
    report.push({ ref, example, violations: violations.map(({ id, impact, help, helpUrl, nodes }) =>
      ({ ref, example, rule: id, impact, help, helpUrl, elements: nodes.map(({ html }) => html.slice(0, 200)) })) })
  } catch (error) {
    report.push({ ref, example, failure: String(error && error.message || error) })
  }
  frame.remove()
}
document.documentElement.textContent = ${codeText(reportBegin)}.join('') + encodeURIComponent(JSON.stringify(report)) + ${codeText(reportEnd)}.join('')`
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Examples</title></head><body><script type="module">
const axe = ${codeText(axe)}
const documents = ${codeText(documents)}
${run}
</script></body></html>`
}

/** The report in what a browser printed of {@link axePage}; undefined when there is none. */
export function readAxeReport(dom: string): ExampleResult[] | undefined {
  const [begin, close] = [reportBegin.join(''), reportEnd.join('')]
  const start = dom.indexOf(begin)
  const end = dom.indexOf(close)
  if (start < 0 || end < start) return undefined
  return JSON.parse(decodeURIComponent(dom.slice(start + begin.length, end))) as ExampleResult[]
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
}
