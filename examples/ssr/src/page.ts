import mark from 'asset:mark?w=96'
import valley, { alt, src } from 'asset:valley?w=800;1600&format=avif;webp&as=picture'

/** What both sides show. The server and the browser import the same module, so they name the same files. */
export function page(nights: number): string {
  const sources = valley.sources.map(({ type, srcset }) => `<source type="${type}" srcset="${srcset}" sizes="100vw">`).join('')
  return `
    <picture>${sources}<img id="valley" src="${src}" width="${valley.img.width}" height="${valley.img.height}" alt="${alt}"></picture>
    <main>
      <img class="mark" src="${mark}" width="48" height="48" alt="">
      <h1>The lodge</h1>
      <p>Four rooms, one stove, and the valley in front of the door.</p>
      <form>
        <button type="button" data-by="-1" aria-label="One night less">−</button>
        <output>${nights} ${nights === 1 ? 'night' : 'nights'}</output>
        <button type="button" data-by="1" aria-label="One night more">+</button>
      </form>
    </main>`
}
