import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fastGlob from 'fast-glob'
import { expect, it } from 'vitest'
import { repository } from '../project.ts'

const pages = await fastGlob(['*.md', 'docs/**/*.md', 'examples/*/README.md', 'bench/*.md'], { cwd: repository })
const prose = (text: string) => text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, (code) => code.replaceAll('[', ' '))

/** Anchors as code hosts make them of headings. */
const anchors = (text: string) =>
  text
    .replace(/^```.*?^```/gms, '')
    .split('\n')
    .flatMap((line) => /^#{1,6} (.*)$/.exec(line)?.[1] ?? [])
    .map((title) => title.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').trim().replaceAll(' ', '-'))

it.each(pages)('links of %s lead somewhere', (page) => {
  const text = readFileSync(join(repository, page), 'utf8')
  const broken = [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => {
    if (/^(?:[a-z]+:|~asset\/)/.test(link!)) return []
    const [path, anchor] = link!.split('#') as [string, string | undefined]
    const target = path === '' ? join(repository, page) : join(repository, dirname(page), path)
    if (!existsSync(target)) return [link]
    return anchor !== undefined && !anchors(readFileSync(target, 'utf8')).includes(anchor) ? [link] : []
  })
  expect(broken).toEqual([])
})
