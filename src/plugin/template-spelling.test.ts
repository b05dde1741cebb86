import { expect, it } from 'vitest'
import { refInTemplate } from './template-spelling.ts'

it.each([
  ['<img src="asset:A-B-C001">', 'asset:A-B-C001'],
  ["<img alt=\"a > b\" src='asset:A-B-C001?w=640'>", 'asset:A-B-C001?w=640'],
  ['<img onClick={go} src="asset:A-B-C001" />', 'asset:A-B-C001'],
  ['<source\n  srcset="asset:A-B-C001 1x">', 'asset:A-B-C001'],
  ['<img src="~asset/A-B-C001.png">', undefined],
  ['<img data-src="asset:A-B-C001">', undefined],
  ['<Asset src="asset:A-B-C001" />', undefined],
  ['&lt;img src="asset:A-B-C001"&gt;', undefined],
  ['import a from "asset:A-B-C001"; <img src={a} />', undefined],
])('%s', (code, expected) => {
  expect(refInTemplate(code)).toBe(expected)
})
