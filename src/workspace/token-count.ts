/** The encoding that tokens are counted in: that of the models of OpenAI since GPT-4o; others count much alike. */
export const tokenEncoding = 'o200k_base'

/** Tokens of a text. What looks like a control token of a model is counted as the text that it is. */
export async function countTokens(text: string): Promise<number> {
  // Its ranks are two megabytes, which only those who count should load.
  const { countTokens: count } = await import('gpt-tokenizer/encoding/o200k_base')
  return count(text, { disallowedSpecial: new Set() })
}
