import { descriptionCues, flag, some } from './frame-input.ts'
import { describesAssets } from './selection.ts'
import type { Draft, Turn } from './turn.ts'

export function importFiles(turn: Turn): Draft | undefined {
  const hasSource = turn.peek('path') || turn.peek('color')
  if (turn.means('pack', 'catalog') && !hasSource) return undefined
  // `new file: logo.png`; a path without an ending is more likely the name of an item.
  const hasFile = turn.parts.some(({ value }) => value?.type === 'path' && /\.\w+$/.test(value.text))
  const isBrought = hasSource && (turn.orders('import') || turn.begins('add', 'put') || (hasFile && turn.takeWord('new')))
  if (!isBrought && !turn.begins('import')) return undefined
  if (turn.peek('ref')) return undefined
  const description = turn.told(...descriptionCues)
  const alt = turn.told('alt', 'alt-text')
  const rights = turn.told('rights')
  const author = turn.told('author')
  const variant = turn.told('variant')?.toUpperCase()
  const color = turn.value('color')?.text
  const files = turn.values('path').map(({ text }) => text)
  turn.dropWords('in', 'usage', 'category', 'some', 'two', 'three', 'four')
  const { category, family, kind, tags, license, isAll } = turn.select({ describedOnly: true })
  turn.dropWords('it')
  const named = turn.left().find((part) => part.named.variant !== undefined && !part.isTaken)
  if (named) named.isTaken = true
  const undeclared = family.length === 0 ? turn.left().find(({ text, value }) => /^[A-Z]{2,}$/.test(text) && !value) : undefined
  if (undeclared) undeclared.isTaken = true
  // `as a sound` is no category; `the picture x.png` only says what lies there.
  const isAsKind = kind.length > 0 && color === undefined && category.length === 0 && turn.parts.some(({ lower }) => lower === 'as')
  if (category.length > 1 || family.length > 1 || isAsKind || (isAll && files.length === 0)) return undefined
  return {
    operation: 'import',
    input: {
      ...(files.length > 0 && { files }),
      ...some('color', color),
      ...(color === undefined && some('category', category[0])),
      ...some('family', family[0] ?? undeclared?.text),
      ...some('variant', variant ?? named?.named.variant),
      ...(tags.length > 0 && { tags }),
      ...some('description', description),
      ...some('alt', alt),
      ...some('usageRights', rights),
      ...some('author', author),
      ...some('license', license[0]),
    },
    ...(color === undefined && { needs: ['files'] }),
  }
}

export function exportAssets(turn: Turn): Draft | undefined {
  const isCopy = turn.peek('path') && !turn.means('catalog') && turn.begins('copy', 'save', 'put', 'write')
  if (!isCopy && !turn.orders('export')) return undefined
  if (isCopy) turn.drop('copyNoun')
  const dir = turn.place('to', 'into', 'in', 'under', 'at') ?? turn.value('path')?.text
  const format = ['json', 'zip'].find((one) => turn.takeWord(one))
  if (format) turn.dropWords('file', 'files', 'metadata')
  const force = turn.take('overwrite')
  const selection = turn.select({ prefersKind: true })
  const needs = ['refs', ...(format === 'json' ? [] : ['dir'])]
  return { operation: 'export', input: { ...some('dir', dir), ...some('format', format), ...flag('force', force) }, selection, member: 'refs', many: 'list', needs }
}

