import { defineError } from '../core/errors.ts'

/** Templates whose compilers leave `asset:` in an attribute as it is, or take it apart. */
export const templateFile = /\.(?:vue|svelte|jsx|tsx|astro)$/

/** An attribute of an HTML element, not of a component, that a browser would load from. */
const attribute =
  /<(?:img|source|video|audio|track|embed|object|image|use|link|iframe|input)\s(?:[^<>"'{]|"[^"]*"|'[^']*'|\{[^{}]*\})*?(?<=\s)(?:src|srcset|poster|href|data|xlink:href)\s*=\s*["'](asset:[^"'\s,]+)/

export const templateSpelling = defineError('TEMPLATE_SPELLING', {
  summary: 'asset: stands in an attribute of a component template, which its compiler does not resolve.',
  message: (d: { spelled: string; isVue: boolean }) =>
    `${d.spelled} in an attribute of this template would reach the page as it is.`,
  hint: ({ spelled, isVue }) =>
    isVue
      ? `Write ${spelled.replace(/^asset:([^?]*)/, '~asset/$1.png')} with the extension of the file, or import it: import picture from "${spelled}", then :src="picture".`
      : `Import it: import picture from "${spelled}", then src={picture}.`,
  exit: 2,
})

/** The first ref that stands in an attribute of an HTML element; what the template's compiler would not resolve. */
export function refInTemplate(code: string): string | undefined {
  return attribute.exec(code)?.[1]
}
