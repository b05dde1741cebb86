/** The words of a prompt in order: lower case, split at everything that is no letter or digit. */
export function wordsOf(prompt: string): string[] {
  return prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Place of a phrase among words, or -1; a plural counts as its singular. */
export function placeOf(phrase: string, words: readonly string[]): number {
  const parts = phrase.split(' ')
  return words.findIndex((_, at) => parts.every((part, i) => words[at + i] === part || words[at + i] === `${part}s`))
}
