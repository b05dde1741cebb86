import { changeTags, presentTags, tagsInput, tagsOutput } from './change-tags.ts'
import { defineOperation } from './operation.ts'

export default defineOperation({
  input: tagsInput,
  output: tagsOutput,
  positional: ['ref', 'tags'],
  effect: 'write',
  example: 'assetloom add-tags LOGO-ACME-MARK001 primary,official',
  run: (input, context) => changeTags(input, context, (current, given) => [...new Set([...current, ...given])].sort()),
  present: presentTags,
})
