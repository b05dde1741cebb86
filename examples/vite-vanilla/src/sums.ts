import { el } from './figure.ts'

/** How much there is, told by the typed constants alone. */
export function showSums(assets: object): void {
  const tokens = new Map<string, { kind: string }>()
  const visit = (value: object) => {
    if ('token' in value && 'kind' in value) tokens.set(String(value.token), value as { kind: string })
    else for (const child of Object.values(value)) if (child !== null && typeof child === 'object') visit(child as object)
  }
  visit(assets)
  const count = (kind: string) => [...tokens.values()].filter((asset) => asset.kind === kind).length
  const sums = [
    ['pictures', count('image')],
    ['sounds', count('audio')],
    ['colours', count('color')],
    ['spent', '$0.00'],
  ] as const
  document.querySelector('#sums')!.append(...sums.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, String(value)))))
}
