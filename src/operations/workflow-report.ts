import { join } from 'node:path'
import { formatUsd } from '../core/cost.ts'
import { representValue } from '../core/represent-value.ts'
import type { Workspace } from '../workspace.ts'
import { escape, figureList, plural, reportPage, seconds } from './report-page.ts'
import type { WorkflowRunOutput } from './workflow-output.ts'

/**
 * Write what a run of a workflow did as JSON and as a page that needs nothing beside it.
 * @returns both files, relative to the root
 */
export function writeWorkflowReport(output: WorkflowRunOutput, workspace: Workspace): { json: string; html: string } {
  const name = `workflow-${output.run}`
  const at = workspace.timestamp()
  const shown = workspace.redact.value(output) as WorkflowRunOutput
  const write = (extension: string, text: string) => {
    workspace.writeVerified(join(workspace.paths.reports, `${name}.${extension}`), new TextEncoder().encode(text))
    return `.assetloom/reports/${name}.${extension}`
  }
  return { json: write('json', `${JSON.stringify({ at, ...shown }, null, 2)}\n`), html: write('html', workflowPage(shown, at)) }
}

function workflowPage(output: WorkflowRunOutput, at: string): string {
  const { ref, run, status, steps, outputs, durationMs, tokens, costMicroUsd } = output
  const done = steps.filter((step) => step.status === 'completed').length
  const passed = steps.filter((step) => step.status === 'skipped').length
  const figures = figureList(
    [
      ['Done', String(done), `of ${plural(steps.length, 'step')}${passed > 0 ? `, ${passed} passed over` : ''}`],
      ['Took', seconds(durationMs), ''],
      ['Spent', formatUsd(costMicroUsd), tokens > 0 ? plural(tokens, 'token') : ''],
    ],
    () => false,
  )
  const heads = ['Step', 'Status', 'Tries', 'Cost', 'Time', 'Result']
  const rows = steps.map(
    (step) => `<tr class="${escape(step.status)}">
<td class="asset"><b>${escape(step.id)}</b></td>
<td><span class="pill ${pillOf(step.status)}">${escape(step.status)}</span></td>
<td class="number">${step.attempts}</td>
<td class="number">${escape(formatUsd(step.costMicroUsd))}${step.inputTokens + step.outputTokens > 0 ? `<small>${plural(step.inputTokens + step.outputTokens, 'token')}</small>` : ''}</td>
<td class="number">${escape(seconds(step.durationMs))}</td>
<td class="reason">${step.error ? `<strong>${escape(step.error.message)}</strong>${step.error.hint ? `<small>${escape(step.error.hint)}</small>` : ''}<small class="code">${escape(step.error.code)}</small>` : escape(step.valueRepresentation ?? '')}</td>
</tr>`,
  )
  const table = `<section><h2>${escape(ref)}</h2><div class="scroll"><table class="assets"><thead><tr>${heads.map((head) => `<th scope="col"${['Tries', 'Cost', 'Time'].includes(head) ? ' class="number"' : ''}>${head}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div></section>`
  const given = Object.entries(outputs)
  const results = given.length === 0 ? '' : `<section><h2>Gives</h2><div class="scroll"><table><tbody>${given.map(([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(representValue(value))}</td></tr>`).join('')}</tbody></table></div></section>`
  return reportPage({ run, at, verdict: status, isGood: status === 'completed', body: [figures, table, results].join('\n') })
}

const pills: Readonly<Record<string, string>> = { completed: 'done', failed: 'failed' }
const pillOf = (status: string) => pills[status] ?? 'cancelled'
