import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createGithubTransport } from '../../src/store/catalog/github.ts'

const origin = { type: 'github', owner: 'acme', repo: 'assets', ref: 'main' } as const
const sha = 'a'.repeat(40)

describe('the pages of a repository for people', () => {
  it.each([
    ['of github.com', {}, 'https://github.com'],
    ['of an Enterprise Server', { apiURL: 'https://git.acme.example/api/v3' }, 'https://git.acme.example'],
    ['of an Enterprise Server with a port', { apiURL: 'https://git.acme.example:8443/api/v3/' }, 'https://git.acme.example:8443'],
    ['behind a proxy of the API', { apiURL: 'https://proxy.acme.example/github' }, 'https://github.com'],
    ['of an API that only ends alike', { apiURL: 'https://proxy.acme.example/to/api/v3' }, 'https://github.com'],
  ])('%s', (_what, bases, web) => {
    const { page, placeOf } = createGithubTransport({ name: 'acme', origin, ...bases })
    expect(page).toBe(`${web}/acme/assets/tree/main`)
    expect(placeOf(sha, 'assets/x.png')).toBe(`${web.slice('https://'.length)}/acme/assets/blob/${sha}/assets/x.png`)
  })

  it('lead to the repository itself where the options name no ref', () => {
    expect(createGithubTransport({ name: 'acme', origin: { ...origin, ref: 'HEAD' }, apiURL: 'https://git.acme.example/api/v3' }).page).toBe('https://git.acme.example/acme/assets')
  })
})

it('an Enterprise Server gives raw files itself: neither they nor the token go to github.com', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`)
    response.end('text')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const apiURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`
  const { read } = createGithubTransport({ name: 'acme', origin, apiURL, token: 'canary' })
  await read(sha, 'assets/index.csv', { maxBytes: 100, signal: new AbortController().signal })
  expect(asked).toEqual([`/raw/acme/assets/${sha}/assets/index.csv Bearer canary`])
  server.close()
})
