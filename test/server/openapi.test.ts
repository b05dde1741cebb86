import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserMissing, launchBrowser } from '../browser.ts'
import { copySample, useSample } from '../cli/sample.ts'
import { operations } from '../../src/operations/index.ts'
import { repository } from '../project.ts'
import { endAll, serveProject, type Served } from './served-project.ts'

useSample()
let served: Served
// What a test reads of it is its assertion.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
let api: any
beforeAll(async () => {
  served = await serveProject(copySample())
  api = await (await fetch(`${served.url}/api/openapi.json`)).json()
})
afterAll(endAll)

describe('the description', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(api))
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined })
    expect(api.openapi).toBe('3.1.0')
    const broken = structuredClone(api)
    broken.paths['/api/assets'].get.responses = 'none'
    expect((await new Validator().validate(broken)).valid).toBe(false)
  })

  it('names every reference that it uses, and no operation twice', () => {
    const refs = [...JSON.stringify(api).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)]
    expect(refs.length).toBeGreaterThan(50)
    expect(refs.filter(([, group, name]) => api.components[group!][name!] === undefined).map(([ref]) => ref)).toEqual([])
    expect(JSON.stringify(api)).not.toContain('#/$defs')
    const ids = Object.values(api.paths as Record<string, Record<string, { operationId: string }>>).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('has every operation but that which makes a project', () => {
    const missing = operations.filter(({ name }) => api.paths[`/api/${name.replaceAll(' ', '-')}`]?.post === undefined)
    expect(missing.map(({ name }) => name)).toEqual(['init'])
  })

  it('has nothing that does not end by itself, and a limit wherever money is spent', () => {
    const members = (name: string) => Object.keys(api.components.schemas[name].properties as object)
    expect(members('RunInput')).not.toContain('watch')
    for (const name of ['RunInput', 'GenerateInput']) {
      expect(members(name)).toContain('maxCostUsd')
      expect(members(name)).not.toContain('maxCost')
    }
  })

  it.each(['/api/health', '/api/statistics', '/api/assets', '/api/assets/LOGO-ACME-MARK001', '/api/search?query=brand', '/api/tags', '/api/categories', '/api/assets/LOGO-ACME-MARK001/versions', '/api/assets/LOGO-ACME-MARK001/summary', '/api/runs'])(
    'says what %s answers',
    async (path) => {
      const pattern = path.split('?')[0]!.replace('LOGO-ACME-MARK001', '{ref}')
      const schema = api.paths[pattern].get.responses[200].content['application/json'].schema
      const ajv = new Ajv2020({ strict: false, validateFormats: false })
      const check = ajv.compile({ ...schema, components: api.components })
      expect(check(await served.ask(path)), JSON.stringify(check.errors)).toBe(true)
      expect(check({ error: false, status: 200, data: 7, message: '' })).toBe(false)
    },
  )
})

describe('the page', () => {
  it('is where the server leads, whole in itself', async () => {
    const root = await fetch(`${served.url}/`, { redirect: 'manual' })
    expect([root.status, root.headers.get('location')]).toEqual([302, '/api/docs'])
    const response = await fetch(`${served.url}/api/docs`)
    expect(response.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'; style-src 'unsafe-inline'")
    const html = await response.text()
    expect(html).not.toMatch(/<script|<link|src=|@import|url\(/)
    for (const path of Object.keys(api.paths as object)) expect(html).toContain(` ${path}</code>`)
  })

  it.skipIf(browserMissing).each(['light', 'dark'] as const)('can be read by everybody in %s', async (colorScheme) => {
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage({ colorScheme, viewport: { width: 400, height: 800 } })
      // Where it is served, no script runs, and so not that of the check.
      await page.setContent(await (await fetch(`${served.url}/api/docs`)).text())
      await page.evaluate(() => document.querySelectorAll('details').forEach((one, i) => (one.open = i < 5)))
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400)
      await page.addScriptTag({ path: join(repository, 'node_modules/axe-core/axe.min.js') })
      const violations = await page.evaluate(async () => {
        const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)
      })
      expect(violations).toEqual([])
    } finally {
      await browser.close()
    }
  })
})
