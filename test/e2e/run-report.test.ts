import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { browserMissing, launchBrowser } from '../browser.ts'
import { pricedConfig, pricedSpec, type PricedServer } from '../fakes/priced-provider.ts'
import { eachWithPricedProject } from '../generation/priced-project.ts'
import { startCli, type TestProject } from '../operations/project.ts'

let server: PricedServer
let project: TestProject
eachWithPricedProject((made) => ({ server, project } = made))

const hostile = '"><img src=x onerror="window.broken=1"><script>window.broken=1</script>'

describe.skipIf(browserMissing)('the report of a run', () => {
  let browser: Browser
  beforeAll(async () => (browser = await launchBrowser()))
  afterAll(() => browser?.close())

  it('shows pictures, waveforms and what went wrong, and runs nothing that stands in it', async () => {
    project.write('assetloom.config.ts', pricedConfig(server.baseURL, { options: { budget: { monthlyUsd: 1 } }, provider: { concurrency: 1 } }))
    project.write('specs/a.json', pricedSpec('a', { model: hostile, prompt: hostile }))
    project.write('specs/b.yaml', 'version: "1.0"\nid: beep\ngeneration: { type: audio }\nprompt: { base: coin }\n')
    project.write('specs/c.json', pricedSpec('c', { model: hostile }))
    server.faults.push('ok', { status: 400 })
    const { stdout } = await startCli(project, ['generate', '--json']).done
    const { report } = (JSON.parse(stdout) as { data: { report: { html: string } } }).data

    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ colorScheme })
      const complaints: string[] = []
      page.on('console', (message) => complaints.push(message.text())).on('pageerror', (error) => complaints.push(error.message))
      await page.goto(pathToFileURL(project.path(report.html)).href)
      expect(complaints).toEqual([])
      expect(await page.evaluate(() => 'broken' in window)).toBe(false)
      expect(await page.evaluate(() => [...document.images].map((image) => image.naturalWidth > 0))).toEqual([true])
      const waves = page.locator('svg[aria-label=waveform]')
      expect(await waves.count()).toBe(1)
      expect(await waves.locator('rect').count()).toBe(64)
      const heights = await waves.locator('rect').evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute('height'))))
      expect(new Set(heights).size).toBeGreaterThan(5)
      const text = await page.locator('body').innerText()
      for (const part of ['$0.04', '2 provider calls', '1 not made', 'PROVIDER_REJECTED', 'specs/c.json', hostile, 'local']) expect(text).toContain(part)
      // Every text can be told from what it stands on.
      const [color, ground] = await page.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor])
      expect(color).not.toBe(ground)
      await page.close()
    }
  })
})
