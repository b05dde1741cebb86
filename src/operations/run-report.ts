import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { byteSize } from '../core/value-representation.ts'
import type { JobResult, RunResult } from '../workspace/generation.ts'
import type { Workspace } from '../workspace.ts'
import type { GenerateOutput } from './generate.ts'
import { runReportPage, type Preview } from './run-report-page.ts'
import { thumbnailOf } from './thumbnail.ts'

/** Assets that are shown with a picture; the others are listed. */
const mostShown = 200
/** Twice as wide as it is shown, for fine displays. */
const thumbnailWidthPx = 240
const waveformBars = 64

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
  const previews = new Map<string, Preview>()
  const made = result.results.filter((one) => one.status === 'done' && one.action !== 'hit')
  for (const one of made.slice(0, mostShown)) {
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
    html: write('html', runReportPage(document, previews)),
  }
}

async function previewOf({ entry }: JobResult, workspace: Workspace): Promise<Preview | undefined> {
  if (!entry?.file || !entry.hash || !entry.mediaType) return undefined
  const facts = factsOf(entry)
  const small = await thumbnailOf(entry, workspace, { format: 'webp', widthPx: thumbnailWidthPx })
  if (small) return { facts, imageUrl: `data:image/webp;base64,${Buffer.from(small).toString('base64')}` }
  const path = join(workspace.paths.root, entry.file)
  if (entry.kind === 'audio') return { facts, peaks: await workspace.generation.peaksOf(readFileSync(path), waveformBars) }
  return { facts }
}

function factsOf({ widthPx, heightPx, durationMs, mediaType, size, qualityScore }: NonNullable<JobResult['entry']>): string {
  return [
    ...(widthPx !== undefined && heightPx !== undefined ? [`${widthPx} × ${heightPx}`] : []),
    ...(durationMs !== undefined ? [`${(durationMs / 1000).toFixed(2)} s`] : []),
    ...(mediaType !== undefined ? [mediaType.replace(/^.*\//, '').replace(/\+xml$/, '')] : []),
    ...(size !== undefined ? [byteSize(size)] : []),
    ...(qualityScore ? [`quality ${qualityScore.score}`] : []),
  ].join(' · ')
}
