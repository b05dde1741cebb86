import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copySample, useSample } from '../cli/sample.ts'
import { createProject, type Project } from '../project.ts'
import { endAll, serveProject, type Served } from './served-project.ts'

useSample()
let project: Project
let served: Served
beforeAll(async () => {
  project = copySample()
  served = await serveProject(project)
})
afterAll(endAll)

const logo = 'LOGO-ACME-MARK001'

describe('serve', () => {
  it.each([
    ['/api/live', { isLive: true }],
    ['/api/health', { score: expect.any(Number) as number }],
    ['/api/statistics', { total: 4 }],
    ['/api/assets', { total: 4, page: 1, pages: 1 }],
    [`/api/asset?token=${logo}`, { ref: logo, valueRepresentation: expect.stringContaining('PNG 24×16') as string }],
    [`/api/assets/${logo}`, { ref: logo, layer: 'project' }],
    [`/api/assets/${logo}/summary`, { ref: logo, valueRepresentation: expect.stringContaining('PNG 24×16') as string }],
    [`/api/assets/${logo}/versions`, { ref: logo, versions: [{ version: '1.0.0' }] }],
    ['/api/assets/key_coin', { ref: 'ICON-ACME-MAIN001' }],
    ['/api/search?query=brand,primary&kind=image', { total: 2, results: [{ kind: 'image' }, { kind: 'image' }] }],
    ['/api/tags', { total: 2, tags: [{ tag: 'brand' }, { tag: 'primary' }] }],
    ['/api/categories', { categories: expect.any(Array) as unknown[] }],
  ])('answers GET %s', async (path, data) => {
    expect(await served.ask(path)).toMatchObject({ error: false, status: 200, data, message: expect.stringMatching(/\S/) as string })
  })

  it.each([
    ['/api/assets/NOPE', 404, 'ASSET_UNKNOWN'],
    ['/api/asset', 400, 'INPUT_INVALID'],
    ['/api/assets?page=0', 400, 'QUERY_INVALID'],
    ['/api/assets?fields=secret', 400, 'QUERY_INVALID'],
    ['/api/assets?limit=2', 400, 'QUERY_INVALID'],
    ['/api/search?query=a&semantic=true', 400, 'QUERY_INVALID'],
    ['/api/nothing', 404, 'ROUTE_UNKNOWN'],
    ['/API/health', 404, 'ROUTE_UNKNOWN'],
  ])('refuses GET %s with %i', async (path, status, code) => {
    expect(await served.ask(path)).toMatchObject({ error: true, status, code, message: expect.stringMatching(/\S/) as string, hint: expect.any(String) as string })
  })

  it('pages lists and picks their fields', async () => {
    const { data } = await served.ask('/api/assets?pageSize=3&page=2&fields=ref,kind&fields=tags')
    expect(data).toEqual({ total: 4, assets: [expect.anything()], page: 2, pageSize: 3, pages: 2 })
    expect(Object.keys(data.assets[0])).not.toContain('file')
    const filtered = await served.ask('/api/assets?tags=brand,primary&kind=image&fields=ref')
    expect(filtered.data.assets).toEqual([{ ref: logo }, { ref: 'LOGO-ACME-MARK002' }])
  })

  it('gives the last page of a long list', async () => {
    const colors = Array.from({ length: 1150 }, (_, i) => [`COLOR-ACME-${i < 900 ? 'MAIN' : 'MORE'}${String((i % 900) + 1).padStart(3, '0')}`, i] as const)
    const times = { version: '1.0.0', created: '2026-01-01T00:00:00Z', modified: '2026-01-01T00:00:00Z', source: { type: 'import' } }
    const long = createProject({
      files: {
        'assets/manifest.json': JSON.stringify({
          version: 1,
          vocabulary: {},
          sequences: { 'COLOR-ACME-MAIN': 900, 'COLOR-ACME-MORE': 250 },
          assets: Object.fromEntries(colors.map(([token, i]) => [token, { kind: 'color', token, category: 'Colors', family: 'ACME', variant: token.slice(11, 15), tags: ['all'], colorHex: `#${i.toString(16).padStart(6, '0').toUpperCase()}`, ...times }])),
        }),
      },
    })
    const own = await serveProject(long)
    expect((await own.ask('/api/assets?pageSize=500&page=3&fields=ref')).data).toMatchObject({ total: 1150, pages: 3, assets: { length: 150 } })
    expect((await own.ask('/api/search?query=all&pageSize=500&page=2&fields=ref')).data).toMatchObject({ total: 1150, results: { length: 500 } })
    expect(await own.ask('/api/search?query=all&pageSize=500&page=3')).toMatchObject({ status: 400, code: 'QUERY_INVALID' })
    await own.end()
  })

  it('changes what the command line then sees, and sees what that changed', async () => {
    expect(await served.ask('/api/add-tags', { ref: logo, tags: ['served'] })).toMatchObject({ status: 200, data: { assets: [{ tags: ['brand', 'primary', 'served'] }] } })
    expect((await project.cli('info', logo, '--json')).json.data.tags).toContain('served')
    await project.cli('add-tags', logo, 'typed')
    expect((await served.ask(`/api/assets/${logo}`)).data.tags).toContain('typed')
    expect(await served.ask(`/api/assets/${logo}/rollback`, { version: '1.0.0' })).toMatchObject({ status: 200, data: { restored: '1.0.0', tags: ['brand', 'primary'] } })
  })

  it('tells what failed with what was done', async () => {
    const answer = await served.ask('/api/import', { files: ['in/3.png', 'in/broken.png'], category: 'Icons' })
    expect(answer).toMatchObject({ error: true, status: 400, code: 'IMPORT_INCOMPLETE', data: { imported: [{ kind: 'image' }], failed: [{ file: 'in/broken.png' }] } })
  })

  it('names what an input may hold', async () => {
    expect(await served.ask('/api/refine', { ref: logo, compres: 'low' })).toMatchObject({ status: 400, code: 'INPUT_INVALID', message: expect.stringMatching(/compres .*allowed: .*compress/) as string })
  })

  it('has help with its flags and an example', async () => {
    const { code, stdout } = await project.cli('serve', '--help')
    expect(code).toBe(0)
    for (const part of ['--port <number>', '--cors-origin', '--allow-host', '--token', 'Example: assetloom serve']) expect(stdout).toContain(part)
    expect((await project.cli('--help')).stdout).toContain('  serve ')
    expect((await project.cli('complete', '--', 'ser')).stdout).toMatch(/^serve\t/)
  })

  it.each([[['--port', '70000']], [['--token', 'short']], [['--cors-origin', '*']], [['--cors-origin', 'https://a.example/path']], [['now']]])('refuses %j', async (args) => {
    const { code, json } = await project.cli('serve', ...args, '--json')
    expect({ code, error: json.error.code }).toEqual({ code: 2, error: 'USAGE' })
  })

  it('tells a port in use', async () => {
    const { code, json } = await project.cli('serve', '--port', String(served.port), '--json')
    expect({ code, error: json.error.code }).toEqual({ code: 2, error: 'PORT_TAKEN' })
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('ends cleanly at %s', async (signal) => {
    const own = await serveProject(copySample())
    // A connection that is kept open holds nothing up.
    await own.ask('/api/health')
    expect(await own.end(signal)).toBe(0)
    expect(own.stderr()).toBe('')
  })
})
