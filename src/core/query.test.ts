import { describe, expect, test } from 'vitest'
import { isAssetloomError } from './errors.ts'
import { queryKeys } from './query-keys.ts'
import { parseAssetQuery } from './query.ts'
import { completeTransform } from './transform.ts'

const codeOf = (query: string): string => {
  try {
    parseAssetQuery(query)
    return 'accepted'
  } catch (error) {
    return isAssetloomError(error) ? error.code : `foreign ${String(error)}`
  }
}

describe('refused queries', () => {
  test.each([
    ['wdith=320', 'QUERY_UNKNOWN_KEY'],
    ['W=320', 'QUERY_UNKNOWN_KEY'],
    ['__proto__=1', 'QUERY_UNKNOWN_KEY'],
    ['constructor', 'QUERY_UNKNOWN_KEY'],
    ['=1', 'QUERY_UNKNOWN_KEY'],
    ['w=320&&utm=1', 'QUERY_UNKNOWN_KEY'],
    ['w[]=320', 'QUERY_UNKNOWN_KEY'],
    ['w', 'QUERY_VALUE'],
    ['w=', 'QUERY_VALUE'],
    ['w=0', 'QUERY_VALUE'],
    ['w=-5', 'QUERY_VALUE'],
    ['w=12.5', 'QUERY_VALUE'],
    ['w=1e3', 'QUERY_VALUE'],
    ['w=0x10', 'QUERY_VALUE'],
    ['w=16384', 'QUERY_VALUE'],
    ['w=320px', 'QUERY_VALUE'],
    ['w=320;', 'QUERY_VALUE'],
    ['w=320;320', 'QUERY_VALUE'],
    ['w=320,640', 'QUERY_VALUE'],
    ['w=NaN', 'QUERY_VALUE'],
    ['w=٣٢٠', 'QUERY_VALUE'],
    ['h=1;2', 'QUERY_VALUE'],
    ['fit=covr', 'QUERY_VALUE'],
    ['position=middle', 'QUERY_VALUE'],
    ['format=bmp', 'QUERY_VALUE'],
    ['format=webp;webp', 'QUERY_VALUE'],
    ['format=jpg;jpeg', 'QUERY_VALUE'],
    ['quality=0', 'QUERY_VALUE'],
    ['quality=101', 'QUERY_VALUE'],
    ['blur', 'QUERY_VALUE'],
    ['blur=0.1', 'QUERY_VALUE'],
    ['blur=Infinity', 'QUERY_VALUE'],
    ['rotate=360', 'QUERY_VALUE'],
    ['rotate=-90', 'QUERY_VALUE'],
    ['background=notacolor', 'QUERY_VALUE'],
    ['background=%2312345', 'QUERY_VALUE'],
    ['background=url(x)', 'QUERY_VALUE'],
    ['aspect=16x9', 'QUERY_VALUE'],
    ['aspect=0:9', 'QUERY_VALUE'],
    ['aspect=1000:1', 'QUERY_VALUE'],
    ['as=json', 'QUERY_VALUE'],
    ['dpr=9&w=10', 'QUERY_VALUE'],
    ['w=9000&dpr=2', 'QUERY_VALUE'],
    ['w=16000&aspect=1:2', 'QUERY_VALUE'],
    ['enlarge=yes', 'QUERY_VALUE'],
    ['placeholder=1', 'QUERY_VALUE'],
    ['url=1', 'QUERY_VALUE'],
    ['w=1&w=2', 'QUERY_DUPLICATE_KEY'],
    ['url&url', 'QUERY_DUPLICATE_KEY'],
    ['placeholder&w=320', 'QUERY_CONFLICT'],
    ['placeholder&format=webp', 'QUERY_CONFLICT'],
    ['raw&w=10', 'QUERY_CONFLICT'],
    ['inline&no-inline', 'QUERY_CONFLICT'],
    ['w=100&h=50&aspect=2:1', 'QUERY_CONFLICT'],
    ['dpr=2', 'QUERY_CONFLICT'],
    ['w=1;2&dpr=1;2', 'QUERY_CONFLICT'],
    ['as=picture&url', 'QUERY_CONFLICT'],
    ['as=url&w=1;2', 'QUERY_CONFLICT'],
    ['inline&w=1;2', 'QUERY_CONFLICT'],
    ['fit=fill&position=entropy&w=10', 'QUERY_CONFLICT'],
    [`w=${Array.from({ length: 65 }, (_, i) => i + 1).join(';')}`, 'QUERY_CONFLICT'],
    [`background=${'f'.repeat(3000)}`, 'QUERY_CONFLICT'],
  ])('%s → %s', (query, code) => expect(codeOf(query)).toBe(code))

  test('name what is allowed and what is near', () => {
    expect(() => parseAssetQuery('fit=covr')).toThrow(expect.objectContaining({ hint: 'Did you mean cover?' }))
    expect(() => parseAssetQuery('formt=webp')).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/^Did you mean format\? Keys are w, h, fit/) as string }),
    )
    expect(() => parseAssetQuery('w=0')).toThrow(/1 to 16383/)
  })
})