export function refine(turn: Turn): Draft | undefined {
  const isAsked = turn.orders('compress', 'resize', 'convert', 'refine')
  const isSmaller = turn.has('smaller')
  const isMade = !isAsked && (isSmaller || turn.peek('pixels') || turn.left().some(({ named }) => named.format)) && turn.orders('make')
  const isSvg = !isAsked && !isMade && turn.means('svg') && turn.orders('optimize')
  if (!isAsked && !isMade && !isSvg) return undefined
  turn.dropWords('smaller')
  const isCompressing = isSmaller || (turn.head?.meanings.some(({ concept }) => concept === 'compress') ?? false)
  const pixels = turn.value('pixels')?.text.toLowerCase()
  const side = pixels === undefined && turn.left().some(({ lower }) => /^(?:width|height|wide)$/.test(lower)) ? turn.value('number')?.amount : undefined
  const isHeight = turn.takeWord('high', 'tall', 'height')
  turn.dropWords('wide', 'width', 'pixels', 'down', 'up', 'make', 'into', 'format', 'compression', 'level')
  turn.drop('compress', 'resize', 'convert', 'make')
  if (isSvg) turn.drop('svg', 'optimize')
  const formats = isSvg ? [] : turn.left().filter(({ named }) => named.format !== undefined)
  formats.forEach((part) => (part.isTaken = true))
  // `from png to webp`
  const format = formats.at(-1)
  const level = turn.left().find(({ named }) => named.level !== undefined)
  if (level) level.isTaken = true
  const { levels } = turn.grammar.known
  const compress = level?.named.level ?? (turn.take('highLevel') ? levels.at(-1) : turn.take('lowLevel') ? levels[0] : undefined)
  const width = side ?? (pixels && /\d+/.exec(pixels)?.[0])
  const resize = pixels === undefined && side === undefined ? undefined : pixels?.includes('x') && !/px$/.test(pixels) ? pixels : isHeight ? `x${width}` : String(width)
  // `compress it high`: the word belongs to the level, not to a height.
  const isLevelHigh = isHeight && resize === undefined
  const asked = compress ?? (isLevelHigh ? levels.at(-1) : undefined)
  const usual = isCompressing && resize === undefined && !format ? levels[Math.floor(levels.length / 2)] : undefined
  const input = { ...some('compress', asked ?? usual), ...some('resize', resize), ...some('convert', format?.named.format), ...flag('optimiseSvg', isSvg) }
  const selection = turn.select()
  if (Object.keys(input).length === 0) return { operation: 'refine', input, selection, member: 'ref', many: 'calls', needs: ['ref', 'compress'] }
  return { operation: 'refine', input, selection, member: 'ref', many: 'calls', needs: ['ref'] }
}

export function organize(turn: Turn): Draft | undefined {
  if (!turn.orders('organize')) return undefined
  turn.drop('layout', 'assets', 'everything')
  turn.dropWords('move', 'up', 'out', 'folder', 'folders', 'standard')
  return { operation: 'organize', input: flag('dryRun', turn.isPreview) }
}

export function pick(turn: Turn): Draft | undefined {
  if (!turn.orders('pick')) return undefined
  turn.dropWords('variation', 'number', 'variant')
  const variation = turn.value('number')?.amount
  if (variation === undefined) return undefined
  return { operation: 'pick', input: { variation }, selection: turn.select(), member: 'ref', many: 'one', needs: ['ref'] }
}

export function generate(turn: Turn): Draft | undefined {
  const isStaleAsked = turn.asks && turn.means('stale') && !turn.isPreview
  const isAgain = turn.means('again') || /^(?:regenerate|re-render|remake|redo)$/.test(turn.head?.lower ?? '')
  const isNamed = turn.peek('ref') || turn.left().some(({ named }) => named.spec !== undefined)
  const isPriced = isNamed && (turn.isPreview || turn.asks) && turn.means('cost', 'price')
  if (!isStaleAsked && !isPriced && !turn.orders('generate') && !(isNamed && !turn.peek('pixels') && turn.begins('make'))) return undefined
  const dryRun = turn.isPreview || isStaleAsked || isPriced
  if (dryRun) turn.drop('preview', 'cost', 'price', 'look', 'get')
  if (dryRun) turn.dropWords('how', 'much', 'what')
  if (isPriced) turn.drop('generate')
  if (isStaleAsked) turn.dropWords('what', 'which', 'anything')
  const only = turn.take('stale') ? 'stale' : undefined
  turn.drop('again', 'smaller')
  const provider = turn.left().find(({ named }) => named.provider !== undefined)
  if (provider) provider.isTaken = true
  turn.dropWords('using', 'via', 'specs', 'spec', 'max', 'maximum', 'provider')
  const maxCost = turn.value('money')?.amount
  const specs = [
    ...turn.values('path').map(({ text }) => text),
    ...turn.left().filter(({ named }) => named.spec !== undefined).map((part) => ((part.isTaken = true), part.text)),
  ]
  const selection = turn.select({ describedOnly: true })
  if (describesAssets(selection)) return undefined
  specs.push(...turn.left().filter(({ sort, text }) => sort === 'quoted' || (sort === 'word' && /[a-z\d]-[a-z\d]/.test(text))).map((part) => ((part.isTaken = true), part.text)))
  return {
    operation: 'generate',
    input: {
      ...(specs.length > 0 && { specs }),
      ...flag('dryRun', dryRun),
      ...flag('force', isAgain && !dryRun),
      ...some('only', only),
      ...some('provider', provider?.named.provider),
      ...some('maxCost', maxCost),
    },
    selection,
    member: 'specs',
    many: 'list',
    allIsNone: true,
  }
}
