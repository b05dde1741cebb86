import {
  answerEvent,
  questionEvent,
  type PageAsset,
  type ToolbarAnswer,
  type ToolbarQuestion,
} from './toolbar-messages.ts'

/* The dev-toolbar app: the assets of the open page. Runs in the developer's browser. */

interface App extends EventTarget {
  toggleState(state: { state: boolean }): void
}
interface Server {
  on(event: string, listener: (data: ToolbarAnswer) => void): void
  send(event: string, data: ToolbarQuestion): void
}

const style = `
  :host { color-scheme: dark }
  astro-dev-toolbar-window { max-width: 640px }
  header { display: flex; align-items: baseline; gap: 10px; margin: 0 0 4px }
  h1 { font-size: 20px; font-weight: 600; margin: 0; color: #fff }
  .count { color: #a9b0bd; font-size: 13px }
  p { color: #bfc5d2; margin: 8px 0; line-height: 1.5 }
  ul { list-style: none; margin: 12px -24px -24px; padding: 0 24px; overflow-y: auto; max-height: min(400px, 60vh) }
  li { display: grid; grid-template-columns: 56px 1fr auto; gap: 4px 14px; align-items: center; padding: 12px 0; border-top: 1px solid #343841 }
  .thumb { width: 56px; height: 56px; border-radius: 8px; object-fit: cover; grid-row: span 2; align-self: start;
    background: #23262d repeating-conic-gradient(#2d313a 0 25%, #0000 0 50%) 0 0 / 14px 14px }
  .kind { display: grid; place-items: center; font-size: 11px; color: #bfc5d2 }
  .ref { font: 600 13px/1.4 ui-monospace, SFMono-Regular, Menlo, monospace; color: #fff; overflow-wrap: anywhere }
  .facts { grid-column: 2 / -1; font-size: 12.5px; line-height: 1.5; color: #a9b0bd; overflow-wrap: anywhere }
  .facts code { font: 12px ui-monospace, SFMono-Regular, Menlo, monospace; color: #c9b8ff }
  .warn { color: #ffc46b }
  button { font: 500 12px/1 system-ui, sans-serif; color: #e6e8ee; background: #2a2e37; border: 1px solid #454b57; border-radius: 6px; padding: 8px 10px; cursor: pointer; min-width: 104px }
  button:hover { background: #363b46 }
  button:focus-visible { outline: 2px solid #b394ff; outline-offset: 2px }
  .said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
`

export default {
  init(canvas: ShadowRoot, app: App, server: Server) {
    let asked = ''
    let found = new Map<string, string>()

    const ask = () => {
      found = servedFiles()
      asked = `${Date.now()}-${Math.random()}`
      server.send(questionEvent, { id: asked, files: [...found.keys()] })
    }
    server.on(answerEvent, (answer) => {
      if (answer.id === asked) render(canvas, answer, found)
    })
    app.addEventListener('app-toggled', (event) => {
      if ((event as CustomEvent<{ state: boolean }>).detail.state) ask()
      else canvas.replaceChildren()
    })
    document.addEventListener('astro:after-swap', () => {
      if (canvas.querySelector('astro-dev-toolbar-window')) ask()
    })
  },
}

/** Files of `.assetloom/files` that elements and backgrounds of the page show: name → a URL of it. */
function servedFiles(): Map<string, string> {
  const files = new Map<string, string>()
  const add = (url: string) => {
    let text = url
    // Astro's image endpoint carries the file's path in its query, encoded once more.
    for (let i = 0; i < 2 && text.includes('%'); i++) {
      try {
        text = decodeURIComponent(text)
      } catch {
        break
      }
    }
    const name = /\.assetloom\/files\/[0-9a-f]{8}\/([^/?&#"')]+)/.exec(text)?.[1]
    if (name && !files.has(name)) files.set(name, url)
  }
  for (const entry of performance.getEntriesByType('resource')) if (!entry.name.includes('import')) add(entry.name)
  for (const element of document.querySelectorAll('*')) {
    for (const attribute of ['src', 'srcset', 'href', 'poster', 'data']) {
      const value = element.getAttribute(attribute)
      if (value?.includes('assetloom')) for (const part of value.split(/,\s+/)) add(part.trim().split(/\s+/)[0]!)
    }
    for (const pseudo of [null, '::before', '::after']) {
      const { backgroundImage, maskImage } = getComputedStyle(element, pseudo)
      for (const value of [backgroundImage, maskImage])
        if (value?.includes('assetloom')) for (const match of value.matchAll(/url\("?([^")]+)/g)) add(match[1]!)
    }
  }
  return files
}

