import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const child = join(import.meta.dirname, 'fault-child.ts')

interface Report {
  faults: number
  problems: string[]
  codes: Record<string, number>
}

async function report(scenario: string, code: string, mode: string): Promise<Report> {
  const { stdout } = await promisify(execFile)(process.execPath, [child, scenario, code, mode], { maxBuffer: 1e8 })
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Report
}

/** Codes rotate over the scenarios: no code is handled apart but ENOENT and EXDEV, which are no faults. */
const cases: [string, string, string][] = [
  ['import', 'ENOSPC', 'once'],
  ['refine', 'EIO', 'once'],
  ['replace', 'EPERM', 'once'],
  ['delete', 'EMFILE', 'once'],
  ['tag', 'EIO', 'once'],
  ['organize', 'ENOSPC', 'once'],
  ['import', 'EMFILE', 'onwards'],
  ['refine', 'ENOSPC', 'onwards'],
  ['delete', 'EPERM', 'onwards'],
  ['refine', 'EIO', 'late'],
  ['tag', 'EIO', 'late'],
]

describe('the n-th file-system call fails', () => {
  it.each(cases)(
    '%s, %s, %s: a clear error, one whole state, and a second try works',
    { timeout: 180_000 },
    async (scenario, code, mode) => {
      const { faults, problems, codes } = await report(scenario, code, mode)
      expect(problems).toEqual([])
      // The faults were real: many calls were struck, and some of them stopped the operation.
      expect(faults).toBeGreaterThan(mode === 'late' ? 3 : 20)
      if (mode !== 'late') expect(Object.keys(codes)).toContain('WRITE_FAILED')
    },
  )
})
