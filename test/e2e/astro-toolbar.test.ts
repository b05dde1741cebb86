import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserMissing, launchBrowser } from '../browser.ts'
import { astroSite, dev, particle, type DevSite } from '../plugin/astro-site.ts'
import type { Project } from '../project.ts'

describe.skipIf(browserMissing)('Astro in a browser', () => {
  let browser: Browser
  let page: Page
  let site: DevSite
  let project: Project

  beforeAll(async () => {
    project = await astroSite()
    site = await dev(project)
    browser = await launchBrowser()
    page = await browser.newPage()
    await page.goto(site.url)
  })
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
  })

  it('lists the assets of the page in the dev toolbar', async () => {
    const canvas = page.locator('astro-dev-toolbar-app-canvas[data-app-id="assetloom"]')
    await page.locator('astro-dev-toolbar').evaluate(async (toolbar) => {
      const { toggleAppStatus, getAppById } = toolbar as unknown as { toggleAppStatus(app: unknown): Promise<void>; getAppById(id: string): unknown }
      await toggleAppStatus.call(toolbar, getAppById.call(toolbar, 'assetloom'))
    })
    const items = canvas.locator('li')
    await expect.poll(() => items.count()).toBe(6)
    expect(await canvas.locator('header').innerText()).toContain('6 on this page')
    expect(await items.filter({ hasText: 'PARTICLE-ACME-MAIN001' }).innerText()).toMatch(/120 × 80 · image\/png · [\d.]+ k?B\s+made from specs\/particle\.yaml · particle\s+“A soft particle”/)
    expect(await items.filter({ hasText: 'PHOTO-ACME-CSS001' }).innerText()).toContain('no alternative text')
    expect(await items.filter({ hasText: 'PARTICLE' }).getByRole('button').getAttribute('aria-label')).toBe('Copy the import line of PARTICLE-ACME-MAIN001')
    if (process.env.ASSETLOOM_SCREENSHOT) await page.screenshot({ path: process.env.ASSETLOOM_SCREENSHOT })
  })

  it('shows every picture of the page', async () => {
    await expect.poll(() => page.evaluate(() => [...document.images].filter((image) => image.loading !== 'lazy' || image.complete).filter((image) => image.naturalWidth === 0).map((image) => image.src))).toEqual([])
  })

  it('has the health of generating in the console of a page', async () => {
    const ask = () => page.evaluate(() => (window as { __assetloom?: { health(): Promise<unknown> } }).__assetloom!.health())
    expect(await ask()).toMatchObject({ score: expect.any(Number) as number, providers: [{ provider: 'local' }] })
  })

  it('copies the import line and says so', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const canvas = page.locator('astro-dev-toolbar-app-canvas[data-app-id="assetloom"]')
    await canvas.getByRole('button', { name: 'Copy the import line of PARTICLE-ACME-MAIN001' }).click()
    await expect.poll(() => canvas.getByRole('status').textContent()).toBe('Copied import particle from "asset:PARTICLE-ACME-MAIN001"')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('import particle from "asset:PARTICLE-ACME-MAIN001"')
  })

  it('reloads the open page when a spec that a component shows is saved', async () => {
    const shown = () => page.locator('#picture').getAttribute('src')
    const before = await shown()
    project.write({ 'specs/particle.yaml': particle.replace('seed: 1', 'seed: 9') })
    await expect.poll(shown, { timeout: 20_000 }).not.toBe(before)
  })
})
