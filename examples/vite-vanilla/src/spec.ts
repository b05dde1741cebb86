import text from '../specs/logo.yaml?raw'

/** The spec of the monogram beside what it makes; in dev both follow the file. */
export function showSpec(logo: string): void {
  document.querySelector<HTMLImageElement>('#spec-logo')!.src = logo
  show(text)
}

function show(spec: string): void {
  document.querySelector('#spec')!.textContent = spec
}

import.meta.hot?.accept('../specs/logo.yaml?raw', (changed) => show((changed as { default: string } | undefined)?.default ?? text))
