import { expect, it } from 'vitest'
import { inputMembers } from '../../src/operations/input-members.ts'
import { remoteOperations } from '../../src/operations/remote.ts'

/** What members that name files and folders are called. */
const named = /^(?:files?|dir|folder|out|to|target|root|source|inputFile|specs|path)$|File$|Dir$/

it('what names a file or folder is told to faces for others', async () => {
  const kept: string[] = []
  for (const row of remoteOperations) {
    const operation = await row.load()
    for (const { member, type } of inputMembers(operation).filter((one) => named.test(one.member))) {
      const value = type === 'list' ? ['../x'] : '../x'
      const input = { refs: [], specs: [], files: [], [member]: value } as never
      expect({ operation: row.name, member, paths: operation.paths?.(input) }).toMatchObject({ paths: expect.arrayContaining(['../x']) as unknown[] })
      kept.push(`${row.name} ${member}`)
    }
  }
  expect(kept.length).toBeGreaterThan(12)
})
