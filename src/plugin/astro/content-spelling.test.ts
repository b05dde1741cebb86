import { describe, expect, it } from 'vitest'
import { contentMistakes } from './content-spelling.ts'

const found = (text: string, isMdx = false) =>
  contentMistakes(text, isMdx).map(({ spelled, where }) => `${where} ${spelled}`)

describe('contentMistakes', () => {
  it.each([
    ['an image', '![alt](asset:LOGO-ACME-MARK001)', 'image asset:LOGO-ACME-MARK001'],
    ['an image with a title', '![alt](asset:mark.webp "Title")', 'image asset:mark.webp'],
    ['an image in angle brackets', '![alt](<asset:mark>)', 'image asset:mark'],
    ['brackets in the text', '![an [odd] text](asset:mark)', 'image asset:mark'],
    ['an image in a link', '[![alt](asset:mark)](/page)', 'image asset:mark'],
    ['an image by reference', '![alt][logo]\n\n[logo]: asset:mark', 'image asset:mark'],
    ['an image in a list after code', '```\ncode\n```\n- ![alt](asset:mark)', 'image asset:mark'],
    ['the scheme-less form without extension', '![alt](~asset/mark)', 'image ~asset/mark'],
    ['the scheme-less form with a query', '![alt](~asset/mark.png?w=20)', 'image ~asset/mark.png?w=20'],
    ['an attribute', '<img alt="" src="asset:mark">', 'attribute asset:mark'],
    ['an attribute without quotes', '<img src=asset:mark>', 'attribute asset:mark'],
    ['an attribute on a line of its own', '<img\n  alt=""\n  src="asset:mark"\n/>', 'attribute asset:mark'],
    ['the scheme-less form in HTML', '<img src="~asset/mark.png">', 'attribute ~asset/mark.png'],
    ['frontmatter', '---\ncover: asset:mark.webp\n---\n', 'frontmatter asset:mark.webp'],
    ['quoted frontmatter', '---\ncover: "asset:mark"\n---\n', 'frontmatter asset:mark'],
    ['a list in frontmatter', '---\npictures:\n  - asset:mark\n---\n', 'frontmatter asset:mark'],
    ['a flow list in frontmatter', "---\npictures: ['asset:mark']\n---\n", 'frontmatter asset:mark'],
    ['CRLF', '---\r\ncover: asset:mark\r\n---\r\n', 'frontmatter asset:mark'],
  ])('finds %s', (_what, text, mistake) => {
    expect(found(text)).toEqual([mistake])
  })

  it('finds every candidate of a srcset', () => {
    expect(found('<img srcset="asset:a 1x, asset:b 2x">')).toEqual(['attribute asset:a', 'attribute asset:b'])
  })

  it.each([
    ['the form that Astro resolves', '![alt](~asset/LOGO-ACME-MARK001.png)'],
    ['the same in frontmatter', '---\ncover: ~asset/mark.webp\n---\n'],
    ['a fenced block', '```md\n![alt](asset:mark)\n```'],
    ['a longer fence around a shorter one', '````\n```\n![alt](asset:mark)\n```\n````'],
    ['a fence that is never closed', '~~~\n![alt](asset:mark)'],
    ['a code span', 'Write `![alt](asset:mark)` so.'],
    ['a code span with backticks in it', '`` ` ![alt](asset:mark) ``'],
    ['a comment', '<!-- ![alt](asset:mark) -->'],
    ['prose', 'The scheme asset:mark is for code, and src="asset:mark" too.'],
    ['a link', '[text](asset:mark)'],
    ['a sentence in frontmatter', '---\ntitle: The asset:mark scheme\nasset: 3\n---\n'],
    ['another scheme', '![alt](myasset:mark)'],
  ])('leaves %s alone', (_what, text) => {
    expect(found(text)).toEqual([])
  })

  it('knows imports and components of MDX from HTML in it', () => {
    const text =
      'import logo from "asset:mark"\n\n<Asset ref="mark" src="asset:mark" />\n\n{/* <img src="asset:no"> */}\n\n<img src="asset:mark" />\n'
    expect(found(text, true)).toEqual(['attribute asset:mark'])
    expect(contentMistakes(text, true)[0]!.at).toBe(text.lastIndexOf('asset:mark'))
  })

  it('tells the place, and the ref without extension, query and version', () => {
    const text = '---\na: 1\n---\n\n![x](asset:mark@1.2.0?w=20) ![y](asset:mark.webp)'
    expect(contentMistakes(text, false)).toMatchObject([
      { ref: 'mark', at: text.indexOf('asset:mark@') },
      { ref: 'mark', at: text.indexOf('asset:mark.webp') },
    ])
  })

  it('reads a megabyte of brackets and backticks without choking', () => {
    for (const part of ['![', '](', '`', '<a ', '[a]: ', 'src="', '~asset/', '---\n'])
      expect(found(`asset:x ${part.repeat(1e6 / part.length)}`)).toEqual([])
  })
})
