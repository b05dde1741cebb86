import { queryExamples, queryExpectations, queryKeys, type QueryKey } from '../../src/core/query-keys.ts'
import { maxTransforms, placeholderWidthPx } from '../../src/core/query.ts'
import { defaultQuality } from '../../src/core/transform.ts'
import { code, page, table } from './markdown.ts'

/** What each key does; the type asks for an entry per key. */
const meanings: Record<QueryKey, string> = {
  w: 'Width. Several make a srcset. Never larger than the original unless `enlarge` is there.',
  h: 'Height. With `w` the box that `fit` fills.',
  fit: 'How the picture fills the box of `w` and `h`. Default `cover`.',
  position: 'What stays when `cover` crops; `attention` and `entropy` look for it. Default `center`.',
  format: 'Format of the file. Several are for `as=picture`, which makes a `<source>` of each. Default: that of the original; a drawing becomes png.',
  quality: `Of the encoder. Default: ${Object.entries(defaultQuality).map(([format, quality]) => `${format} ${quality}`).join(', ')}; 100 is lossless for png.`,
  blur: 'Blur by this many pixels.',
  rotate: 'Turn clockwise.',
  background: 'Fills what `contain`, `rotate` and formats without alpha leave open.',
  aspect: 'Crop to this shape; with `w` or `h` it gives the other side.',
  as: 'What the import is, when the default does not fit.',
  placeholder: `A data URL of a picture ${placeholderWidthPx} pixels wide, to show while the real one loads.`,
  dpr: 'Sizes for screens of these densities; needs `w` or `h`.',
  enlarge: 'Allow sizes above those of the original.',
  url: 'The URL text also where the host would give an object (Astro).',
  raw: 'The text of the original, e.g. the source of an SVG.',
  inline: 'A data URL.',
  'no-inline': 'A file, however small.',
  css: 'A stylesheet; files of media have none.',
}

export function queriesPage(): string {
  const rows = queryKeys.map((key) => [code(key), queryExpectations[key], queryExamples[key] ? code(queryExamples[key]) : '', meanings[key]])
  return page(
    'Queries',
    `What follows \`?\` in an import says which file is made of a picture. It is made when it is first asked for, cached by
everything that changes the bytes, and is the same in dev and build. The order of keys does not matter.

\`\`\`ts
import url from 'asset:IMG-ACME-HERO001?w=640'                                              // URL of one file
import srcset from 'asset:IMG-ACME-HERO001?w=640;1280'                                      // srcset text
import picture from 'asset:IMG-ACME-HERO001?w=640;1280&format=avif;webp&as=picture'         // for <picture>
import blurred from 'asset:IMG-ACME-HERO001?placeholder'                                    // data URL
\`\`\`

The same queries stand in CSS and HTML: \`url(asset:IMG-ACME-HERO001?w=640)\`.`,
    table(['key', 'takes', 'for example', 'does'], rows),
    `An unknown key, a value out of its bounds, a key that stands twice and keys that contradict each other are errors. One
query asks for at most ${maxTransforms} files.`,
    `## What an import is

| query | default export |
|---|---|
| none, or only \`url\`, \`inline\`, \`no-inline\` | the URL of the original; in Astro an ImageMetadata object for a picture without \`url\` |
| one size, one format | the URL of the made file |
| several of \`w\`, \`dpr\` or \`format\` | a srcset text |
| \`as=picture\` | \`{ sources: [{ type, srcset }, …], img: { src, width, height } }\` |
| \`placeholder\` | a data URL |

Named exports are there beside it: \`src\` (always the URL text), \`width\`, \`height\`, \`alt\`, \`token\`, \`meta\`.`,
  )
}
