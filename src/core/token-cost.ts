/**
 * About how many tokens a language model counts in a text: a quarter of its characters, the rule of thumb for English;
 * of Chinese, Japanese and Korean each character is one.
 */
export function estimateTokens(text: string): number {
  const wide = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)?.length ?? 0
  return Math.ceil(([...text].length - wide) / 4) + wide
}
