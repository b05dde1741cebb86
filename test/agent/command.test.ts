import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createGrammar } from '../../src/core/phrases/sentence.ts'
import { readSentence } from '../../src/core/phrases/read-sentence.ts'
import { bareCommandIn, commandLineIn } from '../../src/cli/agent/command-line.ts'
import { nextSentences } from '../../src/cli/agent/next-sentences.ts'
import { operations } from '../../src/operations/index.ts'
import { copySample, spec, useSample } from '../cli/sample.ts'
import { cliPath, type Project } from '../project.ts'
import { known } from './known.ts'

useSample()
let project: Project
beforeEach(() => {
  project = copySample()
})

const logo = 'LOGO-ACME-MARK001'
const say = (sentence: string, ...flags: string[]) => project.cli('agent', sentence, '--json', ...flags)
const manifest = () => JSON.parse(readFileSync(join(project.root, 'assets/manifest.json'), 'utf8')) as { assets: Record<string, { tags?: string[] }> }

describe('assetloom agent', () => {
  it('imports, lists and exports what a sentence says', async () => {
    const imported = await say('import in/3.png as Logos for ACME tagged official')
    expect(imported).toMatchObject({ code: 0, json: { ok: true, data: { operation: 'import', input: { files: ['in/3.png'], category: 'Logos', family: 'ACME', tags: ['official'] }, isDone: true } } })
    const token = imported.json.data.output.imported[0].token as string
    const listed = await say('show everything tagged official')
    expect(listed.json.data).toMatchObject({ operation: 'list', input: { tag: ['official'] }, output: { total: 1, assets: [{ ref: token }] } })
    const out = join(project.root, 'backups')
    const exported = await say(`export all Acme logos to ${out}`)
    expect(exported.json.data).toMatchObject({ operation: 'export', input: { dir: out } })
    for (const ref of [logo, 'LOGO-ACME-MARK002', token]) expect(existsSync(join(out, `${ref}.png`))).toBe(true)
  })

  it('takes words without quotes, and command lines', async () => {
    expect((await project.cli('agent', 'tell', 'me', 'about', logo, '--json')).json.data).toMatchObject({ operation: 'info', input: { ref: logo } })
    expect((await say('list --category Icons')).json.data).toMatchObject({ operation: 'list', input: { category: 'Icons' }, output: { total: 1 } })
  })

  it('takes every command as it is typed', async () => {
    for (const { name, load } of operations) {
      const { example } = await load()
      const text = example.replace(/^assetloom /, '')
      // What the grammar makes of these looks at the same assets.
      const names = { browse: 'list', which: 'info' } as Record<string, string>
      const read = (await commandLineIn(text)) ?? (await bareCommandIn(text))
      const sentence = readSentence(text, createGrammar(known), ['LOGO-ACME-WORD001'])
      const operation = sentence.kind === 'calls' ? sentence.calls[0]!.operation : read?.operation
      expect([name, names[name]], text).toContain(read && /\s-/.test(text) ? read.operation : operation)
    }
    expect(await say(`add-tags ${logo} a,b`)).toMatchObject({ code: 0, json: { data: { operation: 'add-tags', input: { ref: logo, tags: ['a,b'] }, output: { assets: [{ tags: ['a', 'b', 'brand', 'primary'] }] } } } })
    for (const text of ['delete everything', 'delete or keep', 'cleanup tomorrow', 'delete the blue one']) expect(await bareCommandIn(text), text).toBeUndefined()
  })

  it('reads a sentence a line from the standard input, up to the first that fails', async () => {
    const told = (text: string, ...flags: string[]) => spawnSync(process.execPath, [cliPath, 'agent', '-', '--json', ...flags], { cwd: project.root, input: text, encoding: 'utf8' })
    const done = told(`# tags\nshow everything tagged primary\n\ntag them as old\n`)
    expect(JSON.parse(done.stdout)).toMatchObject({ ok: true, data: { operation: 'add-tags', calls: [{ operation: 'list' }, { operation: 'add-tags', input: { ref: logo } }, { operation: 'add-tags' }] } })
    const failed = told(`show statistics\nflurb it\ntag ${logo} as late\n`)
    expect(failed.status).toBe(2)
    expect(JSON.parse(failed.stdout)).toMatchObject({ ok: false, error: { code: 'SENTENCE_UNCLEAR' }, data: { operation: 'stats' } })
    expect(manifest().assets[logo]!.tags).not.toContain('late')
    expect(told('').status).toBe(2)
  })

  it('deletes nothing without --yes, and shows what it would delete', async () => {
    const refused = await say('delete all logos tagged primary')
    expect(refused).toMatchObject({ code: 1, json: { ok: false, error: { code: 'PLAN_DECLINED' }, data: { operation: 'delete', isDone: false, output: null, planned: [{ operation: 'delete', input: { ref: logo } }, { input: { ref: 'LOGO-ACME-MARK002' } }] } } })
    expect(Object.keys(manifest().assets)).toContain(logo)
    const told = await project.cli('agent', 'delete LOGO-ACME-MARK002')
    expect(told).toMatchObject({ code: 1, stdout: 'assetloom delete LOGO-ACME-MARK002\n', stderr: expect.stringContaining('PLAN_DECLINED') })
    expect((await project.cli('agent', `delete LOGO-ACME-MARK002`, '--yes', '--json')).json.data).toMatchObject({ isDone: true, output: { ref: 'LOGO-ACME-MARK002' } })
    expect(Object.keys(manifest().assets)).not.toContain('LOGO-ACME-MARK002')
  })

  it.each([
    [`do not delete ${logo}`, 0, undefined],
    [`delte ${logo}`, 2, 'SENTENCE_UNCLEAR'],
    [`should I delete ${logo}?`, 2, 'SENTENCE_UNCLEAR'],
    ['delete everything', 2, 'SENTENCE_UNCLEAR'],
    ['delete LOGO-ACME-MARK777', 1, 'SENTENCE_UNMATCHED'],
    ['delete the logo', 2, 'SENTENCE_AMBIGUOUS'],
    ['delete it', 2, 'SENTENCE_INCOMPLETE'],
    [`export ${logo}`, 2, 'SENTENCE_INCOMPLETE'],
  ])('does nothing for %s, even with --yes', async (sentence, code, error) => {
    const before = manifest()
    const { json, ...ended } = await say(sentence, '--yes')
    expect({ code: ended.code, error: json.error?.code }).toEqual({ code, error })
    if (code === 0) expect(json.data).toMatchObject({ operation: null, isDone: false, output: null })
    expect(manifest()).toEqual(before)
  })

  it('says which operations an unclear sentence is nearest to', async () => {
    const { json } = await say(`delte ${logo}`)
    expect(json.error).toMatchObject({ message: expect.stringContaining('"delte"'), hint: expect.stringContaining('delete: Delete an asset'), details: { near: expect.arrayContaining(['delete']) } })
  })

  it('shows the plan alone with --dry-run, and with a sentence that asks for no more', async () => {
    const before = manifest()
    expect((await say(`tag ${logo} as new`, '--dry-run')).json).toMatchObject({ ok: true, data: { operation: 'add-tags', isDone: false, output: null, planned: [{ input: { ref: logo, tags: ['new'] } }] } })
    expect((await project.cli('agent', '--dry-run', `tag ${logo} as new`)).stdout).toBe(`assetloom add-tags ${logo} new\n`)
    expect((await say('what would organize move?')).json.data).toMatchObject({ operation: 'organize', input: { dryRun: true }, isDone: true })
    expect(manifest()).toEqual(before)
  })

  it('shows what cleaning up would free before it is done', async () => {
    const refused = await project.cli('agent', 'clean up unused assets')
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(/^assetloom cleanup\n[^]*Would free/) })
    const done = await say('clean up', '--yes')
    expect(done.json.data).toMatchObject({ operation: 'cleanup', isDone: true, output: { isDone: true } })
  })

  it('pays nothing without --yes, and then within the budget', async () => {
    project.write({ 'specs/gem.json': spec('gem') })
    const calls = () => readFileSync(join(project.root, 'calls.txt'), 'utf8').trim().split('\n').length
    const before = calls()
    const refused = await say('generate gem')
    expect(refused).toMatchObject({ code: 3, json: { error: { code: 'PLAN_UNPAID', message: expect.stringContaining('$0.04') }, data: { operation: 'generate', isDone: false } } })
    expect((await say('what would gem cost?')).json.data).toMatchObject({ operation: 'generate', input: { specs: ['gem'], dryRun: true }, output: { totals: { quoteMicroUsd: 40_000 } } })
    expect(calls()).toBe(before)
    expect(await say('generate gem', '--yes')).toMatchObject({ code: 0, json: { data: { output: { totals: { costMicroUsd: 40_000 } } } } })
    expect(calls()).toBe(before + 1)
    project.write({ 'specs/ring.json': spec('ring') })
    const overBudget = await say('generate ring for at most $0.01', '--yes')
    expect(overBudget).toMatchObject({ code: 3, json: { error: { code: 'BUDGET_EXCEEDED' }, data: { operation: 'generate' } } })
    expect(calls()).toBe(before + 1)
  })

  it('suggests only what it understands', () => {
    const grammar = createGrammar(known)
    const refs = ['LOGO-AIOTIZE-PFP001', 'LOGO-ACME-WORD001']
    const outputs = [undefined, { dryRun: true, findings: [{}] }]
    const sentences = operations.flatMap(({ name }) => outputs.flatMap((output) => [...nextSentences(name, refs, output), ...nextSentences(name, [], output)]))
    expect(sentences.length).toBeGreaterThan(30)
    expect(sentences.filter((sentence) => readSentence(sentence, grammar, refs).kind !== 'calls')).toEqual([])
  })

  it('tells the error of the operation, with what was done before it', async () => {
    await project.cli('deps', 'add', 'LOGO-ACME-MARK002', logo, '*')
    const { code, json } = await say(`delete ICON-ACME-MAIN001 and ${logo}`, '--yes')
    expect({ code, error: json.error.code }).toEqual({ code: 5, error: 'ASSET_IN_USE' })
    expect(json.data).toMatchObject({ operation: 'delete', output: { ref: 'ICON-ACME-MAIN001' }, planned: [{ input: { ref: logo } }] })
  })
})
