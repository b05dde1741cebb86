import { formatUsd } from '../core/cost.ts'
import type { GenerateOutput } from './generate.ts'
import { escape, figureList, plural, reportPage, seconds, type Figure } from './report-page.ts'

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
  const body = `${figuresOf(document)}
${providersOf(work)}
${work.length > 0 ? assetsOf(work, previews) : '<p class="empty">Every asset was right already.</p>'}
${hits.length > 0 ? hitsOf(hits) : ''}`
  return reportPage({ run, at, verdict, isGood: totals.failed === 0, body })
}

function figuresOf({ totals, jobs }: RunDocument): string {
  const figures: Figure[] = [
    ['Spent', formatUsd(totals.costMicroUsd), `quoted ${formatUsd(totals.quoteMicroUsd)}`],
    ['Made', String(totals.generate), plural(totals.providerCalls, 'provider call')],
    ['From the cache', String(totals.cacheHits), `${totals.hit} right already, ${totals.derive} derived`],
    ['Not made', String(totals.failed), `of ${plural(jobs.length, 'asset')}`],
    ['Took', seconds(totals.durationMs), ''],
  ]
  return figureList(figures, (label) => label === 'Not made' && totals.failed > 0)
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
