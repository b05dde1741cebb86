import { expect, it } from 'vitest'
import { cliPath, createProject, runNode } from '../project.ts'

// A Node without SQLite is what an older one looks like from here.
it('says which Node it needs, instead of failing while it loads', async () => {
  const { root } = createProject()
  const plain = await runNode(['--no-experimental-sqlite', cliPath, 'list'], root)
  expect(plain).toMatchObject({ code: 1, stdout: '' })
  expect(plain.stderr).toMatch(/needs Node 22\.22 or newer; this is v/)
  const asJson = await runNode(['--no-experimental-sqlite', cliPath, 'list', '--json'], root)
  expect(asJson.json).toMatchObject({ ok: false, error: { code: 'NODE_TOO_OLD' } })
})
