import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { gitIgnored } from './git-ignored.ts'

let repository: string
beforeEach(() => (repository = mkdtempSync(join(tmpdir(), 'assetloom-git-'))))
afterEach(() => rmSync(repository, { recursive: true }))

const write = (files: Record<string, string>) => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, file)), { recursive: true })
    writeFileSync(join(repository, file), text)
  }
}

it.each([
  ['a folder', { '.gitignore': '/public_html/\n' }, 'public_html/a.js', true],
  ['the same name elsewhere', { '.gitignore': '/public_html/\n' }, 'src/public_html/a.js', false],
  ['a pattern with an exception', { '.gitignore': '*.js\n!keep.js\n' }, 'src/keep.js', false],
  ['a pattern of an inner folder', { 'web/.gitignore': 'www\n' }, 'web/www/a.js', true],
  ['what is beside that folder', { 'web/.gitignore': 'www\n' }, 'www/a.js', false],
  ['what an inner folder takes back', { '.gitignore': '*.js\n', 'web/.gitignore': '!*.js\n' }, 'web/a.js', false],
  ['no pattern at all', {}, 'a.js', false],
])('%s', (_, files: Record<string, string>, file, isIgnored) => {
  write(files)
  expect(gitIgnored(repository, ['.', 'src', 'web', 'web/www'])(file)).toBe(isIgnored)
})

it('counts files around the project up to the repository, and none without one', () => {
  write({ '.gitignore': 'site/www\n' })
  const site = join(repository, 'site')
  mkdirSync(site)
  expect(gitIgnored(site, ['.'])('www/a.js')).toBe(false)
  mkdirSync(join(repository, '.git'))
  expect(gitIgnored(site, ['.'])('www/a.js')).toBe(true)
})