describe('canonical', () => {
  test.each([
    ['w=640&format=webp', 'format=webp&w=640'],
    ['?w=1280;640', 'w=640;1280'],
    ['w=640&fit=cover&position=center', 'w=640'],
    ['position=right%20top&w=9&h=9', 'w=9&position=right-top&h=9'],
    ['format=jpeg', 'format=jpg'],
    ['background=white&w=10', 'background=%23ffffffff&w=10'],
    ['background=%23FFF&w=10', 'background=fff&w=10'],
    ['rotate=0', ''],
    ['w=10&enlarge', 'enlarge=&w=10'],
    ['aspect=16/9', 'aspect=16:9'],
  ])('%s is %s', (one, other) => {
    expect(parseAssetQuery(one).canonical).toBe(parseAssetQuery(other).canonical)
    expect(parseAssetQuery(one).transforms).toEqual(parseAssetQuery(other).transforms)
  })

  test('is its own canonical form', () => {
    for (const query of [
      'w=640;1280&format=avif;webp&as=picture',
      'placeholder',
      'background=red&rotate=45',
      'w=5&url&enlarge',
    ]) {
      const { canonical } = parseAssetQuery(query)
      expect(parseAssetQuery(canonical).canonical).toBe(canonical)
    }
  })

  test('keeps what differs apart', () => {
    const queries = [
      '',
      'url',
      'w=640',
      'w=641',
      'h=640',
      'w=640&enlarge',
      'w=640&fit=inside',
      'format=avif;webp',
      'format=webp;avif',
    ]
    expect(new Set(queries.map((query) => parseAssetQuery(query).canonical)).size).toBe(queries.length)
  })
})

describe('expansion', () => {
  test('lists multiply, formats outermost and in their order', () => {
    const { transforms, shape } = parseAssetQuery('w=1280;640&format=webp;avif')
    expect(transforms.map(({ format, widthPx }) => `${format} ${widthPx}`)).toEqual([
      'webp 640',
      'webp 1280',
      'avif 640',
      'avif 1280',
    ])
    expect(shape).toBe('srcset')
  })

  test('densities scale the size and are told', () => {
    expect(
      parseAssetQuery('w=100&aspect=2:1&dpr=2;1.5').transforms.map(({ widthPx, heightPx, dpr }) => [
        widthPx,
        heightPx,
        dpr,
      ]),
    ).toEqual([
      [150, 75, 1.5],
      [200, 100, 2],
    ])
  })

  test.each([
    ['', 'file', 0],
    ['url', 'file', 0],
    ['fit=inside', 'file', 0],
    ['w=10', 'url', 1],
    ['w=10&as=srcset', 'srcset', 1],
    ['w=10;20&as=picture', 'picture', 2],
    ['placeholder', 'placeholder', 1],
  ])('%s has the shape %s of %i files', (query, shape, files) => {
    const parsed = parseAssetQuery(query)
    expect([parsed.shape, parsed.transforms.length]).toEqual([shape, files])
  })

  test('host keys are handed on', () => {
    expect([...parseAssetQuery('w=10&url&no-inline').host].sort()).toEqual(['no-inline', 'url'])
    expect(queryKeys).toContain('no-inline')
  })
})

test('what depends on the original is decided with its type', () => {
  const [transform] = parseAssetQuery('w=10').transforms
  expect(completeTransform(transform!, 'image/png')).toMatchObject({
    format: 'png',
    quality: 100,
    widthPx: 10,
    fit: 'cover',
    position: 'center',
    enlarge: false,
  })
  expect(completeTransform(transform!, 'image/jpeg').format).toBe('jpg')
  expect(completeTransform(transform!, 'image/svg+xml').format).toBe('png')
  expect(completeTransform(parseAssetQuery('format=webp&quality=33').transforms[0]!, 'image/png')).toMatchObject({
    format: 'webp',
    quality: 33,
  })
})
