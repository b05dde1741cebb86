import { alt as altAfterglow, meta as metaAfterglow, token as tokenAfterglow, width as widthAfterglow, height as heightAfterglow } from 'asset:afterglow'
import { alt as altContour, meta as metaContour, token as tokenContour, width as widthContour, height as heightContour } from 'asset:contour'
import { ASSETS } from './assets.gen.ts'
import { el, factsOf, importLine } from './figure.ts'

const wide = [
  { name: 'afterglow', token: tokenAfterglow, alt: altAfterglow, facts: factsOf({ src: '', token: tokenAfterglow, width: widthAfterglow, height: heightAfterglow, meta: metaAfterglow }) },
  { name: 'contour', token: tokenContour, alt: altContour, facts: factsOf({ src: '', token: tokenContour, width: widthContour, height: heightContour, meta: metaContour }) },
]
const { tiles, scales, waves, terrazzo } = ASSETS.patterns
const small = Object.entries({ tiles, scales, waves, terrazzo }).map(([name, { token, alt, width, height }]) => ({ name, token, alt, facts: `${width} × ${height} · PNG` }))

/** The pictures themselves come from style.css; here are only their captions. */
export function showSurfaces(): void {
  for (const [place, surfaces] of Object.entries({ wide, small }))
    document.querySelector(`[data-surfaces="${place}"]`)!.append(
      ...surfaces.map(({ name, alt, facts }) =>
        el(
          'figure',
          { className: 'asset' },
          el('div', { className: `plate surface ${name}`, role: 'img', ariaLabel: alt }),
          el('figcaption', {}, el('p', { className: 'alt' }, alt), el('p', { className: 'facts' }, facts), importLine(`background: url(asset:${name})`)),
        ),
      ),
    )
}
