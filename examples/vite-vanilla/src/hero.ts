import { el, factsOf, type Shown } from './figure.ts'

interface Picture {
  readonly sources: readonly { readonly type: string; readonly srcset: string }[]
  readonly img: { readonly src: string; readonly width: number | undefined; readonly height: number | undefined }
}

/** The picture in the formats the browser takes, over its own placeholder until it is there. */
export function showHero(picture: Picture, placeholder: string, asset: Omit<Shown, 'name'>): void {
  const image = el('img', { alt: asset.alt ?? '', sizes: '100vw', fetchPriority: 'high', ...(asset.width && { width: asset.width }), ...(asset.height && { height: asset.height }) })
  const shown = () => image.classList.add('loaded')
  image.addEventListener('load', shown)
  const sources = picture.sources.map(({ type, srcset }) => el('source', { type, srcset, sizes: '100vw' }))
  const frame = el('picture', { className: 'hero-picture' }, ...sources, image)
  frame.style.backgroundImage = `url(${placeholder})`
  image.src = picture.img.src
  if (image.complete) shown()
  const hero = document.querySelector('#hero')!
  hero.prepend(frame)
  hero.querySelector('.hero-line')!.append(el('p', { className: 'facts' }, `${factsOf(asset)} · ${asset.token}`))
}
