/* The frame that reports have in common. */

/** A page of a report that needs nothing beside it and runs nothing. @param input.body - with every text in it escaped */
export function reportPage({ run, at, verdict, isGood, body }: { run: string; at: string; verdict: string; isGood: boolean; body: string }): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>Assetloom run ${escape(run)}</title>
<style>${style}</style>
<header>
<p class="brand">Assetloom <span>run report</span></p>
<h1>${escape(readableTime(at))} <span class="verdict ${isGood ? 'good' : 'bad'}">${escape(verdict)}</span></h1>
<p class="run">${escape(run)}</p>
</header>
<main>
${body}
</main>
</html>
`
}

export type Figure = [label: string, value: string, note: string]

export function figureList(figures: readonly Figure[], isBad: (label: string) => boolean): string {
  return `<dl class="figures">${figures
    .map(([label, value, note]) => `<div${isBad(label) ? ' class="bad"' : ''}><dt>${escape(label)}</dt><dd>${escape(value)}</dd><dd class="note">${escape(note)}</dd></div>`)
    .join('')}</dl>`
}

export const seconds = (ms: number) => (ms < 100 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)
export const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`
const readableTime = (iso: string) => iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*$/, '$1, $2 UTC')

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
/** Any text within a page. */
export const escape = (text: unknown) => String(text).replace(/[&<>"']/g, (c) => escapes[c]!)

const style = `
:root { color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --line: #e2e5ea; --text: #16191f; --soft: #5b6472; --accent: #4f46e5; --good: #0f7b45; --good-ground: #e3f5ea; --bad: #b42318; --bad-ground: #fdeceb; --calm-ground: #eceef2; --check: #b9c0cb; --behind: #c9cfd8; font: 15px/1.5 system-ui, sans-serif }
@media (prefers-color-scheme: dark) { :root { --ground: #0f1115; --card: #171a21; --line: #2a2f3a; --text: #eceef2; --soft: #9aa3b2; --accent: #9a94ff; --good: #5fd69a; --good-ground: #12301f; --bad: #ff8f85; --bad-ground: #3a1816; --calm-ground: #242934; --check: #3a4150; --behind: #2d3340 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 76rem; padding: 2.5rem 1.5rem 4rem; background: var(--ground); color: var(--text) }
.brand { margin: 0; font-weight: 650; letter-spacing: -.01em } .brand span { color: var(--soft); font-weight: 400 }
h1 { margin: .35rem 0 0; font-size: 1.7rem; letter-spacing: -.02em; display: flex; flex-wrap: wrap; align-items: center; gap: .75rem }
h2 { margin: 2rem 0 .6rem; font-size: 1rem }
.run { margin: .2rem 0 0; color: var(--soft); font: .8rem ui-monospace, monospace }
.verdict, .pill { font-size: .78rem; font-weight: 600; letter-spacing: 0; padding: .15rem .6rem; border-radius: 99px; white-space: nowrap }
.verdict.good, .pill.done { color: var(--good); background: var(--good-ground) }
.verdict.bad, .pill.failed, .pill.refused { color: var(--bad); background: var(--bad-ground) }
.pill.cancelled { color: var(--soft); background: var(--calm-ground) }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0 }
.figures div, .scroll, details { background: var(--card); border: 1px solid var(--line); border-radius: 10px }
.figures div { padding: .9rem 1.1rem } dt { font-size: .8rem; color: var(--soft) } dd { margin: 0; font-size: 1.6rem; font-weight: 600; letter-spacing: -.02em; font-variant-numeric: tabular-nums }
dd.note { font-size: .8rem; font-weight: 400; color: var(--soft); letter-spacing: 0; min-height: 1.2em } .figures .bad dd:not(.note) { color: var(--bad) }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% }
td, th { text-align: left; padding: .75rem 1rem; vertical-align: top; border-top: 1px solid var(--line) } tr:first-child > td, tr:first-child > th { border-top: 0 } tbody tr:first-child > td { border-top: 1px solid var(--line) } .providers tr:first-child > * { border-top: 0 }
thead th { font-size: .8rem; font-weight: 500; color: var(--soft); padding-block: .6rem }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
small { display: block; font-size: .8rem; color: var(--soft); overflow-wrap: anywhere } b { font: 600 .88rem ui-monospace, monospace; overflow-wrap: anywhere } .file, .code { font-family: ui-monospace, monospace; font-size: .75rem }
.providers th { font-weight: 600 } .providers td, .providers th { padding-block: .5rem; vertical-align: middle } meter { width: 100%; min-width: 6rem; height: .6rem; background: none } meter::-webkit-meter-bar { height: .6rem; border: 0; border-radius: 99px; background: var(--calm-ground) } meter::-webkit-meter-optimum-value { background: var(--accent); border-radius: 99px } meter::-moz-meter-bar { background: var(--accent); border-radius: 99px }
.preview { width: 9.5rem } .preview img { display: block; width: 7.5rem; height: 5.5rem; object-fit: contain; border-radius: 6px; border: 1px solid var(--line); background: repeating-conic-gradient(var(--check) 0 25%, var(--behind) 0 50%) 0 0 / 14px 14px }
.preview svg { display: block; width: 7.5rem; height: 3.4rem; fill: var(--accent) } .none { display: block; width: 7.5rem; height: 3.4rem; border: 1px dashed var(--line); border-radius: 6px }
.asset { min-width: 15rem } .reason { min-width: 13rem; max-width: 22rem; color: var(--soft); font-size: .88rem; overflow-wrap: anywhere } .reason strong { color: var(--bad); font-weight: 500 } .code { margin-top: .3rem }
tr.failed > td:first-child, tr.refused > td:first-child { box-shadow: inset 3px 0 var(--bad) }
details { margin-top: 2rem; padding: .75rem 1rem } summary { cursor: pointer; font-weight: 600 } .hits { columns: 18rem; padding: 0; list-style: none } .hits li { break-inside: avoid; padding: .25rem 0 } .empty { color: var(--soft) }
@media print { body { background: none; padding: 0 } .scroll { overflow: visible } }
`
