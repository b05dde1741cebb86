/** What an import gives, as far as this page shows it. */
export interface Shown {
  src: string
  width?: number | undefined
  height?: number | undefined
  alt?: string | undefined
  token: string
  meta: { name?: string; mediaType?: string | undefined; size?: number; kind: string }
  /** The word in the import line; otherwise the last part of the asset's name. */
  name?: string
}

/** Make an element: properties, then children. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, properties: Partial<HTMLElementTagNameMap[K]> = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}

/** `Icon: mountain` → `mountain`. */
export const shortName = ({ name, meta, token }: Pick<Shown, 'name' | 'meta' | 'token'>) => name ?? meta.name?.split(': ').at(-1) ?? token

/** A picture with its caption: what it is, its facts, its import line. */
export function assetFigure(asset: Shown): HTMLElement {
  const { src, width, height, alt = '' } = asset
  const image = el('img', { src, alt, loading: 'lazy', decoding: 'async', ...(width && { width }), ...(height && { height }) })
  return el('figure', { className: 'asset' }, el('div', { className: 'plate' }, image), caption(asset))
}

export function caption(asset: Shown): HTMLElement {
  const name = shortName(asset)
  return el(
    'figcaption',
    {},
    el('p', { className: 'alt' }, asset.alt ?? ''),
    el('p', { className: 'facts' }, factsOf(asset)),
    importLine(`import ${identifier(name)} from "asset:${asset.token}"`),
  )
}

export function factsOf({ width, height, meta }: Shown): string {
  const format = meta.mediaType?.split('/')[1]?.replace('mpeg', 'mp3')
  return [width && height ? `${width} × ${height}` : '', format?.toUpperCase() ?? '', meta.size === undefined ? '' : sizeText(meta.size)].filter(Boolean).join(' · ')
}

export const sizeText = (bytes: number) => (bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(2)} MB`)

const identifier = (text: string) => text.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? '')

/** A line of code with a button that copies it. */
export function importLine(line: string): HTMLElement {
  const [before, request] = line.split(/(?="asset:)/)
  const code = request ? el('code', {}, before!, el('br'), el('b', {}, request)) : el('code', {}, line)
  const button = el('button', { type: 'button', className: 'copy', title: 'Copy this line', ariaLabel: `Copy: ${line}` })
  button.innerHTML = copyIcon
  button.addEventListener('click', () => void copy(line, button))
  return el('div', { className: 'line' }, code, button)
}

const copyIcon =
  '<svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.4" aria-hidden="true"><rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 3.5v-.2c0-.7-.6-1.3-1.3-1.3H3.3C2.6 2 2 2.6 2 3.3v5.9c0 .7.6 1.3 1.3 1.3h.2"/><path class="tick" d="m7.5 9.6 1.5 1.5 2.8-3.2"/></svg>'

async function copy(text: string, button: HTMLElement): Promise<void> {
  const status = document.querySelector('#status')!
  try {
    await navigator.clipboard.writeText(text)
    button.classList.add('copied')
    status.textContent = 'Copied'
    setTimeout(() => button.classList.remove('copied'), 1400)
  } catch {
    status.textContent = 'The browser does not allow copying here.'
  }
}
