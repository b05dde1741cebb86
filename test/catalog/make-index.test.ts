import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, describe, expect, it } from 'vitest'
import { gitSha } from '../fakes/catalog/index.ts'
import { createProject, png, run, startCli, type TestProject } from '../operations/project.ts'
import { palette, toolCode, toolItem } from './shelf.ts'

const repository = resolve(import.meta.dirname, '../..')
const projects: TestProject[] = []
afterAll(() => projects.forEach((project) => project.remove()))

interface Made {
  state: string
  assets: number
  added: string[]
  changed: string[]
  removed: string[]
  isGit: boolean
  problems: { file: string; problem: string; severity: string }[]
}

function repositoryWith(files: Record<string, string | Uint8Array>): TestProject {
  const project = createProject()
  projects.push(project)
  for (const [path, content] of Object.entries(files)) project.write(path, content)
  return project
}

const starMeta = 'description = "A star, =SUM(1)"\ntags = ["icon", "shape"]\nbin = "git"\ncreated = 2026-01-02\nupdated = "2026-02-03"\n\n[dependencies]\n"design-tokens/colors/forest" = "^1.0.0"\n'

async function usual(): Promise<Record<string, string | Uint8Array>> {
  return {
    'assets/icons/shapes/star.png': await png(1),
    'assets/icons/shapes/star.meta.toml': starMeta,
    'assets/design-tokens/colors/forest.asset.yaml': palette,
    'assets/tools/generators/shout.asset.yaml': toolItem,
    'assets/tools/generators/shout.ts': toolCode,
    'assets/tasks/git-workflow/pre-commit-review.toml': 'alias = "pcr"\n',
    'assets/tasks/git-workflow/pre-commit-review.md': '# Review\n',
    'assets/tasks/git-workflow/pre-commit-review.meta.toml': '[metadata]\ndescription = "=cmd|x"\ntags = []\n',
  }
}

const rowsOf = (project: TestProject) => parse(project.read('assets/index.csv'), { columns: true }) as Record<string, string>[]

