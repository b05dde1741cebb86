import * as z from 'zod'
import { defineOperation } from './operation.ts'
import { messageField } from './version-fields.ts'

export default defineOperation({
  input: z.strictObject({
    ref: z.string().min(1).describe('Token, id or alias.'),
    name: z.string().min(1).describe('Name of the branch: letters, digits, "-", "_" and "/".'),
    message: messageField,
  }),
  output: z.object({
    ref: z.string(),
    branch: z.string(),
    version: z.string().describe('The version it begins at.'),
  }),
  positional: ['ref', 'name'],
  effect: 'write',
  example: 'assetloom branch LOGO-ACME-MARK001 summer',
  async run({ ref, name, message }, { workspace }) {
    const versions = await workspace.versions()
    const { version } = versions.createBranch(ref, name, message)
    return { ref: versions.history(ref).ref, branch: name, version }
  },
  present: ({ ref, branch, version }) =>
    `✓ ${ref} has a branch ${branch} at ${version}\n  assetloom update ${ref} --branch ${branch} … writes to it`,
})
