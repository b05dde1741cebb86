import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatUsd } from '../core/cost.ts'
import type { JobResult, RunResult } from '../workspace-generation.ts'
import type { Workspace } from '../workspace.ts'
import type { GenerateOutput } from './generate.ts'

/** Assets that are shown with a picture; the others are listed. */
const mostShown = 200
const thumbnailWidthPx = 160

/**
 * Write what a run did as JSON and as a page that needs nothing beside it.
 * @returns both files, relative to the root
 */
export async function writeRunReport({
  workspace,
  output,
  result,
}: {
  workspace: Workspace
  output: GenerateOutput
  result: RunResult
}): Promise<{ json: string; html: string }> {
  const name = `run-${workspace.runId}`
  const totals = {
    ...output.totals,
    durationMs: Math.round(result.durationMs),
    cacheHits: output.totals.hit + output.totals.derive,
  }
  const document = { run: workspace.runId, at: workspace.timestamp(), totals, jobs: output.jobs }
  const previews = new Map<string, string>()
  for (const one of result.results
    .filter((made) => made.status === 'done' && made.action !== 'hit')
    .slice(0, mostShown)) {
    const preview = await previewOf(one, workspace).catch(() => undefined)
    if (preview) previews.set(one.ref, preview)
  }
  const write = (extension: string, text: string) => {
    const file = `.assetloom/reports/${name}.${extension}`
    workspace.writeVerified(join(workspace.paths.reports, `${name}.${extension}`), new TextEncoder().encode(text))
    return file
  }
  return {
    json: write('json', `${JSON.stringify(document, null, 2)}\n`),
    html: write('html', page(document, previews)),
  }
}

/** A small picture or a waveform as HTML. */
async function previewOf({ entry }: JobResult, workspace: Workspace): Promise<string | undefined> {
  if (!entry?.file || !entry.hash || !entry.mediaType) return undefined
  const path = join(workspace.paths.root, entry.file)
  if (entry.kind === 'image') {
    const source = { hash: entry.hash, mediaType: entry.mediaType, read: () => readFileSync(path) }
    const small = await workspace.transform(source, {
      format: 'webp',
      quality: 75,
      widthPx: thumbnailWidthPx,
      fit: 'inside',
      position: 'center',
      enlarge: false,
      dpr: 1,
      still: true,
    })
    return `<img alt="" src="data:image/webp;base64,${Buffer.from(small.bytes).toString('base64')}">`
  }
  if (entry.kind === 'audio') return waveform(await workspace.generation.peaksOf(readFileSync(path), 80))
  return undefined
}

function waveform(peaks: readonly number[]): string {
  const bars = peaks
    .map(
      (peak, i) =>
        `<rect x="${i * 2}" y="${(20 - peak * 19).toFixed(1)}" width="1.4" height="${Math.max(0.6, peak * 38).toFixed(1)}"/>`,
    )
    .join('')
  return `<svg viewBox="0 0 ${peaks.length * 2} 40" role="img" aria-label="waveform">${bars}</svg>`
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: unknown) => String(text).replace(/[&<>"']/g, (c) => escapes[c]!)

type Document = {
  run: string
  at: string
  totals: GenerateOutput['totals'] & { durationMs: number; cacheHits: number }
  jobs: GenerateOutput['jobs']
}

function page({ run, at, totals, jobs }: Document, previews: ReadonlyMap<string, string>): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  const figures: [string, string][] = [
    ['made', String(totals.generate)],
    ['derived', String(totals.derive)],
    ['right already', String(totals.hit)],
    ['not made', String(totals.failed)],
    ['spent', formatUsd(totals.costMicroUsd)],
    ['calls', String(totals.providerCalls)],
    ['took', seconds(totals.durationMs)],
  ]
  const rows = jobs
    .filter((job) => job.action !== 'hit' || job.error)
    .map(
      (job) =>
        `<tr class="${escape(job.status)}"><td>${previews.get(job.ref) ?? ''}</td><td><b>${escape(job.ref)}</b><br>${escape(job.aliases?.join(', ') ?? '')}<br><small>${escape(job.specFile)}</small></td>` +
        `<td>${escape(job.action)}<br><small>${escape(job.status)}</small></td><td>${escape(job.provider ?? '')}<br><small>${escape(job.model ?? '')}</small></td>` +
        `<td>${escape(formatUsd(job.costMicroUsd))}<br><small>quoted ${escape(formatUsd(job.quoteMicroUsd))}</small></td><td>${escape(seconds(job.durationMs ?? 0))}</td>` +
        `<td>${escape(job.error ? `${job.error.code}: ${job.error.message}` : (job.reason ?? ''))}</td></tr>`,
    )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>Assetloom run ${escape(run)}</title>
<style>
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
dl { display: flex; flex-wrap: wrap; gap: 1rem 2rem; padding: 0 }
dt { font-size: .8rem; opacity: .75 } dd { margin: 0; font-size: 1.3rem; font-variant-numeric: tabular-nums }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .5rem; border-top: 1px solid #8884; vertical-align: top }
img { max-width: 10rem; max-height: 7rem; background: repeating-conic-gradient(#8883 0 25%, transparent 0 50%) 0 0 / 16px 16px }
svg { width: 10rem; height: 2.5rem; fill: currentColor } small { opacity: .75 } .failed td, .refused td { background: #f001 }
</style>
<h1>Run of ${escape(at)}</h1>
<dl>${figures.map(([label, value]) => `<div><dt>${label}</dt><dd>${escape(value)}</dd></div>`).join('')}</dl>
<table><thead><tr><th>Preview</th><th>Asset</th><th>Action</th><th>Provider</th><th>Cost</th><th>Time</th><th>Reason</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>
</html>
`
}
