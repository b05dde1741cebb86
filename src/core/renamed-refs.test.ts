import { expect, it } from 'vitest'
import { renameRefs } from './renamed-refs.ts'

const names = new Map([
  ['ui-components/buttons/button', 'ui-components/buttons/button-2'],
  ['ICON-ACME-UI001', 'ICON-ACME-UI003'],
])

it.each([
  ['import B from "asset:ui-components/buttons/button"', 'import B from "asset:ui-components/buttons/button-2"'],
  ['import("asset:ICON-ACME-UI001?w=32")', 'import("asset:ICON-ACME-UI003?w=32")'],
  ['url(asset:ICON-ACME-UI001)', 'url(asset:ICON-ACME-UI003)'],
  ['![](~asset/ICON-ACME-UI001.png)', '![](~asset/ICON-ACME-UI003.png)'],
  ['See asset:ui-components/buttons/button.', 'See asset:ui-components/buttons/button-2.'],
  ['"asset:ICON-ACME-UI001@1.0.0"', '"asset:ICON-ACME-UI003@1.0.0"'],
  ['<Asset ref="ICON-ACME-UI001" />', '<Asset ref="ICON-ACME-UI003" />'],
  ['import B from "asset:ui-components/buttons/button-large"', 'import B from "asset:ui-components/buttons/button-large"'],
  ['asset:ICON-ACME-UI0012', 'asset:ICON-ACME-UI0012'],
  ['the button ui-components/buttons/button', 'the button ui-components/buttons/button'],
])('%s', (text, renamed) => expect(renameRefs(text, names)).toBe(renamed))