function render(canvas: ShadowRoot, answer: ToolbarAnswer, urls: ReadonlyMap<string, string>): void {
  const said = make('span', { class: 'said', role: 'status' })
  const heading = make('header', {}, [
    make('h1', {}, ['Assets']),
    make('span', { class: 'count' }, [
      answer.assets.length === 1 ? '1 on this page' : `${answer.assets.length} on this page`,
    ]),
  ])
  const body = answer.problem
    ? make('p', { role: 'alert' }, [answer.problem])
    : answer.assets.length === 0
      ? make('p', {}, ['No asset of the library is on this page. Import one: import logo from "asset:TOKEN".'])
      : make('ul', { 'aria-label': 'Assets on this page' }, answer.assets.map((asset) => item(asset, urls, said)))
  canvas.replaceChildren(make('style', {}, [style]), make('astro-dev-toolbar-window', {}, [heading, body, said]))
}

function item(asset: PageAsset, urls: ReadonlyMap<string, string>, said: HTMLElement): HTMLElement {
  const url = asset.files.map((file) => urls.get(file)).find((one) => one !== undefined)
  const thumb =
    asset.kind === 'image' && url
      ? make('img', { class: 'thumb', src: url, alt: '' })
      : make('span', { class: 'thumb kind', 'aria-hidden': 'true' }, [asset.kind])
  const line = `import ${identifier(asset)} from "asset:${asset.ref}"`
  const copy = make('button', { type: 'button', 'aria-label': `Copy the import line of ${asset.ref}` }, ['Copy import'])
  copy.addEventListener('click', () => {
    copyText(line).then(
      () => tell(copy, said, 'Copied', `Copied ${line}`),
      () => tell(copy, said, 'Not allowed', 'The browser did not allow copying.'),
    )
  })
  return make('li', {}, [
    thumb,
    make('span', { class: 'ref' }, [asset.ref]),
    copy,
    make('span', { class: 'facts' }, facts(asset)),
  ])
}

function facts(asset: PageAsset): (string | HTMLElement)[] {
  const size = [
    asset.widthPx && asset.heightPx ? `${asset.widthPx} × ${asset.heightPx}` : '',
    asset.mediaType ?? '',
    asset.sizeBytes === undefined ? '' : bytesText(asset.sizeBytes),
  ].filter(Boolean)
  const parts: (string | HTMLElement)[] = [size.join(' · '), make('br')]
  parts.push(
    ...(asset.spec
      ? ['made from ', make('code', {}, [asset.spec])]
      : [asset.origin === 'import' ? 'imported' : `from a ${asset.origin}`]),
  )
  if (asset.alias) parts.push(' · ', make('code', {}, [asset.alias]))
  if (asset.kind === 'image')
    parts.push(
      make('br'),
      asset.alt === undefined
        ? make('span', { class: 'warn' }, ['no alternative text'])
        : asset.alt === ''
          ? 'decorative'
          : `“${asset.alt}”`,
    )
  return parts
}

function bytesText(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

function identifier(asset: PageAsset): string {
  const words = (asset.alias ?? asset.ref.split('/').at(-1)!)
    .replace(/\d+$/, '')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
  const name = words
    .map((word, i) =>
      asset.alias && words.length === 1
        ? word
        : i === 0
          ? word.toLowerCase()
          : word[0]!.toUpperCase() + word.slice(1).toLowerCase(),
    )
    .join('')
  return /^[A-Za-z_]/.test(name) ? name : `asset${name}`
}

async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text)
}

function tell(button: HTMLElement, said: HTMLElement, shown: string, spoken: string): void {
  button.textContent = shown
  said.textContent = spoken
  setTimeout(() => {
    button.textContent = 'Copy import'
  }, 1600)
}

function make(name: string, attributes: Record<string, string> = {}, children: (Node | string)[] = []): HTMLElement {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}
