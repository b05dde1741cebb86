import type { ApiDescription, ApiOperation } from './openapi.ts'

const style = `
:root { color-scheme: light dark; --line: light-dark(#d8d8de, #3a3a42); --soft: light-dark(#f4f4f7, #232329); --text: light-dark(#1c1c22, #e9e9ee); --faint: light-dark(#5b5b66, #a5a5b0); --get: light-dark(#0b6b3a, #6fd39c); --post: light-dark(#8a4b00, #f0b560) }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: light-dark(#fff, #17171b); max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace } pre { background: var(--soft); padding: 0.75rem; white-space: pre-wrap; overflow-wrap: anywhere; border-radius: 0.375rem }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line) } a { color: inherit }
details { border: 1px solid var(--line); border-radius: 0.375rem; margin: 0.5rem 0 } summary { padding: 0.5rem 0.75rem; cursor: pointer } details > div { padding: 0 0.75rem 0.75rem }
summary span { color: var(--faint); display: block } .get { color: var(--get) } .post { color: var(--post) }
table { border-collapse: collapse; width: 100% } code, td { overflow-wrap: anywhere } td, th { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid var(--line) }
`

/** The description as one page that asks nobody for anything: no script, no font, no picture. */
export function docsPage(api: ApiDescription): string {
  const all = Object.entries(api.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })))
  const sections = api.tags.map(({ name }) => {
    const rows = all.filter(({ operation }) => operation.tags.includes(name))
    return `<section><h2 id="${escaped(name)}">${escaped(name)}</h2>${rows.map((row) => entry(row, api)).join('')}</section>`
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(api.info.title)} API</title><style>${style}</style></head>
<body><main><h1>${escaped(api.info.title)} API</h1><p>${escaped(api.info.description)} Writing needs the token that <code>assetloom serve</code> printed.
The same as <a href="/api/openapi.json">OpenAPI 3.1</a>.</p>
<pre>{ "error": false, "status": 200, "data": …, "message": "…" }
{ "error": true, "status": 404, "code": "ASSET_UNKNOWN", "message": "…", "hint": "…" }</pre>
<nav>${api.tags.map(({ name }) => `<a href="#${escaped(name)}">${escaped(name)}</a>`).join(' · ')}</nav>
${sections.join('\n')}</main></body></html>
`
}

function entry({ path, method, operation }: { path: string; method: string; operation: ApiOperation }, api: ApiDescription): string {
  const rows = [
    ...operation.parameters.map(({ name, in: place, required, description }) => [name, place, required, description] as const),
    ...bodyRows(operation, api),
  ]
  const table = rows.length === 0 ? '' : `<table><tr><th>Member</th><th>In</th><th>What</th></tr>${rows.map(([name, place, required, what]) => `<tr><td><code>${escaped(name)}</code>${required ? ' (must be given)' : ''}</td><td>${place}</td><td>${escaped(what)}</td></tr>`).join('')}</table>`
  return `<details><summary><code class="${method}">${method.toUpperCase()} ${escaped(path)}</code><span>${escaped(operation.summary)}</span></summary><div>${table}<pre>${escaped(curl(path, method))}</pre></div></details>`
}

function bodyRows({ requestBody }: ApiOperation, api: ApiDescription): (readonly [string, string, boolean, string])[] {
  const schema = requestBody?.content['application/json']?.schema as { $ref?: string; properties?: Record<string, { description?: string }>; required?: string[] } | undefined
  const whole = schema?.$ref === undefined ? schema : (api.components.schemas[schema.$ref.split('/').at(-1)!] as typeof schema)
  return Object.entries(whole?.properties ?? {}).map(([name, { description }]) => [name, 'body', whole?.required?.includes(name) ?? false, description ?? ''])
}

const curl = (path: string, method: string) =>
  method === 'post'
    ? `curl -X POST "$URL${path}" -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -d '{…}'`
    : `curl "$URL${path}"`

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
