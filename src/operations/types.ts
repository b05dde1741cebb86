import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { defineOperation } from './operation.ts'

const typesStale = defineError('TYPES_STALE', {
  summary: 'Generated types or constants are not what the manifest asks for.',
  message: (d: { stale: string[] }) =>
    `${d.stale.length} generated ${d.stale.length === 1 ? 'file is' : 'files are'} stale: ${d.stale.join(', ')}.`,
  hint: () => 'Run assetloom types.',
  exit: 4,
})

export default defineOperation({
  input: z.strictObject({ check: z.boolean().default(false).describe('Write nothing; exit 4 when a file is stale. Types that were never written are not.') }),
  output: z.object({
    written: z.array(z.string()).describe('Files written, relative to the root.'),
    unchanged: z.array(z.string()).describe('Files that were right already.'),
    stale: z.array(z.string()).describe('With check: files that would be written or removed.'),
  }),
  effect: 'write',
  example: 'assetloom types --check',
  async run({ check }, { workspace }) {
    if (check) return { written: [], unchanged: [], stale: (await workspace.checkDerivedSources()).stale }
    return { ...(await workspace.writeDerivedSources()), stale: [] }
  },
  verdict: ({ stale }) => (stale.length > 0 ? typesStale({ stale }) : undefined),
  present({ written, unchanged, stale }, { check }) {
    if (check)
      return stale.length === 0 ? 'Nothing is stale.' : stale.map((file) => `✗ ${file}`).join('\n')
    if (written.length + unchanged.length === 0)
      return 'Nothing written: there is no manifest yet, or types and constants are off.'
    return [
      ...written.map((file) => `✓ ${file}`),
      ...(unchanged.length > 0 ? [`${unchanged.length} unchanged`] : []),
    ].join('\n')
  },
})
