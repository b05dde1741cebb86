import { changeTags, presentTags, tagsInput, tagsOutput } from './change-tags.ts'
import { defineOperation } from './operation.ts'

export default defineOperation({
  input: tagsInput,
  output: tagsOutput,
  positional: ['ref', 'tags'],
  effect: 'write',
  example: 'assetloom remove-tags LOGO-ACME-MARK001 draft',
  run: (input, context) =>
    changeTags(input, context, (current, given) => current.filter((tag) => !given.includes(tag))),
  present: presentTags,
})
