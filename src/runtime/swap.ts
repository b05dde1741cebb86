/** Old URL → present URL of every asset that changed since the page was loaded. */
const replaced = new Map<string, string>()

const urlAttributes = ['src', 'href', 'poster', 'data'] as const

/** The page's own spelling of a URL, without the host's cache mark. */
function absolute(url: string): string {
  const resolved = new URL(url, document.baseURI)
  resolved.searchParams.delete('t')
  return resolved.href
}

function swapSrcset(text: string, from: string, to: string): string | undefined {
  let found = false
  const next = text
    .split(',')
    .map((candidate) => {
      const [url = '', ...descriptor] = candidate.trim().split(/\s+/)
      if (url === '' || absolute(url) !== from) return candidate.trim()
      found = true
      return [to, ...descriptor].join(' ')
    })
    .join(', ')
  return found ? next : undefined
}

function swapElement(element: Element, from: string, to: string): boolean {
  let swapped = false
  for (const name of urlAttributes) {
    const value = element.getAttribute(name)
    if (value && absolute(value) === from) {
      element.setAttribute(name, to)
      swapped = true
    }
  }
  const srcset = element.getAttribute('srcset')
  const next = srcset && swapSrcset(srcset, from, to)
  if (next) {
    element.setAttribute('srcset', next)
    swapped = true
  }
  const style = (element as HTMLElement).style
  if (style) {
    for (const property of [
      'background-image',
      'border-image-source',
      'mask-image',
      'list-style-image',
      'cursor',
      'content',
    ]) {
      const value = style.getPropertyValue(property)
      const changed = value.replace(/url\((["']?)(.*?)\1\)/g, (whole, _quote: string, url: string) =>
        absolute(url) === from ? `url(${JSON.stringify(to)})` : whole,
      )
      if (changed !== value) {
        style.setProperty(property, changed)
        swapped = true
      }
    }
  }
  if (swapped && element instanceof HTMLSourceElement && element.parentElement instanceof HTMLMediaElement)
    element.parentElement.load()
  return swapped
}

/** Elements that a framework renders later from a value it took before the change get the present URL too. */
let observer: MutationObserver | undefined
function watchLateElements(): void {
  observer ??= new MutationObserver((records) => {
    for (const record of records) {
      const elements =
        record.type === 'attributes'
          ? [record.target as Element]
          : [...record.addedNodes].flatMap((node) =>
              node instanceof Element ? [node, ...node.querySelectorAll('*')] : [],
            )
      for (const element of elements) for (const [from, to] of replaced) swapElement(element, from, to)
    }
  })
  observer.observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: [...urlAttributes, 'srcset', 'style'],
  })
}

/**
 * Show another file wherever the page shows one: elements, srcsets and inline styles. State of the page is kept.
 * @returns whether anything on the page pointed to the old file
 */
export function swapAsset(from: string | undefined, to: string | undefined): boolean {
  if (!from || !to) return false
  const [old, present] = [absolute(from), absolute(to)]
  if (old === present || replaced.get(old) === present) return true
  for (const [earlier, target] of replaced) if (target === old) replaced.set(earlier, present)
  replaced.set(old, present)
  replaced.delete(present)
  let swapped = false
  for (const element of document.querySelectorAll('[src],[href],[poster],[data],[srcset],[style]'))
    swapped = swapElement(element, old, present) || swapped
  if (swapped) watchLateElements()
  return swapped
}

/** Swap every file of a module by position: a srcset or a picture has several. */
export function swapAssets(from: readonly string[], to: readonly string[]): boolean {
  return from.length === to.length && from.map((url, i) => swapAsset(url, to[i])).some(Boolean)
}
