import { el, importLine } from './figure.ts'

interface Color {
  readonly default: string
  readonly alt: string | undefined
  readonly token: string
  readonly meta: { readonly description?: string }
}

/** Swatches, each with its value, what it is for and its import line. */
export function showColors(colors: readonly Color[]): void {
  document.querySelector('#swatches')!.append(
    ...colors.map(({ default: hex, alt = '', token, meta }) => {
      const chip = el('div', { className: 'chip' })
      chip.style.background = hex
      return el(
        'li',
        {},
        chip,
        el('div', {}, el('p', { className: 'alt' }, alt), el('p', { className: 'facts' }, `${hex} · ${meta.description ?? ''}`), importLine(`import ${alt.toLowerCase()} from "asset:${token}"`)),
      )
    }),
  )
}
