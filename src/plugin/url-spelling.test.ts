import { expect, it } from 'vitest'
import { refInUrlCall } from './url-spelling.ts'

it.each([
  ['const u = new URL("asset:A-B-C001", import.meta.url)', 'asset:A-B-C001'],
  ["const u = new URL('~asset/A-B-C001.png', import.meta.url)", '~asset/A-B-C001.png'],
  ['const u = new URL(\n  `asset:A-B-C001`, import.meta.url)', 'asset:A-B-C001'],
  ['const g = import.meta.glob("asset:A-*")', 'asset:A-*'],
  ['const g = import.meta.glob(["asset:A-*"], { eager: true })', 'asset:A-*'],
  ['// new URL("asset:A-B-C001", import.meta.url)', undefined],
  [' * new URL("asset:A-B-C001", import.meta.url)', undefined],
  ['import a from "asset:A-B-C001"; new URL(a, import.meta.url)', undefined],
  ['import.meta.glob("./asset/*.png")', undefined],
])('%s', (code, expected) => {
  expect(refInUrlCall(code)).toBe(expected)
})
