import { sep } from 'node:path'
import { codeText } from '../core/code-text.ts'
import type { AssetModule, ItemContent } from './asset-module.ts'
import { takeApart } from './placed-request.ts'

/** The code of a library item's module. */
export function itemCode(asset: AssetModule, { module, path }: ItemContent): string {
  return [
    ...ownCode(module, path && codeText(sep === '\\' ? path.replaceAll('\\', '/') : path)),
    `export const token = ${codeText(asset.token)}`,
    `export const meta = /*#__PURE__*/ Object.freeze(${codeText(asset.meta)})`,
    '',
  ].join('\n')
}

/** @param path - spelled as code, of the file that is imported */
function ownCode(module: ItemContent['module'], path: string | undefined): string[] {
  switch (module.form) {
    case 'value':
      return [
        ...Object.entries(module.named ?? {}).map(([name, value]) => `export const ${name} = ${codeText(value)}`),
        `export default ${codeText(module.value)}`,
      ]
    case 'code':
      return [...module.statements, `export default ${module.expression}`]
    case 'source':
      return module.exported === 'execute'
        ? [`export { execute, execute as default } from ${path}`]
        : [`export { default } from ${path}`, `export * from ${path}`]
    case 'stylesheet':
      return [...(path ? [`import ${path}`] : []), `export default ${codeText(module.css)}`]
  }
}

/** What follows a facade in dev: a style sheet is swapped in place; other items are followed by who imports them. */
export function itemHotFooter({ module, path }: ItemContent): string {
  return module.form === 'stylesheet' && path ? 'if (import.meta.hot) import.meta.hot.accept()\n' : ''
}

/** A request for a style sheet that takes effect by being imported. */
export function isSheetRequest(request: string): boolean {
  const { request: spelled } = takeApart(request)
  const words = spelled.slice(spelled.indexOf('?') + 1).split('&')
  return spelled.includes('/') && spelled.includes('?') && words.includes('css') && !words.includes('inline')
}
