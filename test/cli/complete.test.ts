import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cliPath } from '../project.ts'
import { copySample, useSample } from './sample.ts'

useSample()

/** A shell's own completion, asked for a command line: each prints what it would offer, a word a line. */
const shells: Readonly<Record<string, (words: string[]) => string>> = {
  bash: (words) => `source <(assetloom complete bash)
COMP_WORDS=(${words.map(quote).join(' ')}); COMP_CWORD=${words.length - 1}
_assetloom assetloom
printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (words) => `compdef() {}; _files() {}; _describe() { print -l -- "\${(@)lines%%:*}" }
source <(assetloom complete zsh)
words=(${words.map(quote).join(' ')}); CURRENT=${words.length}
_assetloom`,
  fish: (words) => `assetloom complete fish | source
complete -C ${quote(words.join(' '))}`,
}
const quote = (word: string) => `'${word}'`

const isInstalled = (shell: string) => {
  try {
    execFileSync(shell, ['-c', ':'])
    return true
  } catch {
    return false
  }
}

function tab(shell: string, root: string, ...words: string[]): string[] {
  const bin = join(root, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'assetloom'), `#!/bin/sh\nexec '${process.execPath}' '${cliPath}' "$@"\n`, { mode: 0o755 })
  const text = execFileSync(shell, ['-c', shells[shell]!(['assetloom', ...words])], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
  })
  return text.split('\n').map((line) => line.split('\t')[0]!).filter((word) => word !== '')
}

const cases = [
  { words: ['gener'], offered: ['generate'] },
  { words: ['cache', ''], offered: expect.arrayContaining(['stats', 'verify', 'clear']) },
  { words: ['info', 'LOGO'], offered: ['LOGO-ACME-MARK001', 'LOGO-ACME-MARK002'] },
  { words: ['info', 'key_'], offered: ['key_coin'] },
  { words: ['create', 'design'], offered: ['design-tokens'] },
  { words: ['init', '--no'], offered: ['--no-scripts'] },
  { words: ['types', '--ch'], offered: ['--check'] },
  { words: ['info', 'NOTHING'], offered: [] },
  { words: ['no-such-command', ''], offered: [] },
  { words: ['info', '$(touch', 'evaluated)'], offered: [] },
]

describe.each(Object.keys(shells))('%s', (shell) => {
  // CI has the shells: one that is missing there is a failure.
  const check = isInstalled(shell) || process.env.REQUIRE_SHELLS ? it : it.skip
  if (!isInstalled(shell)) console.warn(`${shell} is not installed: its completion is not tested`)

  check.each(cases)('offers $offered behind $words', ({ words, offered }) => {
    const { root } = copySample()
    expect(tab(shell, root, ...words).sort()).toEqual(Array.isArray(offered) ? offered.toSorted() : offered)
    expect(existsSync(join(root, 'evaluated'))).toBe(false)
  })
})

it('offers commands in a folder that is no project', () => {
  const project = copySample()
  project.write({ 'assets/manifest.json': '{ damaged', 'assetloom.config.js': 'syntax error' })
  expect(tab('bash', project.root, 'valid')).toEqual(['validate'])
  expect(tab('bash', project.root, 'info', 'LOGO')).toEqual([])
})

it.each([[['complete']], [['complete', 'tcsh']], [['complete', 'bash', 'extra']]])('refuses %j', async (args) => {
  const { code, stdout, stderr } = await copySample().cli(...args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('fish')
})
