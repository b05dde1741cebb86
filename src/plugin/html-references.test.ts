import { parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import { htmlReferences, rewriteHtml } from './html-references.ts'

describe('refs in HTML', () => {
  it.each([
    ['<img src="asset:A-B-C001?w=1&amp;h=2">', [['A-B-C001?w=1&h=2', false]]],
    ['<img src=asset:A-B-C001>', [['A-B-C001', false]]],
    ["<img srcset='asset:A-B-C001?w=1 1w, ~asset/A-B-C001.png 2w'>", [['A-B-C001?w=1', true], ['A-B-C001.png', true]]],
    ['<meta property="og:image" content="asset:A-B-C001">', [['A-B-C001', true]]],
    ['<meta name="description" content="asset:A-B-C001">', []],
    ['<svg><use href="asset:A-B-C001#star"/></svg>', [['A-B-C001', false]]],
    ['<template><img src="asset:A-B-C001"></template>', [['A-B-C001', false]]],
    ['<a href="https://host.test/?about=asset:A-B-C001">', []],
    ['<a href="https://host.test/~asset/A-B-C001.png">', []],
    ['<!-- <img src="asset:A-B-C001"> --><p>asset:A-B-C001</p>', []],
  ])('%s', (html, expected) => {
    expect(htmlReferences(html, parse).map(({ request, isCandidate }) => [request, isCandidate])).toEqual(expected)
  })

  it('leaves a fragment where it stands', async () => {
    expect(await rewriteHtml('<svg><use href="asset:A-B-C001#star"/></svg>', async () => '/a.svg')).toBe(
      '<svg><use href="/a.svg#star"/></svg>',
    )
  })
})
