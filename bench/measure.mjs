import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** CPU milliseconds of this process's finished children; 0 where there is no /proc. */
function childrenCpuMs() {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').replace(/^.*\) /, '').split(' ')
    return (Number(fields[13]) + Number(fields[14])) * 10
  } catch {
    return 0
  }
}

/**
 * Run Node in a fresh process.
 * @returns wallMs from spawn to exit, cpuMs user and system, and what its last line of stdout says as JSON
 */
export async function runNode(args, { cwd, env } = {}) {
  const cpuBefore = childrenCpuMs()
  const start = performance.now()
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let errors = ''
  let firstLineMs
  child.stdout.on('data', (chunk) => {
    firstLineMs ??= performance.now() - start
    out += chunk
  })
  child.stderr.on('data', (chunk) => (errors += chunk))
  const code = await new Promise((done) => child.on('close', done))
  const wallMs = performance.now() - start
  if (code !== 0) throw new Error(`node ${args.join(' ')} in ${cwd} failed (${code}):\n${out.slice(-2000)}\n${errors.slice(-4000)}`)
  const last = out.trim().split('\n').at(-1) ?? ''
  return { wallMs, firstLineMs, cpuMs: childrenCpuMs() - cpuBefore, report: last.startsWith('{') && !out.startsWith('{\n') ? JSON.parse(last) : {} }
}

/**
 * Measure two things one after the other, again and again, in changing order, so that a busy machine slows both.
 * @param peer, ours - return `{ wallMs, cpuMs, rssMb? }`
 * @returns medians of each, and for each measure the median of the pairs' ratios
 */
export async function pairs({ runs, warmUp = 0, peer, ours }) {
  for (let i = 0; i < warmUp; i++) {
    await peer()
    await ours()
  }
  const all = []
  for (let i = 0; i < runs; i++) {
    const first = i % 2 ? await ours() : await peer()
    const second = i % 2 ? await peer() : await ours()
    all.push(i % 2 ? { ours: first, peer: second } : { peer: first, ours: second })
  }
  const of = (measure) => {
    if (all[0].ours[measure] === undefined) return undefined
    return ratiosOf(all.map((pair) => [pair.ours[measure], pair.peer[measure]]))
  }
  return { wall: of('wallMs'), cpu: of('cpuMs'), rss: of('rssMb'), runs }
}

/** Medians of pairs of ours and the peer's, and the median of their ratios. */
export function ratiosOf(both) {
  const ratios = both.map(([ours, peer]) => ours / peer)
  return {
    ours: median(both.map(([ours]) => ours)),
    peer: median(both.map(([, peer]) => peer)),
    ratio: median(ratios),
    least: Math.min(...ratios),
    most: Math.max(...ratios),
  }
}

const rounded = (value, digits = 0) => (value === undefined ? '–' : value.toFixed(digits))

/** One line of the report. `measure` is what the target speaks of. */
export function row(what, against, target, result, measure = 'wall') {
  const main = result[measure]
  const unit = measure === 'rss' ? 'MB' : 'ms'
  return {
    what,
    against,
    target,
    ratio: Number(main.ratio.toFixed(3)),
    range: `${main.least.toFixed(2)}–${main.most.toFixed(2)}`,
    cpuRatio: measure !== 'rss' && result.cpu?.peer > 0 ? Number(result.cpu.ratio.toFixed(3)) : undefined,
    ours: `${rounded(main.ours)} ${unit}`,
    peer: `${rounded(main.peer)} ${unit}`,
    runs: result.runs,
  }
}

/** Rows as a Markdown table. */
export function table(rows) {
  const cells = rows.map((one) => [
    one.what,
    one.against,
    one.target === undefined ? '' : `≤ ${one.target.toFixed(2)}`,
    one.ratio === undefined ? '' : one.ratio.toFixed(2),
    one.target === undefined || one.ratio === undefined ? '' : one.ratio <= one.target + 1e-9 ? 'yes' : '**no**',
    one.range ?? '',
    one.cpuRatio === undefined ? '' : one.cpuRatio.toFixed(2),
    one.ours,
    one.peer,
    String(one.runs ?? ''),
  ])
  const head = ['what', 'against', 'target', 'ratio', 'holds', 'range', 'CPU ratio', 'ours', 'theirs', 'pairs']
  const lines = [head, head.map(() => '---'), ...cells].map((line) => `| ${line.join(' | ')} |`)
  return lines.join('\n')
}
