import { describe, expect, it } from 'vitest'
import type { Job } from '../../core/job.ts'
import { createLocalProvider } from './index.ts'
import { makeLocal } from './make-local.ts'

const job = (parameters: Record<string, unknown>, recipe?: string): Job => ({
  key: 'a'.repeat(64),
  specId: 'x',
  provider: 'local',
  references: [],
  request: { type: 'image', prompt: 'a soft white particle', widthPx: 16, heightPx: 16, variations: 1, parameters, ...(recipe && { recipe }) },
})
const make = (one: Job) => createLocalProvider(makeLocal).generate(one, { signal: new AbortController().signal })

describe('parameters of the local provider', () => {
  it.each([['sed', 'seed'], ['siz', 'size']])('refuse %s, which is %s misspelt', async (name, meant) => {
    await expect(make(job({ [name]: 7 }))).rejects.toMatchObject({ code: 'PARAMETER_MISSPELT', hint: `Did you mean ${meant}?` })
  })

  it('pass over what another provider of the same spec would read', async () => {
    expect((await make(job({ style: 'vivid', cfg_scale: 7 }))).outputs).toHaveLength(1)
  })

  it('are all meant when the recipe is named', async () => {
    await expect(make(job({ cfg_scale: 7 }, 'particle'))).rejects.toThrow(/cfg_scale/)
  })
})
