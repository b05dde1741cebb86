import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineEmbedder } from '../../src/index.ts'
import { startEmbeddingServer, vectorOf, type EmbeddingFault, type EmbeddingServer } from '../fakes/embeddings.ts'
import { run, startCli, type TestProject } from '../operations/project.ts'
import { projectWith, writeEntries, type EntryParts } from './library-project.ts'

interface Found {
  total: number
  results: { ref: string; score: number }[]
  facets: Record<string, { value: string; count: number }[]>
  semantic?: { embedder: string; textsSent: number }
}

const key = 'sk-canary-0123456789abcdef'
const shelf: Record<string, EntryParts> = {
  'IMG-ACME-SETA001': { name: 'Surf at the beach', tags: ['summer'] },
  'IMG-ACME-SETA002': { name: 'Pine woods', tags: ['summer'] },
  'IMG-ACME-SETA003': { name: 'Payment received', kind: 'color' },
  'IMG-ACME-SETA004': { name: 'Waves', description: 'Happy people' },
}
const projects: TestProject[] = []
afterAll(() => projects.forEach((project) => project.remove()))

describe('semantic search over HTTP', () => {
  let server: EmbeddingServer
  let project: TestProject
  beforeEach(async () => {
    server = await startEmbeddingServer()
    project = projectWith(shelf)
    projects.push(project)
  })
  afterEach(() => server.close())

  const options = (more: Record<string, unknown> = {}) => ({
    search: { embedder: { baseURL: server.baseURL, apiKey: key, model: 'fake-1', ...more } },
  })
  const semantic = (query: string, more: Record<string, unknown> = {}, endpoint: Record<string, unknown> = {}) =>
    run<Found>(project, 'search', { query, semantic: true, ...more }, options(endpoint))
  const refsOf = (found: Found) => found.results.map(({ ref }) => ref.slice(-3))

  it('finds by meaning what no word finds', async () => {
    expect((await run<Found>(project, 'search', { query: 'ocean' })).total).toBe(0)
    const found = await semantic('ocean')
    expect(refsOf(found).slice(0, 2).sort()).toEqual(['001', '004'])
    expect(found.semantic).toEqual({ embedder: `fake-1 at ${new URL(server.baseURL).host}`, textsSent: 5 })
    expect(server.calls.every((call) => call.encoding_format === 'float' && call.model === 'fake-1')).toBe(true)
    expect(server.keys[0]).toBe(`Bearer ${key}`)
  })

  it('merges with the full text: what both find comes first', async () => {
    expect(refsOf(await semantic('waves'))[0]).toBe('004')
    expect(refsOf(await semantic('summer sea'))[0]).toBe('001')
  })

  it('sends a text once, and again only when it changes', async () => {
    const sent = async () => (await semantic('ocean')).semantic!.textsSent
    expect([await sent(), await sent()]).toEqual([5, 1])
    writeEntries(project, { ...shelf, 'IMG-ACME-SETA002': { name: 'Pine trees', tags: ['summer'] } })
    expect([await sent(), await sent()]).toEqual([2, 1])
    // What is not part of the text is no reason to pay again; nor is a new index.
    writeEntries(project, { ...shelf, 'IMG-ACME-SETA002': { name: 'Pine trees', tags: ['summer'], size: 5 } })
    await run(project, 'reindex', {})
    expect(await sent()).toBe(1)
    // Another model has other vectors.
    expect((await semantic('ocean', {}, { model: 'fake-2' })).semantic!.textsSent).toBe(5)
    expect((await semantic('ocean', {}, { dimensions: 6 })).semantic!.textsSent).toBe(5)
  })

  it('books what it costs where the options price it, and sends nothing that the budget forbids', async () => {
    const price = { usdPerMillionTokens: 20 }
    const costs = () => run<{ spentMicroUsd: number; rows: { provider: string; state: string; costMicroUsd: number }[] }>(project, 'costs', {}, options(price))
    const limited = (monthlyUsd: number) => run<Found>(project, 'search', { query: 'ocean', semantic: true }, { ...options(price), budget: { monthlyUsd } })
    await expect(limited(0.00005)).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' })
    expect(server.calls).toHaveLength(0)

    await limited(1)
    // The query, and all texts in one batch; the server says ten tokens a text.
    expect(await costs()).toMatchObject({
      spentMicroUsd: 20 * 50,
      rows: [
        { provider: 'embedder', state: 'settled', costMicroUsd: 20 * 10 },
        { provider: 'embedder', state: 'settled', costMicroUsd: 20 * 40 },
      ],
    })
    // Whether a call that broke was paid nobody knows: the most that it may have cost counts.
    server.faults.push('cut')
    await expect(limited(1)).rejects.toMatchObject({ code: 'EMBEDDER_FAILED' })
    const { spentMicroUsd, rows } = await costs()
    expect([rows.at(-1)!.state, spentMicroUsd]).toEqual(['maybe_spent', 20 * (50 + 'ocean'.length)])
  })

  it('sends in batches and keeps those that came when a later one fails', async () => {
    await semantic('x', { limit: 1 }, { batchSize: 3 })
    expect(server.calls.map(({ input }) => input.length)).toEqual([1, 3, 1])
    const other = projectWith(shelf)
    projects.push(other)
    server.calls.length = 0
    // The query and the first batch are answered, the second batch is not.
    const good = vectorOf('x')
    const answer = (count: number) => ({ body: JSON.stringify({ object: 'list', data: Array.from({ length: count }, (_, index) => ({ index, embedding: good })) }) })
    server.faults.push(answer(1), answer(3), { status: 500 })
    await expect(run(other, 'search', { query: 'sea', semantic: true }, options({ batchSize: 3 }))).rejects.toMatchObject({ code: 'EMBEDDER_FAILED' })
    const again = await run<Found>(other, 'search', { query: 'sea', semantic: true }, options({ batchSize: 3 }))
    expect(again.semantic!.textsSent).toBe(2)
  })

  it('keeps to the filters, and counts facets of what it gives', async () => {
    const found = await semantic('ocean', { tags: ['summer'] })
    expect(refsOf(found)).toEqual(['001', '002'])
    expect(found.total).toBe(2)
    expect(found.facets.kind).toEqual([{ value: 'image', count: 2 }])
  })

  it('sends nothing for an empty query, nor without --semantic', async () => {
    expect(await semantic('')).toMatchObject({ total: 0, results: [] })
    await run(project, 'search', { query: 'ocean' }, options())
    await run(project, 'reindex', {}, options())
    expect(server.calls).toEqual([])
  })

  it.each<[what: string, fault: EmbeddingFault, says: RegExp, hint: RegExp]>([
    ['refuses the key', { status: 401, message: `Incorrect API key provided: ${key}` }, /401/, /apiKey/],
    ['does not know the model', { status: 404 }, /404/, /model/],
    ['is out of credit', { status: 429 }, /429/, /credit/],
    ['breaks', { status: 500 }, /500/, /again/],
    ['cuts the connection', 'cut', /cannot be reached/, /running/],
    ['hangs', 'hang', /within 0\.3 s/, /again/],
    ['answers with a page', { body: '<html>' }, /did not answer/, /again/],
    ['answers with nothing', { body: '{}' }, /no data/, /again/],
    ['answers with words', { body: '{"data":[{"index":0,"embedding":["a","b"]}]}' }, /no list of numbers/, /again/],
    ['answers with zeros', { body: '{"data":[{"index":0,"embedding":[0,0]}]}' }, /zeros/, /again/],
    ['leaves a vector out', 'short', /1 texts were sent and 0 vectors/, /again/],
  ])('tells what is wrong when the endpoint %s', async (_, fault, says, hint) => {
    server.faults.push(fault)
    const error = (await semantic('ocean', {}, { timeoutMs: 300 }).catch((thrown: unknown) => thrown)) as { code: string; message: string; hint: string }
    expect(error).toMatchObject({ code: 'EMBEDDER_FAILED', message: expect.stringMatching(says) as string, hint: expect.stringMatching(hint) as string })
    expect(JSON.stringify(error) + String((error as unknown as Error).stack)).not.toContain(key)
    expect(server.calls).toHaveLength(1)
  })

  it('refuses vectors of several lengths', async () => {
    server.faults.push({ body: JSON.stringify({ data: [{ index: 0, embedding: vectorOf('ocean') }] }) }, 'uneven')
    await expect(semantic('ocean')).rejects.toMatchObject({ code: 'EMBEDDER_FAILED', message: expect.stringContaining('differ in length') as string })
  })

  it('is an error that says what to set when no embedder is configured', async () => {
    await expect(run(project, 'search', { query: 'ocean', semantic: true })).rejects.toMatchObject({
      code: 'EMBEDDER_MISSING',
      exit: 2,
      hint: expect.stringMatching(/search: \{ embedder: .*defineEmbedder/) as string,
    })
  })

  it('tells on the command line how much was sent, and never the key', async () => {
    project.write('assetloom.config.ts', `export default ${JSON.stringify(options())}\n`)
    const { code, stdout, stderr } = await startCli(project, ['search', 'ocean', '--semantic'], { OPENAI_API_KEY: 'sk-environment-0123456789' }).done
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('5 texts were sent to fake-1')
    server.faults.push({ status: 403, message: `no ${key}` })
    const failed = await startCli(project, ['search', 'ocean', '--semantic', '--json']).done
    expect(failed.code).toBe(1)
    expect(stdout + failed.stdout + failed.stderr).not.toContain('canary')
  })

  it('does not give the key of the environment to another server than OpenAI', async () => {
    project.write('assetloom.config.ts', `export default ${JSON.stringify({ search: { embedder: { baseURL: server.baseURL, model: 'fake-1' } } })}\n`)
    const { code } = await startCli(project, ['search', 'ocean', '--semantic'], { OPENAI_API_KEY: 'sk-environment-0123456789', OPENAI_ORG_ID: 'org-environment' }).done
    expect(code).toBe(0)
    expect(server.keys.join()).not.toContain('environment')
  })

  it.each([
    ['{ embeder: {} }', 'Did you mean embedder'],
    ['{ embedder: { baseURL: "http://example.com/v1", model: "m" } }', 'loopback'],
    ['{ embedder: { apiKey: "sk-canary-0123456789abcdef" } }', 'model'],
    ['{ embedder: { model: "m", dimension: 3 } }', 'dimensions'],
    ['{ embedder: 5 }', 'search.embedder'],
  ])('refuses search: %s', async (text, says) => {
    project.write('assetloom.config.ts', `export default { search: ${text} }\n`)
    const { code, stderr } = await startCli(project, ['search', 'x']).done
    expect(code).toBe(2)
    expect(stderr).toContain(says)
    expect(stderr).not.toContain('canary')
  })
})

describe('an embedder of one\'s own', () => {
  const withOwn = (embed: (texts: readonly string[]) => unknown, more: object = {}) => {
    const project = projectWith(shelf)
    projects.push(project)
    const embedder = defineEmbedder({ id: 'own', embed: embed as never, ...more })
    return run<Found>(project, 'search', { query: 'money', semantic: true }, { search: { embedder } })
  }

  it('is asked for vectors, which may be typed arrays', async () => {
    const found = await withOwn(async (texts) => texts.map((text) => Float32Array.from(vectorOf(text))))
    expect(found.results[0]!.ref).toBe('IMG-ACME-SETA003')
    expect(found.semantic).toEqual({ embedder: 'own', textsSent: 5 })
  })

  it.each<[what: string, embed: () => unknown]>([
    ['throws', () => { throw new Error('out of order') }],
    ['rejects', async () => { throw new Error('out of order') }],
    ['gives nothing', async () => undefined],
    ['gives NaN', async () => [[Number.NaN]]],
    ['never answers', () => new Promise(() => {})],
  ])('that %s is told by name', async (_, embed) => {
    await expect(withOwn(embed, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'EMBEDDER_FAILED', message: expect.stringContaining('own') as string })
  })

  it.each([[{}], [{ id: 'a' }], [{ id: '', embed() {} }], [{ id: 'a', embed() {}, batch: 3 }], [null]])('is refused when it is %j', (definition) => {
    expect(() => defineEmbedder(definition as never)).toThrow(expect.objectContaining({ code: 'EMBEDDER_INVALID' }) as Error)
  })
})
