import { writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProject, run, startCli, type TestProject } from '../operations/project.ts'
import { entryOf, projectWith, writeEntries, type EntryParts } from './library-project.ts'

interface SearchOutput {
  total: number
  results: { ref: string; name: string; kind: string; score: number; highlight: string }[]
  facets: Record<string, { value: string; count: number }[]>
}

const search = (project: TestProject, query: string | string[], more: Record<string, unknown> = {}) =>
  run<SearchOutput>(project, 'search', { query, ...more })
const refsOf = (output: SearchOutput) => output.results.map(({ ref }) => ref)

const projects: TestProject[] = []
const made = (entries: Readonly<Record<string, EntryParts>>) => {
  const project = projectWith(entries)
  projects.push(project)
  return project
}
afterAll(() => projects.forEach((project) => project.remove()))

const shelf: Record<string, EntryParts> = {
  'LOGO-ACME-MARK001': { name: 'Hero banner', tags: ['hero', 'minimal'], category: 'Logos', description: 'A <big> banner for the start page' },
  'LOGO-ACME-MARK002': { name: '東京タワーの写真', tags: ['hero', 'photo'], category: 'Logos' },
  'ICON-ACME-HOME001': { name: 'Домашний значок', aliases: ['particleWhite'], description: '🚀 rocket and 🇯🇵' },
  'ICON-ACME-HOME002': { name: 'Café crème', description: 'Straße nach Ångström' },
  'SFX-ACME-DOOR001': { kind: 'audio', name: 'Door creak', tags: ['dark mode'], description: 'Slow wooden creak; select * from doors' },
  'ai-prompts/design/hero-design': { kind: 'ai-prompts', name: 'Hero design', keywords: ['landing'], body: 'Write a background section with care' },
  'ai-prompts/code/review': { kind: 'ai-prompts', name: 'Code review', keywords: ['buttons'], body: 'Look for AND, OR, NOT and NEAR in the query' },
}
const [hero, tokyo, house, cafe, door, prompt, review] = Object.keys(shelf) as [string, string, string, string, string, string, string]

