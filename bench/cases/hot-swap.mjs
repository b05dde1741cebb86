import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { createServer } from 'vite'
import { pairs, row } from '../measure.mjs'

const executable = [process.env.CHROMIUM_PATH ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path))

/** A spec whose picture is of one colour, so that the page's pixels tell which state of the spec they show. */
const spec = (color) => `version: "1.0"
id: banner
metadata: { category: Images, name: Banner, alt: A plain banner }
generation: { type: image, provider: local, recipe: gradient }
prompt:
  base: linear gradient
  parameters: { size: 512x512, seed: 1, kind: linear, colors: ["${color}", "${color}"] }
post_processing:
  - { action: convert, format: png }
integration: { manifest_key: banner, token: { variant: BANNER } }
`

/**
 * From saving a file to its pixels on the page: a spec that a local recipe carries out and the page shows in place, and
 * Vite's reload of a picture that was replaced. The spec's page must keep its state.
 */
export async function run({ folder, runs, report }) {
  if (!executable) throw new Error('Chromium is not installed; set CHROMIUM_PATH.')
  const { chromium } = await import('playwright-core')
  const { default: assetloom } = await import('assetloom/vite')
  const browser = await chromium.launch({ executablePath: executable, args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })
  const root = (name) => {
    const path = join(folder, name)
    rmSync(path, { recursive: true, force: true })
    mkdirSync(join(path, 'src'), { recursive: true })
    writeFileSync(join(path, 'package.json'), '{"private":true,"type":"module"}')
    writeFileSync(join(path, 'index.html'), '<!doctype html><html lang="en"><head><title>hot</title></head><body><img id="it" alt=""><script type="module" src="/src/main.js"></script></body></html>')
    return path
  }
  const page = async (path, plugins) => {
    const server = await createServer({ root: path, configFile: false, logLevel: 'error', plugins, server: { port: 0, host: '127.0.0.1' } })
    await server.listen()
    const tab = await browser.newPage()
    await tab.goto(server.resolvedUrls.local[0], { waitUntil: 'networkidle' })
    return { server, tab }
  }
  /** Milliseconds until the picture's first pixel is of a colour. */
  const untilShown = async (tab, color, change) => {
    const start = performance.now()
    await change()
    for (;;) {
      const shown = await tab
        .evaluate(() => {
          const image = document.querySelector('#it')
          if (!image?.complete || !image.naturalWidth) return ''
          const canvas = document.createElement('canvas')
          const context = canvas.getContext('2d')
          context.drawImage(image, 0, 0, 1, 1)
          return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((n) => n.toString(16).padStart(2, '0')).join('')
        })
        .catch(() => '')
      if (isNear(shown, color)) return { wallMs: performance.now() - start }
      if (performance.now() - start > 15_000) throw new Error(`The page shows ${shown}, not ${color}, after 15 s.`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  let n = 0
  const nextColor = () => `#${((n++ * 47 + 20) % 200 + 30).toString(16).padStart(2, '0')}${((n * 91) % 200 + 30).toString(16).padStart(2, '0')}80`.toUpperCase()

  const ours = root('hot-ours')
  mkdirSync(join(ours, 'specs'))
  const specFile = join(ours, 'specs/banner.yaml')
  writeFileSync(join(ours, 'src/main.js'), 'import it from "asset:banner"\ndocument.querySelector("#it").src = it\n')
  writeFileSync(specFile, spec('#101010'))
  const theirs = root('hot-theirs')
  const picture = join(theirs, 'src/banner.png')
  const flat = (color) => sharp({ create: { width: 512, height: 512, channels: 4, background: color } }).png().toBuffer()
  writeFileSync(picture, await flat('#101010'))
  writeFileSync(join(theirs, 'src/main.js'), 'import it from "./banner.png"\ndocument.querySelector("#it").src = it\n')

  const [a, b] = [await page(ours, [assetloom({ tokens: { families: { ACME: 'Acme' }, defaultFamily: 'ACME' }, generate: 'auto' })]), await page(theirs, [])]
  try {
    await a.tab.evaluate(() => void (window.state = 42))
    const result = await pairs({
      runs: runs * 2,
      warmUp: 2,
      ours: () => {
        const color = nextColor()
        return untilShown(a.tab, color, () => writeFileSync(specFile, spec(color)))
      },
      peer: async () => {
        const color = nextColor()
        const bytes = await flat(color)
        return untilShown(b.tab, color, () => writeFileSync(picture, bytes))
      },
    })
    if ((await a.tab.evaluate(() => window.state)) !== 42) throw new Error('The page lost its state.')
    report(row('spec edit → new pixels, page state kept', "Vite's reload of a replaced picture", 0.7, result))
  } finally {
    await browser.close()
    await a.server.close()
    await b.server.close()
  }
}

/** Colour management may move a channel by a step or two. */
function isNear(shown, color) {
  if (shown.length !== 6) return false
  return [0, 2, 4].every((at) => Math.abs(parseInt(shown.slice(at, at + 2), 16) - parseInt(color.slice(at + 1, at + 3), 16)) <= 3)
}
