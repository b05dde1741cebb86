import * as z from 'zod'
import { defineError } from '../core/errors.ts'
import { requireAssets } from '../core/find-asset.ts'
import { byteSize } from '../core/value-representation.ts'
import { defineOperation } from './operation.ts'
import { precompile } from './precompile.ts'

const someFailed = defineError('PRECOMPILE_INCOMPLETE', {
  summary: 'Some of what code asks of pictures could not be made.',
  message: (d: { failed: number; first: string }) => `${d.failed} could not be made. First: ${d.first}`,
  hint: () => 'A build would fail in the same places.',
})

export default defineOperation({
  input: z.strictObject({
    refs: z.array(z.string().min(1)).min(1).describe('Tokens, ids, aliases or globs over refs.'),
  }),
  output: z.object({
    assets: z.array(
      z.object({
        ref: z.string(),
        queries: z.array(z.string()).describe('What code asks of it, without "?".'),
        files: z.number().int(),
        bytes: z.number().int(),
      }),
    ),
    made: z.number().int().describe('Files and compiled prompts that were not in the cache before.'),
    failed: z.array(z.object({ ref: z.string(), query: z.string(), code: z.string(), message: z.string() })),
  }),
  positional: ['refs'],
  effect: 'write',
  example: 'assetloom cache precompile "LOGO-ACME-*"',
  async run({ refs }, context) {
    const { workspace } = context
    const wanted = requireAssets(workspace.manifest.read().assets, refs)
    const queries = await (await workspace.usages()).queries()
    return precompile(wanted.map((found) => ({ ...found, queries: queries.get(found.ref) ?? [] })), context)
  },
  verdict: ({ failed }) =>
    failed.length > 0 ? someFailed({ failed: failed.length, first: failed[0]!.message }) : undefined,
  present: ({ assets, made, failed }) =>
    [
      ...assets.map(({ ref, queries, files, bytes }) =>
        files > 0
          ? `✓ ${ref}  ${files} ${files === 1 ? 'file' : 'files'}, ${byteSize(bytes)}  ${queries.map((query) => `?${query}`).join(' ')}`.trimEnd()
          : `· ${ref}  code asks for nothing to be made of it`,
      ),
      ...failed.map(({ ref, query, message }) => `✗ ${ref}${query === '' ? '' : `?${query}`}  ${message}`),
      `${made} made, the rest was there.`,
    ].join('\n'),
})