describe('words', () => {
  let project: TestProject
  beforeAll(() => {
    project = made(shelf)
  })

  /** What is typed, what must come first, and what must come at all. */
  const found: [typed: string, first: string, ...rest: string[]][] = [
    ['hero', hero, prompt, tokyo],
    ['HERO', hero],
    ['her', hero, prompt],
    ['her*', hero, prompt],
    ['hero banner', hero],
    ['banner hero', hero],
    ['"hero banner"', hero],
    ['“hero banner”', hero],
    ['hero, minimal', hero],
    ['minimal,hero', hero],
    ['dark mode', door],
    ['hreo', hero, prompt, tokyo],
    ['bannr', hero],
    ['banenr', hero],
    ['bbanner', hero],
    ['banmer', hero],
    ['hero bannre', hero],
    ['kanding', prompt],
    ['backgrund', prompt],
    ['buton', review],
    ['buttn', review],
    ['butotn code', review],
    ['ground', prompt],
    ['LOGO-ACME-MARK001', hero],
    ['logo acme mark001', hero],
    ['LOGO-ACME-MRAK001', hero],
    ['LOGO-ACNE-MARK001', hero],
    ['mark 001', hero],
    ['ai-prompts/design/hero-design', prompt],
    ['particleWhite', house],
    ['white', house],
    ['東京', tokyo],
    ['京', tokyo],
    ['タワー', tokyo],
    ['写真 東京', tokyo],
    ['東京写真', tokyo],
    ['домашний', house],
    ['ДОМАШНИЙ', house],
    ['домашни', house],
    ['домашнй', house],
    ['cafe creme', cafe],
    ['CAFÉ', cafe],
    ['strasse', cafe],
    ['angstrom', cafe],
    ['ｈｅｒｏ', hero],
    ['🚀', house],
    ['🇯🇵', house],
    ['select * from doors', door],
    ["'; SELECT creak FROM doors; --", door],
    ['a AND b OR NOT c', review],
    ['NEAR(query)', review],
    ['name:hero', hero],
    ['hero"', hero],
    ['"hero', hero],
    ['hero\0banner', hero],
    ['hero zzzzzz', hero, prompt, tokyo],
    ['{name}: hero', hero],
    ['^hero', hero],
    ['hero + banner', hero],
    [`hero ${'x'.repeat(10_000)}`, hero],
  ]
  it.each(found)('%j finds %s first', async (typed, first, ...rest) => {
    const output = await search(project, typed)
    expect(refsOf(output)[0]).toBe(first)
    expect(refsOf(output)).toEqual(expect.arrayContaining(rest))
    expect(output.total).toBe(output.results.length)
  })

  it.each(['', ' ', '"', '""', '*', '\0', '()', '-', ',', '\ud83d', '؟', 'qqqqqqqq', '"banner hero"', '"her"', "'; DROP TABLE search_docs; --"])('%j finds nothing', async (typed) => {
    expect(await search(project, typed)).toMatchObject({ total: 0, results: [] })
  })

  it('gives words of a command line that stand apart as one query', async () => {
    expect(refsOf(await search(project, ['hero', 'banner']))).toEqual([hero])
  })

  it('never fails, and finds nothing that is not there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.array(fc.constantFrom('"', '*', 'NEAR', 'OR', 'hero', '東', '\0', '^', '(', ')', '{', '}', ':', '-', ',', "'")).map((parts) => parts.join(' '))),
        async (typed) => {
          const output = await search(project, typed)
          expect(refsOf(output).every((ref) => ref in shelf)).toBe(true)
          expect(output.total).toBeGreaterThanOrEqual(output.results.length)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('shows where it matches, escaped, hits marked', async () => {
    expect((await search(project, 'big')).results[0]!.highlight).toBe('A &lt;<mark>big</mark>&gt; banner for the start page')
    expect((await search(project, 'hero banner')).results[0]!.highlight).toBe('<mark>Hero banner</mark>')
    expect((await search(project, '東京')).results[0]!.highlight).toBe('<mark>東京</mark>タワーの写真')
    expect((await search(project, 'landing')).results[0]).toMatchObject({ name: 'Hero design', kind: 'ai-prompts', highlight: '<mark>landing</mark>' })
  })

  it('counts facets over all that match, whatever the limit', async () => {
    const output = await search(project, 'hero', { limit: 1 })
    expect(output.results).toHaveLength(1)
    expect(output).toMatchObject({
      total: 3,
      facets: {
        kind: [{ value: 'image', count: 2 }, { value: 'ai-prompts', count: 1 }],
        category: [{ value: 'Logos', count: 2 }],
        tags: [{ value: 'hero', count: 2 }, { value: 'minimal', count: 1 }, { value: 'photo', count: 1 }],
      },
    })
  })

  it('weighs name over tags over keywords over description over body', async () => {
    const parts: EntryParts[] = [{ body: 'zebra' }, { description: 'zebra' }, { keywords: ['zebra'] }, { tags: ['zebra'] }, { name: 'zebra crossing' }]
    const own = made(Object.fromEntries(parts.map((part, i) => [`tools/generators/item-${'abcde'[i]}`, { kind: 'tools', ...part }])))
    expect(refsOf(await search(own, 'zebra')).map((ref) => ref.at(-1))).toEqual(['e', 'd', 'c', 'b', 'a'])
  })
})

const words = 'amber basil cedar delta ember fjord grove haven inlet jetty karst lagoon meadow nectar orchard prairie quarry ridge summit tundra'.split(' ')
const many = Object.fromEntries(
  Array.from({ length: 1500 }, (_, i): [string, EntryParts] => [
    `IMG-ACME-SET${'ABCDEFGH'[Math.floor(i / 200)]}${String((i % 200) + 1).padStart(3, '0')}`,
    {
      kind: ['image', 'audio', 'color'][i % 3],
      name: `${words[i % 20]} ${words[(i * 7) % 20]} ${words[(i * 3 + 1) % 20]}`,
      ...(i % 4 && { category: ['Icons', 'Logos', 'Images'][i % 3] }),
      ...(i % 5 && { family: ['ACME', 'WYN'][i % 2] }),
      ...(i % 6 === 0 && { license: 'MIT' }),
      tags: [words[(i * 11) % 20]!, words[(i * 13) % 20]!, ...(i % 9 === 0 ? ['Rare One'] : [])],
      ...(i % 2 && { tested: i % 4 === 1 }),
      size: i * 100,
      modified: new Date(Date.UTC(2026, 0, 1) + i * 3_600_000).toISOString(),
    },
  ]),
)

describe('a library of many', () => {
  let project: TestProject
  beforeAll(() => {
    project = made({ ...many, 'LOGO-ACME-PLANT001': { name: 'Wandering obelisk of the amber grove', tags: ['landmark'], description: 'It stands where the summit meets the tundra' } })
  })

  it.each(['wandering obelisk', 'obelisk', 'obelsik', 'wandring obelisk', 'amber obelisk', 'obelisk summit', 'landmark', 'landmrak', 'landmark, amber', 'LOGO-ACME-PLANT001', 'PLANT001', 'amber grove obeliks'])(
    'has the planted asset within the first ten for %j',
    async (typed) => {
      expect(refsOf(await search(project, typed, { limit: 10 }))).toContain('LOGO-ACME-PLANT001')
    },
  )

  it('has each of many planted assets within the first ten, however its word is slipped or only begun', async () => {
    const [consonants, vowels] = ['bdfgklmnprstvz', 'aeiou']
    const wordOf = (seed: number) => Array.from({ length: 4 }, (_, k) => consonants[(seed * 7 + k * 5 + ((seed >> k) & 3)) % 14]! + vowels[(seed * 3 + k * (seed % 4) + k) % 5]!).join('')
    const planted = Object.fromEntries([...new Set(Array.from({ length: 60 }, (_, i) => wordOf(i + 1)))].map((word, i) => [word, `LOGO-ACME-SEED${String(i + 1).padStart(3, '0')}`]))
    const own = made({ ...many, ...Object.fromEntries(Object.entries(planted).map(([word, ref]) => [ref, { name: `A ${word} seen from afar`, tags: ['planted'] }])) })
    const missed: string[] = []
    for (const [word, ref] of Object.entries(planted)) {
      const at = 2 + (word.charCodeAt(0) % 4)
      const spellings = {
        exact: word,
        swapped: word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2),
        dropped: word.slice(0, at) + word.slice(at + 1),
        doubled: word.slice(0, at) + word[at]! + word.slice(at),
        changed: `${word.slice(0, at)}q${word.slice(at + 1)}`,
        begun: word.slice(0, 6),
        slippedAndBegun: word.slice(0, 3) + word.slice(4, 7),
        withAnother: `planted ${word}`,
      }
      for (const [how, typed] of Object.entries(spellings))
        if (!refsOf(await search(own, typed, { limit: 10 })).includes(ref)) missed.push(`${how}: ${typed} for ${word}`)
    }
    expect(missed).toEqual([])
  })

  it('gives a thousand results of one word in full, each once', async () => {
    const output = await search(project, 'img', { limit: 1000 })
    expect(output.total).toBe(1500)
    expect(new Set(refsOf(output)).size).toBe(1000)
  })

  /** Written a second time in the plainest way. */
  const passes = (entry: EntryParts, filters: Record<string, unknown>) => {
    const has = (member: string, value: unknown) =>
      !filters[member] || (filters[member] as string[]).some((one) => one.toLowerCase() === String(value ?? '\0').toLowerCase())
    const tags = (entry.tags as string[]).map((tag) => tag.toLowerCase())
    const time = Date.parse(entry.modified as string)
    return (
      has('kind', entry.kind) &&
      has('category', entry.category) &&
      has('family', entry.family) &&
      has('license', entry.license) &&
      ((filters.tags as string[]) ?? []).every((tag) => tags.includes(tag.toLowerCase())) &&
      (!filters.anyTags || (filters.anyTags as string[]).some((tag) => tags.includes(tag.toLowerCase()))) &&
      (filters.tested === undefined || (entry.tested === true) === filters.tested) &&
      (entry.size as number) >= ((filters.minSize as number) ?? 0) &&
      (entry.size as number) <= ((filters.maxSize as number) ?? Infinity) &&
      (!filters.since || time >= Date.parse(filters.since as string)) &&
      (!filters.until || time < Date.parse(filters.until as string))
    )
  }

  const filters: Record<string, unknown>[] = [
    {},
    { kind: ['audio'] },
    { kind: ['audio', 'color'], category: ['logos'] },
    { family: ['WYN'], license: ['mit'] },
    { tags: ['amber'] },
    { tags: ['amber', 'RARE one'] },
    { anyTags: ['amber', 'basil'] },
    { anyTags: ['rare one'], tags: ['delta'], kind: ['image'] },
    { tested: true },
    { tested: false, family: ['ACME'] },
    { minSize: 20_000, maxSize: 50_000 },
    { since: '2026-01-20', until: '2026-02-10' },
    { since: '2026-02-01', kind: ['color'], minSize: 90_000 },
    { category: ['nothing'] },
    { tags: ['nothing'] },
  ]
  it.each(filters)('filters by %j as a plain loop does', async (wanted) => {
    const own = made(many)
    const expected = Object.entries(many).filter(([ref, parts]) => passes(entryOf(ref, parts), wanted))
    const output = await run<{ total: number; assets: { ref: string }[] }>(own, 'filter', wanted)
    expect(output.assets.map(({ ref }) => ref)).toEqual(expected.map(([ref]) => ref).sort())
    expect(output.total).toBe(expected.length)
    // The same with words, and the facets of what is left.
    const withWord = expected.filter(([, { name, tags }]) => [...(name as string).split(' '), ...(tags as string[])].some((word) => word.startsWith('meadow')))
    const searched = await search(own, 'meadow', { ...wanted, limit: 1000 })
    expect(refsOf(searched).sort()).toEqual(withWord.map(([ref]) => ref).sort())
    expect(searched.facets).toEqual(countedFacets(withWord.map(([, parts]) => parts)))
  })

  it('takes sizes with units', async () => {
    const { total } = await run<{ total: number }>(project, 'filter', { minSize: '20kB', maxSize: '50 kB' })
    expect(total).toBe(Object.values(many).filter(({ size }) => (size as number) >= 20_000 && (size as number) <= 50_000).length)
  })
})

function countedFacets(entries: EntryParts[]) {
  const facet = (values: (entry: EntryParts) => unknown[]) => {
    const counts = new Map<string, number>()
    for (const entry of entries) for (const value of new Set(values(entry))) if (value) counts.set(value as string, (counts.get(value as string) ?? 0) + 1)
    return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  }
  return {
    kind: facet(({ kind }) => [kind]),
    category: facet(({ category }) => [category]),
    family: facet(({ family }) => [family]),
    license: facet(({ license }) => [license]),
    tags: facet(({ tags }) => tags as string[]),
  }
}

describe('the index', () => {
  it('follows what is added, changed and deleted', async () => {
    const project = made({ 'IMG-ACME-SETA001': { name: 'cobalt' }, 'IMG-ACME-SETA002': { name: 'umber' } })
    expect(refsOf(await search(project, 'cobalt'))).toEqual(['IMG-ACME-SETA001'])
    await run(project, 'update', { ref: 'IMG-ACME-SETA001', description: 'with a streak of vermilion' })
    expect(refsOf(await search(project, 'vermilion'))).toEqual(['IMG-ACME-SETA001'])
    await run(project, 'add-tags', { ref: 'IMG-ACME-SETA002', tags: ['ochre'] })
    expect(refsOf(await search(project, 'ochre'))).toEqual(['IMG-ACME-SETA002'])
    await run(project, 'remove-tags', { ref: 'IMG-ACME-SETA002', tags: ['ochre'] })
    expect((await search(project, 'ochre')).total).toBe(0)
    await run(project, 'delete', { ref: 'IMG-ACME-SETA001' })
    expect(await search(project, 'cobalt')).toMatchObject({ total: 0 })
    // By hand, as git does when a branch is changed.
    writeEntries(project, { 'IMG-ACME-SETB001': { name: 'cobalt' }, 'IMG-ACME-SETA002': { name: 'umber' } })
    expect(refsOf(await search(project, 'cobalt'))).toEqual(['IMG-ACME-SETB001'])
    expect((await run<{ total: number }>(project, 'filter', {})).total).toBe(2)
  })

  it('holds the same whether it grew or was made anew', async () => {
    const project = made({})
    for (const count of [1, 40, 7, 90]) {
      writeEntries(project, Object.fromEntries(Object.entries(many).slice(count, count * 3)))
      await search(project, 'amber')
    }
    const grown = await search(project, 'amber', { limit: 1000 })
    expect(grown.total).toBeGreaterThan(10)
    const { indexed } = await run<{ indexed: number }>(project, 'reindex', {})
    expect(indexed).toBe(180)
    expect(await search(project, 'amber', { limit: 1000 })).toEqual({ ...grown, results: expect.any(Array) })
    expect(refsOf(await search(project, 'amber', { limit: 1000 })).sort()).toEqual(refsOf(grown).sort())
  })

  it('is right in two processes that read while one writes', async () => {
    const project = made(many)
    await search(project, 'amber')
    const readers = [0, 1].map(async () => {
      const seen: number[] = []
      for (let i = 0; i < 4; i++) {
        const { code, stdout } = await startCli(project, ['search', 'amber', '--json']).done
        expect(code).toBe(0)
        seen.push((JSON.parse(stdout) as { data: SearchOutput }).data.total)
      }
      return seen
    })
    const before = (await search(project, 'amber')).total
    for (let i = 1; i <= 6; i++) await run(project, 'update', { ref: `IMG-ACME-SETB00${i}`, description: 'amber' })
    const after = (await search(project, 'amber')).total
    expect(after).toBeGreaterThan(before)
    for (const seen of await Promise.all(readers)) for (const total of seen) {
      expect(total).toBeGreaterThanOrEqual(before)
      expect(total).toBeLessThanOrEqual(after)
    }
  })

  it.each<[what: string, damage: (project: TestProject) => void]>([
    ['is gone', (project) => ['state.db', 'state.db-wal', 'state.db-shm'].forEach((file) => writeFileSync(project.path(`.assetloom/${file}`), ''))],
    ['is no database', (project) => writeFileSync(project.path('.assetloom/state.db'), 'no database '.repeat(900))],
    ['lost its full text', (project) => damageTables(project, "DELETE FROM search_text_data")],
    ['has garbage in its full text', (project) => damageTables(project, "UPDATE search_text_data SET block = randomblob(40)")],
    ['lost its documents', (project) => damageTables(project, 'DROP TABLE search_docs')],
    ['is of another format', (project) => damageTables(project, 'UPDATE search_state SET format = 0')],
  ])('answers when its database %s', async (_, damage) => {
    const project = made(shelf)
    expect(refsOf(await search(project, 'hero'))).toHaveLength(3)
    damage(project)
    expect(refsOf(await search(project, 'hero'))[0]).toBe(hero)
    expect(refsOf(await search(project, 'hreo banner'))).toEqual([hero])
    expect((await run<{ total: number }>(project, 'filter', { kind: ['audio'] })).total).toBe(1)
  })
})

function damageTables(project: TestProject, sql: string): void {
  const db = new DatabaseSync(project.path('.assetloom/state.db'))
  db.enableDefensive?.(false)
  db.exec(sql)
  db.close()
}

describe('what is unused', () => {
  it('is what no code names and nothing depends on', async () => {
    const project = made({
      'IMG-ACME-SETA001': { name: 'imported', aliases: ['cover'] },
      'IMG-ACME-SETA002': { name: 'needed' },
      'IMG-ACME-SETA003': { name: 'needs', dependencies: { 'IMG-ACME-SETA002': '^1.0.0' } },
      'IMG-ACME-SETA004': { name: 'by alias' , aliases: ['backdrop'] },
    })
    project.write('src/page.ts', "import cover from 'asset:cover'\nimport x from 'asset:IMG-ACME-SETA004'\n")
    const { assets } = await run<{ assets: { ref: string }[] }>(project, 'filter', { unused: true })
    expect(assets.map(({ ref }) => ref)).toEqual(['IMG-ACME-SETA003'])
  })
})

describe('browse', () => {
  const browse = (project: TestProject, input: Record<string, unknown> = {}, face = {}) =>
    run<{ total: number; pages: number; assets: { ref: string }[] }>(project, 'browse', input, {}, face)

  it('goes group by group, page by page', async () => {
    const project = made(shelf)
    const all = await browse(project)
    expect(all.total).toBe(7)
    expect(all.assets.map(({ ref }) => ref)).toEqual([hero, tokyo, review, prompt, door, house, cafe])
    const second = await browse(project, { pageSize: 3, page: 2 })
    expect(second).toMatchObject({ total: 7, pages: 3 })
    expect(second.assets.map(({ ref }) => ref)).toEqual([prompt, door, house])
  })

  it.each([['logos', [hero, tokyo]], ['ai-prompts', [review, prompt]], ['ai-prompts/design', [prompt]], ['audio', [door]], ['nothing', []]])(
    'takes %s for a category, a kind or the beginning of ids',
    async (category, refs) => {
      expect((await browse(made(shelf), { category })).assets.map(({ ref }) => ref)).toEqual(refs)
    },
  )

  it('lets a person pick on a terminal', async () => {
    const asked: string[][] = []
    const choose = async (_: string, choices: readonly { value: string; label: string }[]) => {
      asked.push(choices.map(({ label }) => label))
      return choices.at(-1)!.value
    }
    const { assets } = await browse(made(shelf), {}, { choose })
    expect(asked[0]).toEqual(['Logos (2)', 'ai-prompts/code (1)', 'ai-prompts/design (1)', 'audio (1)', 'image (2)'])
    expect(assets.map(({ ref }) => ref)).toEqual([cafe])
    expect((await browse(made(shelf), {}, { choose: async () => undefined })).assets).toEqual([])
  })
})

describe('on the command line', () => {
  let project: TestProject
  beforeAll(() => {
    project = made(shelf)
  })

  it('prints one document whose shape is fixed', async () => {
    const { code, stdout } = await startCli(project, ['search', 'hero', '--json', '--limit', '2']).done
    expect(code).toBe(0)
    const { ok, data } = JSON.parse(stdout) as { ok: boolean; data: SearchOutput }
    expect(ok).toBe(true)
    expect(Object.keys(data)).toEqual(['total', 'results', 'facets'])
    expect(data.results.map((result) => Object.keys(result))).toEqual([0, 1].map(() => ['ref', 'name', 'kind', 'score', 'highlight']))
  })

  it('marks nothing without a terminal, and hits when colour is forced', async () => {
    const plain = await startCli(project, ['search', 'big', '--kind', 'image']).done
    // eslint-disable-next-line no-control-regex
    expect(plain.stdout).not.toMatch(/[\u001b\ue000\ue001]|<mark>/)
    expect(plain.stdout).toContain('A <big> banner')
    const colored = await startCli(project, ['search', 'big'], { FORCE_COLOR: '1' }).done
    // eslint-disable-next-line no-control-regex
    expect(colored.stdout).toMatch(/\u001b\[\d+m.*big/)
  })

  it('takes words apart, tags with commas, and no words', async () => {
    expect((await startCli(project, ['search', 'hero', 'banner']).done).stdout).toContain(hero)
    expect((await startCli(project, ['search', 'hero', '--tags', 'hero,minimal']).done).stdout).toContain('1 found')
    const none = await startCli(project, ['search', '', '--json']).done
    expect(JSON.parse(none.stdout)).toMatchObject({ ok: true, data: { total: 0, results: [] } })
    expect((await startCli(project, ['search', 'hero', '--since', 'soon']).done)).toMatchObject({ code: 2 })
    expect((await startCli(project, ['browse', 'Logos']).done).stdout).toMatch(/^Logos\n {2}LOGO-ACME-MARK001/)
    expect((await startCli(project, ['filter', '--kind', 'audio']).done).stdout).toContain(door)
    expect((await startCli(project, ['reindex']).done).stdout).toContain('7 assets')
  })

  it('finds nothing in a project without a manifest', async () => {
    const empty = createProject()
    projects.push(empty)
    const { code, stdout } = await startCli(empty, ['search', 'hero', '--json']).done
    expect({ code, total: (JSON.parse(stdout) as { data: SearchOutput }).data.total }).toEqual({ code: 0, total: 0 })
  })
})
