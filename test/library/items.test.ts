import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../operations/project.ts'
import { createLibraryProject, until, watching, type LibraryProject } from './item-project.ts'

let project: LibraryProject
const at = (path: string) => `assets/library/${path}.asset.yaml`
const prompt = 'prompt: Hello\n'

describe('a bad item', () => {
  beforeEach(() => {
    project = createLibraryProject()
    return () => project.remove()
  })

  const bad: [what: string, path: string, text: string, line: number | undefined, message: RegExp, code?: string][] = [
    ['an unknown field', 'ai-prompts/content/a', `${prompt}promt: x\n`, 2, /promt is no field here.*Allowed: .*prompt/],
    ['an unknown group', 'ai-prompts/contents/a', prompt, 1, /group "contents".*Allowed: design, content/],
    ['an unknown kind', 'ai-prompt/content/a', prompt, 1, /no kind.*ai-prompts/],
    ['a folder too many', 'ai-prompts/content/x/a', prompt, 1, /<group>\/<name>/],
    ['a name with a space', 'ai-prompts/content/a b', prompt, 1, /is called "a b"/],
    ['a version that is a number', 'ai-prompts/content/a', `version: 1.0\n${prompt}`, 1, /version must be a text/],
    ['a version that is none', 'ai-prompts/content/a', `${prompt}version: "1.0"\n`, 2, /semantic version/],
    ['a range that is none', 'ai-prompts/content/a', `${prompt}dependencies:\n  LOGO-ACME-MARK001: latest!\n`, 3, /range of versions/],
    ['a missing content file', 'ai-prompts/content/a', 'files: [a.txt]\n', 1, /names a\.txt, and there is no such file/],
    ['a path out of the folder', 'ai-prompts/content/a', 'name: A\nfiles:\n  - ../../secret.txt\n', 3, /no file beside it/],
    ['an absolute path', 'ai-prompts/content/a', 'files: [/etc/hosts]\n', 1, /no file beside it/],
    ['a text in two places', 'ai-prompts/content/a', `${prompt}body: x\n`, 2, /one text too many/],
    ['no text', 'ai-prompts/content/a', 'name: A\n', 1, /has no text/],
    ['an undeclared variable', 'ai-prompts/content/a', 'prompt: "Hello {{nmae}}"\nvariables: [{ name: name }]\n', 1, /\{\{nmae\}\}/],
    ['an example that does not fit', 'ai-prompts/content/a', 'prompt: "{{n}}"\nvariables: [{ name: n }]\nexamples:\n  - { variables: { m: x } }\n', 4, /m is no parameter of it; n is missing/],
    ['__proto__', 'design-tokens/colors/a', 'body:\n  __proto__: { x: "#fff" }\n', 2, /__proto__/],
    ['a key that stands twice', 'design-tokens/colors/a', 'body:\n  x: "#fff"\n  x: "#000"\n', 3, /twice/],
    ['an id that is another', 'ai-prompts/content/a', `id: ai-prompts/content/b\n${prompt}`, 1, /must be ai-prompts\/content\/a/],
    ['two documents', 'ai-prompts/content/a', `${prompt}---\n${prompt}`, 1, /several documents/],
    ['nothing', 'ai-prompts/content/a', '', 1, /is empty/],
    ['no YAML', 'ai-prompts/content/a', 'prompt: [', 1, /no YAML/],
    ['a colour that is none', 'design-tokens/colors/a', 'body:\n  brand:\n    main: "#ff6b3"\n', 3, /brand\.main has no \$type/],
    ['a bad typed colour', 'design-tokens/colors/a', 'body:\n  $type: color\n  main: { $value: reddish }\n', 3, /"reddish", which is no colour/],
    ['aliases in a circle', 'design-tokens/colors/a', 'body:\n  $type: color\n  a: "{b}"\n  b: "{c}"\n  c: "{a}"\n', 3, /a → b → c → a/],
    ['an alias to nothing', 'design-tokens/colors/a', 'body:\n  main: "#fff"\n  other: "{mian}"\n', 3, /\{mian\}/],
    ['a pair of no token', 'design-tokens/colors/a', 'pairs:\n  - { front: mian, back: paper }\nbody: { main: "#000", paper: "#fff" }\n', 2, /pairs\.0\.front names mian, which is no token/],
    ['a pair of no colour', 'design-tokens/colors/a', 'pairs: [{ front: main, back: gap }]\nbody: { main: "#000", gap: "4px" }\n', 1, /gap, which is no colour/],
    ['a pair for something unknown', 'design-tokens/colors/a', 'pairs: [{ front: main, back: main, use: txt }]\nbody: { main: "#000" }\n', 1, /large-text/],
    ['a mode of no token', 'design-tokens/colors/a', 'body: { main: "#fff" }\nmodes:\n  dark:\n    mani: "#000"\n', 4, /no token of the document/],
  ]
  it.each(bad)('%s is refused with file, line and hint', async (_what, path, text, line, message, code = 'ITEM_INVALID') => {
    project.write(at(path), text)
    const { added, failed } = await project.sync()
    expect(added).toEqual([])
    expect(failed).toEqual([{ file: at(path), code, message: expect.stringMatching(message), ...(line && { line }), hint: expect.any(String) }])
    expect(existsSync(project.path('assets/manifest.json'))).toBe(false)
  })

  it('a content file through a link that leads out is refused', async () => {
    project.write('secret.txt', 'secret')
    mkdirSync(project.path('assets/library/ai-prompts/content'), { recursive: true })
    symlinkSync('/etc', project.path('assets/library/ai-prompts/content/out'))
    project.write(at('ai-prompts/content/a'), 'files: [out/hostname]\n')
    const { failed } = await project.sync()
    expect(failed).toMatchObject([{ code: 'ITEM_INVALID', message: expect.stringMatching(/no file beside it/) }])
  })

  it('does not keep good ones out, and an entry keeps what it says while its file is bad', async () => {
    const { ref } = await project.create('ai-prompts', 'content/good')
    project.write(at(ref), 'promt: x\n')
    project.write(at('ai-prompts/content/other'), prompt)
    const before = project.manifest().assets[ref]
    const { added, failed } = await project.sync()
    expect(added).toMatchObject([{ ref: 'ai-prompts/content/other' }])
    expect(failed).toHaveLength(1)
    expect(project.manifest().assets[ref]).toEqual(before)
  })

  it('an id that differs in capital letters only is refused', async () => {
    await project.create('ai-prompts', 'content/good')
    await expect(project.create('ai-prompts', 'content/Good')).rejects.toMatchObject({ code: 'NAME_COLLISION' })
    writeFileSync(project.path(at('ai-prompts/content/GOOD')), prompt)
    const { added, failed } = await project.sync()
    expect(added).toEqual([])
    expect(failed).toMatchObject([{ code: 'NAME_COLLISION', message: expect.stringContaining('content/good') }])
  })

  it.each([
    ['a kind that is none', { kind: 'ai-promts', name: 'content/a' }, 'KIND_UNKNOWN'],
    ['a group that is none', { kind: 'ai-prompts', name: 'x/a' }, 'ITEM_INVALID'],
    ['no group', { kind: 'ai-prompts', name: 'a' }, 'ITEM_INVALID'],
    ['a way out', { kind: 'ai-prompts', name: 'content/../../../a' }, 'ITEM_INVALID'],
    ['a framework where there is none', { kind: 'ai-prompts', name: 'content/a', framework: 'react' }, 'FRAMEWORK_UNKNOWN'],
  ])('create refuses %s and writes nothing', async (_what, input, code) => {
    await expect(run(project, 'create', input)).rejects.toMatchObject({ code, hint: expect.any(String) })
    expect(existsSync(project.path('assets'))).toBe(false)
  })

  it('create writes over nothing', async () => {
    project.write(at('ai-prompts/content/a'), 'mine')
    await expect(project.create('ai-prompts', 'content/a')).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    expect(project.read(at('ai-prompts/content/a')).toString()).toBe('mine')
  })
})

