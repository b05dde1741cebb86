import { formatUsd } from '../core/cost.ts'
import type { GenerateOutput } from './generate.ts'

/** What a run did, as it is written as JSON. */
export interface RunDocument {
  run: string
  /** ISO time. */
  at: string
  totals: GenerateOutput['totals'] & { durationMs: number; cacheHits: number }
  jobs: GenerateOutput['jobs']
}

/** What a row shows beside what the job says. */
export interface Preview {
  /** A small picture as a data URL. */
  imageUrl?: string
  /** Loudest samples of equal parts of a sound, 0…1. */
  peaks?: readonly number[]
  /** Size, length, format, in words. */
  facts: string
}

type Job = RunDocument['jobs'][number]

/** The run as a page that needs nothing beside it and runs nothing. Every text in it is escaped. */
export function runReportPage(document: RunDocument, previews: ReadonlyMap<string, Preview>): string {
  const { run, at, totals, jobs } = document
  const isWork = (job: Job) => job.action !== 'hit' || job.error !== undefined
  const work = jobs.filter(isWork)
  const hits = jobs.filter((job) => !isWork(job))
  const verdict = totals.failed > 0 ? `${totals.failed} not made` : 'all made'
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
<h1>${escape(readableTime(at))} <span class="verdict ${totals.failed > 0 ? 'bad' : 'good'}">${escape(verdict)}</span></h1>
<p class="run">${escape(run)}</p>
</header>
<main>
${figuresOf(document)}
${providersOf(work)}
${work.length > 0 ? assetsOf(work, previews) : '<p class="empty">Every asset was right already.</p>'}
${hits.length > 0 ? hitsOf(hits) : ''}
</main>
</html>
`
}

function figuresOf({ totals, jobs }: RunDocument): string {
  const figures: [label: string, value: string, note: string][] = [
    ['Spent', formatUsd(totals.costMicroUsd), `quoted ${formatUsd(totals.quoteMicroUsd)}`],
    ['Made', String(totals.generate), plural(totals.providerCalls, 'provider call')],
    ['From the cache', String(totals.cacheHits), `${totals.hit} right already, ${totals.derive} derived`],
    ['Not made', String(totals.failed), `of ${plural(jobs.length, 'asset')}`],
    ['Took', seconds(totals.durationMs), ''],
  ]
  return `<dl class="figures">${figures
    .map(
      ([label, value, note]) =>
        `<div${label === 'Not made' && totals.failed > 0 ? ' class="bad"' : ''}><dt>${label}</dt><dd>${escape(value)}</dd><dd class="note">${escape(note)}</dd></div>`,
    )
    .join('')}</dl>`
}

/** Who did how much of the work, for how much. */
function providersOf(work: readonly Job[]): string {
  const names = [...new Set(work.flatMap((job) => job.provider ?? []))].sort()
  if (names.length === 0) return ''
  const rows = names.map((name) => {
    const own = work.filter((job) => job.provider === name)
    const cost = own.reduce((sum, job) => sum + job.costMicroUsd, 0)
    const time = own.reduce((sum, job) => sum + (job.durationMs ?? 0), 0) / own.length
    const good = own.filter((job) => job.status === 'done').length
    return `<tr><th scope="row">${escape(name)}</th><td><meter min="0" max="${work.length}" value="${own.length}">${own.length}</meter></td><td class="number">${escape(plural(own.length, 'asset'))}</td><td class="number">${good} good</td><td class="number">${escape(formatUsd(cost))}</td><td class="number">${escape(seconds(time))} each</td></tr>`
  })
  return `<section><h2>Providers</h2><div class="scroll"><table class="providers"><tbody>${rows.join('')}</tbody></table></div></section>`
}

function assetsOf(work: readonly Job[], previews: ReadonlyMap<string, Preview>): string {
  const rows = work.map((job) => {
    const preview = previews.get(job.ref)
    const model = job.model ? `<small>${escape(job.model)}</small>` : ''
    const lines = [job.aliases?.join(', '), preview?.facts].filter((text) => text)
    return `<tr class="${escape(job.status)}">
<td class="preview">${pictureOf(preview)}</td>
<td class="asset"><b>${escape(job.ref)}</b>${lines.map((line) => `<small>${escape(line)}</small>`).join('')}<small class="file">${escape(job.specFile)}</small></td>
<td><span class="pill ${escape(job.status)}">${escape(job.status === 'done' ? job.action : job.status)}</span></td>
<td>${escape(job.provider ?? '–')}${model}${(job.passedOver ?? []).map((one) => `<small class="passed">not ${escape(one.provider)}: ${escape(one.reason)}</small>`).join('')}</td>
<td class="number">${escape(formatUsd(job.costMicroUsd))}${job.quoteMicroUsd !== job.costMicroUsd ? `<small>quoted ${escape(formatUsd(job.quoteMicroUsd))}</small>` : ''}</td>
<td class="number">${escape(seconds(job.durationMs ?? 0))}</td>
<td class="reason">${job.error ? `<strong>${escape(job.error.message)}</strong>${job.error.hint ? `<small>${escape(job.error.hint)}</small>` : ''}<small class="code">${escape(job.error.code)}</small>` : escape(job.reason ?? '')}</td>
</tr>`
  })
  const heads = ['Preview', 'Asset', 'Action', 'Provider', 'Cost', 'Time', 'Why']
  return `<section><h2>Assets</h2><div class="scroll"><table class="assets"><thead><tr>${heads
    .map((head) => `<th scope="col"${head === 'Cost' || head === 'Time' ? ' class="number"' : ''}>${head}</th>`)
    .join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div></section>`
}

function hitsOf(hits: readonly Job[]): string {
  return `<details><summary>${escape(plural(hits.length, 'asset'))} right already</summary><ul class="hits">${hits
    .map((job) => `<li><b>${escape(job.ref)}</b> <small>${escape(job.specFile)}</small></li>`)
    .join('')}</ul></details>`
}

function pictureOf(preview: Preview | undefined): string {
  if (preview?.imageUrl) return `<img alt="" src="${escape(preview.imageUrl)}">`
  return preview?.peaks ? waveform(preview.peaks) : '<span class="none" aria-hidden="true"></span>'
}

/** Bars as loud as the sound, both ways from the middle. */
function waveform(peaks: readonly number[]): string {
  const half = 24
  const bars = peaks
    .map((peak, i) => {
      const reach = Math.max(0.75, peak * (half - 1))
      return `<rect x="${i * 3}" y="${(half - reach).toFixed(1)}" width="2" height="${(2 * reach).toFixed(1)}" rx="1"/>`
    })
    .join('')
  return `<svg viewBox="0 0 ${peaks.length * 3 - 1} ${2 * half}" preserveAspectRatio="none" role="img" aria-label="waveform">${bars}</svg>`
}

const seconds = (ms: number) => (ms < 100 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)
const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`
const readableTime = (iso: string) => iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*$/, '$1, $2 UTC')

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: unknown) => String(text).replace(/[&<>"']/g, (c) => escapes[c]!)

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
