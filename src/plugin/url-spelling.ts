import { defineError } from '../core/errors.ts'

/** Files that may hold such a call. */
export const sourceFile = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/

/**
 * `new URL("asset:…", import.meta.url)` and `import.meta.glob("asset:…")`, which hosts resolve before plugins are
 * asked.
 */
const call =
  /^(?!\s*(?:\/\/|\*)).*?(?:\bnew URL\(\s*|\bimport\.meta\.glob\(\s*\[?\s*)(["'`])((?:asset:|~asset\/)[^"'`\n]+)\1/m

export const urlSpelling = defineError('URL_SPELLING', {
  summary: 'A ref stands in new URL(…, import.meta.url) or import.meta.glob(…), where no host asks a plugin.',
  message: (d: { spelled: string }) => `${d.spelled} would not be resolved here.`,
  hint: ({ spelled }) =>
    `Import it: import asset from "${spelled}"; a pattern, "asset:LOGO-ACME-*", gives a record of all that match.`,
  exit: 2,
})

/** The first ref in such a call. */
export function refInUrlCall(code: string): string | undefined {
  return call.exec(code)?.[2]
}