describe('items and operations', () => {
  beforeAll(async () => {
    project = createLibraryProject()
    project.write(at('ai-prompts/seo/title'), '# For pages\nname: Page title\ndescription: A title\nversion: "2.3.4"\ntags: [seo]\nlicense: MIT\nprompt: Title of {{page}}\nvariables:\n  page: { type: string }\n')
    project.write('assets/library/ai-prompts/seo/long.txt', 'A long text')
    project.write(at('ai-prompts/seo/long'), 'files: [long.txt]\n')
    await project.sync()
  })
  afterAll(() => project.remove())

  it('the manifest says what the item says', () => {
    expect(project.manifest().assets['ai-prompts/seo/title']).toMatchObject({
      kind: 'ai-prompts', id: 'ai-prompts/seo/title', category: 'seo', name: 'Page title', description: 'A title', version: '2.3.4', tags: ['seo'], license: 'MIT',
    })
    expect(project.manifest().assets['ai-prompts/seo/long']!.files).toMatchObject([{ file: 'assets/library/ai-prompts/seo/long.txt', size: 11 }])
  })

  it('a second sync changes nothing', async () => {
    const before = project.read('assets/manifest.json')
    expect(await project.sync()).toMatchObject({ added: [], changed: [], failed: [], missing: [] })
    expect(project.read('assets/manifest.json').equals(before)).toBe(true)
  })

  it('list, info and tags know it', async () => {
    const { assets } = await run<{ assets: { ref: string }[] }>(project, 'list', { kind: 'ai-prompts', category: 'seo' })
    expect(assets.map(({ ref }) => ref)).toEqual(['ai-prompts/seo/long', 'ai-prompts/seo/title'])
    expect(await run(project, 'info', { ref: 'ai-prompts/seo/title' })).toMatchObject({ valueRepresentation: 'Prompt with page: Title of {{page}}' })
    expect(await run(project, 'tags', {})).toMatchObject({ tags: [{ tag: 'seo', count: 1 }] })
  })

  it('a changed content file is a change of the item, whose own file stays as its author wrote it', async () => {
    const before = project.manifest().assets['ai-prompts/seo/long']!
    project.write('assets/library/ai-prompts/seo/long.txt', 'Another text')
    expect((await project.sync()).changed).toMatchObject([{ ref: 'ai-prompts/seo/long' }])
    const after = project.manifest().assets['ai-prompts/seo/long']!
    expect(after.hash).toBe(before.hash)
    expect(after.digest).not.toBe(before.digest)
    expect(after.version).toBe(before.version)
  })

  it('tags and texts are changed in the file of the item, whose comments stay', async () => {
    await run(project, 'add-tags', { ref: 'ai-prompts/seo/title', tags: ['pages'] })
    await run(project, 'update', { ref: 'ai-prompts/seo/title', description: 'A better title', minor: true })
    const text = project.read(at('ai-prompts/seo/title')).toString()
    expect(text).toMatch(/^# For pages\n/)
    expect(text).toContain('tags: [ pages, seo ]')
    expect(text).toContain('version: "2.4.0"')
    expect(project.manifest().assets['ai-prompts/seo/title']).toMatchObject({ tags: ['pages', 'seo'], description: 'A better title', version: '2.4.0' })
    expect(await project.sync()).toMatchObject({ changed: [] })
    await expect(run(project, 'update', { ref: 'ai-prompts/seo/title', alt: 'x' })).rejects.toMatchObject({ code: 'ITEM_MEMBER' })
  })

  it('validate tells what is wrong with an item, and with one whose files changed', async () => {
    const file = at('ai-prompts/seo/title')
    const before = project.read(file)
    project.write(file, 'promt: x\n')
    const { findings } = await run<{ findings: { ref: string; code: string; message: string }[] }>(project, 'validate', {})
    project.write(file, before)
    expect(findings).toEqual(expect.arrayContaining([
      expect.objectContaining({ ref: 'ai-prompts/seo/title', code: 'ITEM_INVALID', message: expect.stringContaining(`${file}:1:1`) }),
      expect.objectContaining({ ref: 'ai-prompts/seo/title', code: 'FILE_CHANGED' }),
    ]))
  })

  it('validate measures the pairs of a palette, and names a circle of aliases', async () => {
    const [pale, circle] = ['design-tokens/colors/pale', 'design-tokens/colors/circle']
    const palette = (body: string) => `description: Colours\npairs: [{ front: [ink, ring], back: paper }]\nbody:\n  ink: "${body}"\n  paper: "#ffffff"\n  ring: "{ink}"\n`
    project.write(at(pale), palette('#777777'))
    project.write(at(circle), palette('#000000'))
    await project.sync()
    project.write(at(circle), palette('{ring}'))
    const { findings } = await run<{ findings: { ref: string; code: string; severity: string; message: string; hint: string }[] }>(project, 'validate', { refs: ['design-tokens/colors/*'] })
    const errors = findings.filter(({ severity, code }) => severity === 'error' && code !== 'FILE_CHANGED')
    expect(errors).toEqual([
      { ref: circle, code: 'ITEM_INVALID', severity: 'error', message: expect.stringMatching(/ink → ring → ink/), hint: expect.any(String) },
      { ref: pale, code: 'CONTRAST_LOW', severity: 'error', message: 'ink (#777777) on paper (#ffffff) has a contrast of 4.47:1 and needs 4.5:1 (text, WCAG 2.2 1.4.3).', hint: expect.stringContaining('large-text') },
      { ref: pale, code: 'CONTRAST_LOW', severity: 'error', message: expect.stringMatching(/^ring \(#777777\) on paper /), hint: expect.any(String) },
    ])
    await run(project, 'delete', { ref: pale })
    await run(project, 'delete', { ref: circle })
  })

  it('a missing item is told, and stays in the manifest', async () => {
    const before = project.read(at('ai-prompts/seo/title'))
    rmSync(project.path(at('ai-prompts/seo/title')))
    expect((await project.sync()).missing).toMatchObject([{ ref: 'ai-prompts/seo/title' }])
    expect(project.manifest().assets['ai-prompts/seo/title']).toBeDefined()
    project.write(at('ai-prompts/seo/title'), before)
  })
})

describe('the dev server', () => {
  beforeEach(() => {
    project = createLibraryProject()
    return () => project.remove()
  })

  it('registers a new item, and a prompt refuses what it does not know', async () => {
    project.write('src/page.js', 'export { default } from "asset:ai-prompts/code/review"\n')
    const server = await project.serve()
    try {
      await server.listen()
      await watching()
      project.write(at('ai-prompts/code/review'), 'prompt: "Review {{file}} $& {{file}}"\nvariables: [{ name: file }]\n')
      const found = await until(() => existsSync(project.path('assets/manifest.json')) && project.manifest().assets['ai-prompts/code/review'], Boolean)
      expect(found).toBeTruthy()
      const { default: render } = (await server.ssrLoadModule('/src/page.js')) as { default: (vars: object) => string }
      expect(render({ file: '{{file}}' })).toBe('Review {{file}} $& {{file}}')
      expect(() => render({ fiel: 'x' })).toThrow(/fiel is no parameter of it; file is missing/)
      expect(() => render({ file: 1 })).toThrow(/no string/)
    } finally {
      await server.close()
    }
  })

  it('names file and line of an item that became bad, and follows when it is mended', async () => {
    await project.create('ai-prompts', 'code/review')
    const file = at('ai-prompts/code/review')
    const good = project.read(file).toString()
    project.write('src/page.js', 'export { default } from "asset:ai-prompts/code/review"\n')
    const server = await project.serve()
    try {
      await server.listen()
      await watching()
      await server.ssrLoadModule('/src/page.js')
      const failure = () => server.ssrLoadModule('/src/page.js').then(() => '', (error: Error) => error.message)
      project.write(file, `nmae: x\n${good}`)
      expect(await until(failure, Boolean)).toContain(`${file}:1:1: nmae`)
      project.write(file, good)
      expect(await until(failure, (message) => message === '')).toBe('')
    } finally {
      await server.close()
    }
  })
})

describe('queries', () => {
  beforeAll(async () => {
    project = createLibraryProject()
    await project.create('design-tokens', 'colors/brand')
    await project.create('ai-prompts', 'code/review')
  })
  afterAll(() => project.remove())

  it.each([
    ['design-tokens/colors/brand?sass', /\?css, \?scss, \?tailwind, \?dtcg/],
    ['design-tokens/colors/brand?css&scss', /nothing that/],
    ['ai-prompts/code/review?w=100', /have no query/],
  ])('%s is refused', async (request, message) => {
    await expect(project.load(`export { default } from "asset:${request}"`)).rejects.toThrow(message)
    expect(Object.keys(await project.typeErrors({ query: `import x from "asset:${request}"\nexport { x }\n` }))).toEqual(['query'])
  })
})