describe('index', () => {
  it('makes one sorted row of every asset, and writes the same again', async () => {
    const project = repositoryWith(await usual())
    const made = await run<Made>(project, 'index', {})
    expect(made).toMatchObject({ state: 'written', assets: 4, problems: [], added: ['design-tokens/colors/forest', 'icons/shapes/star', 'tasks/git-workflow/pre-commit-review', 'tools/generators/shout'] })
    const text = project.read('assets/index.csv').toString()
    expect(text.split('\n')[0]).toBe('type,category,name,description,tags,bin,sha,size,created,updated,files,dependencies,version')
    const rows = rowsOf(project)
    expect(rows.map(({ type, category, name }) => `${type}/${category}/${name}`)).toEqual(['design-tokens/colors/forest', 'icons/shapes/star', 'tasks/git-workflow/pre-commit-review', 'tools/generators/shout'])
    expect(rows[1]).toMatchObject({
      tags: 'icon;shape', bin: 'git', sha: gitSha(project.read('assets/icons/shapes/star.png')), created: expect.stringMatching(/^2026-01-02/), updated: '2026-02-03',
      dependencies: 'design-tokens/colors/forest@^1.0.0',
    })
    // What a spreadsheet would run is written as text.
    expect(rows[2]!.description).toBe("'=cmd|x")
    // Data is the content, text stands beside it.
    expect(rows[2]!.sha).toBe(gitSha('alias = "pcr"\n'))
    expect(rows[2]!.files!.split(';').map((one) => one.split(':')[0])).toEqual(['toml', 'md', 'meta.toml'].map((ending) => `assets/tasks/git-workflow/pre-commit-review.${ending}`))
    expect(rows[3]).toMatchObject({ version: '1.0.0', files: expect.stringContaining(`assets/tools/generators/shout.ts:${toolCode.length}:`) })

    expect(await run<Made>(project, 'index', {})).toMatchObject({ state: 'current', added: [], changed: [], removed: [] })
    expect(project.read('assets/index.csv').toString()).toBe(text)
  })

  it('gives sha as git does', async () => {
    const project = repositoryWith(await usual())
    await run(project, 'index', {})
    execFileSync('git', ['init', '-q'], { cwd: project.root })
    for (const { files, sha } of rowsOf(project)) {
      const path = files!.split(':')[0]!
      expect(execFileSync('git', ['hash-object', path], { cwd: project.root }).toString().trim()).toBe(sha)
    }
    expect((await run<Made>(project, 'index', {})).isGit).toBe(true)
  })

  it('--check tells what is new, changed and gone, writes nothing and exits with 4', async () => {
    const project = repositoryWith(await usual())
    await run(project, 'index', {})
    const before = project.read('assets/index.csv')
    project.write('assets/icons/shapes/star.png', await png(2))
    project.write('assets/icons/shapes/moon.png', await png(3))
    project.write('assets/icons/shapes/moon.meta.toml', '')
    execFileSync('rm', [project.path('assets/design-tokens/colors/forest.asset.yaml')])
    const { code, stdout } = await startCli(project, ['index', '--check', '--json']).done
    expect(code).toBe(4)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false, error: { code: 'INDEX_STALE' },
      data: { state: 'stale', added: ['icons/shapes/moon'], changed: ['icons/shapes/star'], removed: ['design-tokens/colors/forest'] },
    })
    expect(project.read('assets/index.csv')).toEqual(before)
  })

  it('keeps the dates of what did not change', async () => {
    const project = repositoryWith(await usual())
    await startCli(project, ['index'], { SOURCE_DATE_EPOCH: '1000000000' }).done
    project.write('assets/tools/generators/shout.ts', `${toolCode}// louder\n`)
    await startCli(project, ['index'], { SOURCE_DATE_EPOCH: '1700000000' }).done
    const byName = Object.fromEntries(rowsOf(project).map((row) => [row.name, row]))
    expect(byName.forest).toMatchObject({ created: '2001-09-09', updated: '2001-09-09' })
    expect(byName.shout).toMatchObject({ created: '2001-09-09', updated: '2023-11-14' })
  })

  it('is current on another day', async () => {
    const project = repositoryWith(await usual())
    await startCli(project, ['index'], { SOURCE_DATE_EPOCH: '1000000000' }).done
    expect((await startCli(project, ['index', '--check'], { SOURCE_DATE_EPOCH: '1700000000' }).done).code).toBe(0)
  })

  describe('in a Git repository', () => {
    const git = (cwd: string, args: string[], day = '2020-01-01') =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', '-c', 'commit.gpgsign=false', '-c', 'protocol.file.allow=always', ...args], { cwd, env: { ...process.env, GIT_AUTHOR_DATE: `${day}T23:30:00+0000` }, stdio: 'pipe' })
    const commit = (project: TestProject, day: string) => {
      git(project.root, ['add', '-A'])
      git(project.root, ['commit', '-q', '-m', 'x'], day)
    }
    const cloneOf = (project: TestProject, ...args: string[]) => {
      const clone = repositoryWith({})
      git(clone.root, ['clone', '-q', ...args, `file://${project.root}`, '.'])
      return clone
    }
    const indexed = async (project: TestProject, epoch: string) => {
      expect((await startCli(project, ['index'], { SOURCE_DATE_EPOCH: epoch }).done).code).toBe(0)
      return project.read('assets/index.csv').toString()
    }
    const datesOf = (project: TestProject) => Object.fromEntries(rowsOf(project).map(({ name, created, updated }) => [name, [created!.slice(0, 10), updated]]))
    const [one, other] = ['1000000000', '1700000000']

    /** Committed in 2020; the tool again in 2022; the design tokens changed since, and a text is not committed at all. */
    async function repository(): Promise<TestProject> {
      const project = repositoryWith(await usual())
      git(project.root, ['init', '-q', '-b', 'main'])
      commit(project, '2020-01-01')
      project.write('assets/tools/generators/shout.ts', `${toolCode}// louder\n`)
      commit(project, '2022-02-02')
      return project
    }

    it('two people make the same first index, of what its history says', async () => {
      const project = await repository()
      const [first, second] = [cloneOf(project), cloneOf(project)]
      expect(await indexed(first, one)).toBe(await indexed(second, other))
      expect(datesOf(first)).toEqual({ forest: ['2020-01-01', '2020-01-01'], shout: ['2020-01-01', '2022-02-02'], star: ['2026-01-02', '2026-02-03'], 'pre-commit-review': ['2020-01-01', '2020-01-01'] })
    })

    it('what is not committed as it is has the day of today', async () => {
      const project = await repository()
      project.write('assets/design-tokens/colors/forest.asset.yaml', palette.replace('#228833', '#228834'))
      project.write('assets/notes/texts/new.md', 'new')
      project.write('assets/notes/texts/new.meta.toml', '')
      await indexed(project, other)
      expect(datesOf(project)).toMatchObject({ forest: ['2020-01-01', '2023-11-14'], new: ['2023-11-14', '2023-11-14'], shout: ['2020-01-01', '2022-02-02'] })
    })

    it('the index that is there goes before the history, which a clone may hold in part only', async () => {
      const project = await repository()
      await indexed(project, one)
      commit(project, '2024-04-04')
      const shallow = cloneOf(project, '--depth', '1')
      expect((await startCli(shallow, ['index', '--check'], { SOURCE_DATE_EPOCH: other }).done).code).toBe(0)
      rmSync(shallow.path('assets/index.csv'))
      await indexed(shallow, other)
      expect(datesOf(shallow)).toMatchObject({ forest: ['2023-11-14', '2023-11-14'] })
    })

    it('a folder of the repository is a catalog, too', async () => {
      const project = repositoryWith(Object.fromEntries(Object.entries(await usual()).map(([path, bytes]) => [`design/${path}`, bytes])))
      git(project.root, ['init', '-q'])
      commit(project, '2020-01-01')
      expect((await startCli(project, ['index', 'design'], { SOURCE_DATE_EPOCH: one }).done).code).toBe(0)
      expect(project.read('design/assets/index.csv').toString()).toMatch(/forest,.*,2020-01-01,2020-01-01,/)
    })

    it('without Git, and in a folder that only looks like a repository, today is all there is', async () => {
      const project = repositoryWith({ ...(await usual()), '.git/HEAD': 'ref: refs/heads/main\n' })
      await indexed(project, one)
      expect(datesOf(project)).toMatchObject({ forest: ['2001-09-09', '2001-09-09'] })
    })
  })

  it('takes the items of a project for what they are there', async () => {
    const project = repositoryWith({ 'assets/library/design-tokens/colors/forest.asset.yaml': palette, 'assets/manifest.json': '{"version":1}', 'assets/history/x.jsonl': '' })
    expect(await run<Made>(project, 'index', {})).toMatchObject({ added: ['design-tokens/colors/forest'], problems: [] })
  })

  it.each<[string, Record<string, string | Uint8Array>, RegExp]>([
    ['TOML that is none', { 'assets/a/b/x.meta.toml': 'tags = [', 'assets/a/b/x.md': 'x' }, /x\.meta\.toml: is no TOML/],
    ['a field that there is not', { 'assets/a/b/x.meta.toml': 'tag = ["x"]', 'assets/a/b/x.md': 'x' }, /tag/],
    ['a tag with a semicolon', { 'assets/a/b/x.meta.toml': 'tags = ["a;b"]', 'assets/a/b/x.md': 'x' }, /tags\.0/],
    ['a range that is none', { 'assets/a/b/x.meta.toml': '[dependencies]\n"a/b/c" = "yesterday"', 'assets/a/b/x.md': 'x' }, /no range/],
    ['a sidecar without content', { 'assets/a/b/x.meta.toml': '' }, /no such file/],
    ['two sidecars', { 'assets/a/b/x.meta.toml': '', 'assets/a/b/x.asset.yaml': 'description: x\n', 'assets/a/b/x.md': 'x' }, /two sidecars/],
    ['a sidecar too high up', { 'assets/x.meta.toml': '', 'assets/x.md': 'x' }, /no assets\/<type>/],
    ['another type than the folder', { 'assets/a/b/x.meta.toml': 'type = "c"', 'assets/a/b/x.md': 'x' }, /says type c/],
    ['a Git LFS pointer', { 'assets/a/b/x.meta.toml': '', 'assets/a/b/x.png': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n' }, /LFS/],
    ['a file over 5 MiB', { 'assets/a/b/x.meta.toml': '', 'assets/a/b/x.bin': new Uint8Array(5 * 1024 * 1024 + 1) }, /the most is 5242880/],
    ['an item that its kind refuses', { 'assets/tools/generators/x.asset.yaml': 'entry: missing.ts\n' }, /missing\.ts/],
    ['a group that the kind does not have', { 'assets/tools/hammers/x.asset.yaml': 'entry: x.ts\n', 'assets/tools/hammers/x.ts': '' }, /hammers/],
    ['files that climb', { 'assets/a/b/x.meta.toml': 'files = ["../y.md"]', 'assets/a/b/x.md': 'x' }, /\.\./],
  ])('refuses %s, says where, and writes no index', async (_what, files, says) => {
    const project = repositoryWith(files)
    const { code, stdout } = await startCli(project, ['index', '--json']).done
    const { error, data } = JSON.parse(stdout) as { error: { code: string; message: string }; data: Made }
    expect({ code, error: error.code, state: data.state }).toEqual({ code: 1, error: 'INDEX_REFUSED', state: 'refused' })
    expect(error.message).toMatch(says)
    expect(project.files('assets')).not.toContain('assets/index.csv')
  })

  it('warns of files that belong to nothing, and of a wrong sha', async () => {
    const project = repositoryWith({ ...(await usual()), 'assets/icons/shapes/lost.png': await png(9), 'assets/icons/shapes/star.meta.toml': `sha = "${'0'.repeat(40)}"\n` })
    expect((await run<Made>(project, 'index', {})).problems).toEqual([
      { file: 'assets/icons/shapes/lost.png', problem: expect.stringContaining('no sidecar'), severity: 'warning' },
      { file: 'assets/icons/shapes/star.meta.toml', problem: expect.stringContaining('another sha'), severity: 'warning' },
    ])
  })

  it('needs a folder with assets', async () => {
    const project = repositoryWith({ 'readme.md': '' })
    expect((await startCli(project, ['index', 'nowhere', '--json']).done).code).toBe(2)
    expect(JSON.parse((await startCli(project, ['index', '--json']).done).stdout)).toMatchObject({ error: { code: 'INDEX_NO_REPOSITORY' } })
  })
})

describe('examples/catalog', () => {
  it('holds the starter library, and its index is what its assets give', () => {
    const told = execFileSync(process.execPath, [resolve(repository, 'scripts/write-example-catalog.ts'), '--check']).toString()
    const count = Number(/up to date \((\d+) assets\)/.exec(told)?.[1])
    expect(count).toBeGreaterThanOrEqual(46)
  })
})
