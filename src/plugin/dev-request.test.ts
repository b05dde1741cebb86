import { expect, it } from 'vitest'
import { decideDevRequest, type DevRequest } from './dev-request.ts'

const path = '/app/__assetloom/health'
const good: DevRequest = { method: 'GET', target: path, host: 'localhost:5173', origin: undefined, fetchSite: 'same-origin' }

it.each<[string, Partial<DevRequest>, 'pass' | 'answer' | number]>([
  ['a page of the server', {}, 'answer'],
  ['no browser', { fetchSite: undefined }, 'answer'],
  ['the address bar', { fetchSite: 'none' }, 'answer'],
  ['an origin of its own', { origin: 'http://localhost:5173' }, 'answer'],
  ['an address', { host: '127.0.0.1:5173' }, 'answer'],
  ['an IPv6 address', { host: '[::1]:5173' }, 'answer'],
  ['a name below localhost', { host: 'site.localhost' }, 'answer'],
  ['a name that is allowed', { host: 'dev.example' }, 'answer'],
  ['a name below one that is allowed', { host: 'a.below.example:8080' }, 'answer'],
  ['a name that ends like one that is allowed', { host: 'evil-dev.example' }, 403],
  ['another name', { host: 'evil.example' }, 403],
  ['another address', { host: '192.168.0.7:5173' }, 403],
  ['a name that begins like this machine', { host: 'localhost.evil.example' }, 403],
  ['a name with a user', { host: 'localhost@evil.example' }, 403],
  ['no name', { host: undefined }, 403],
  ['another origin', { origin: 'https://evil.example' }, 403],
  ['another port', { origin: 'http://localhost:8080' }, 403],
  ['the null origin', { origin: 'null' }, 403],
  ['another site', { fetchSite: 'cross-site' }, 403],
  ['a neighbour', { fetchSite: 'same-site' }, 403],
  ['POST', { method: 'POST' }, 405],
  ['HEAD', { method: 'HEAD' }, 405],
  ['OPTIONS', { method: 'OPTIONS' }, 405],
  ['other letters', { target: '/app/__ASSETLOOM/health' }, 'pass'],
  ['no base', { target: '/__assetloom/health' }, 'pass'],
  ['more path', { target: `${path}/x` }, 'pass'],
  ['a query', { target: `${path}?x` }, 'pass'],
  ['an encoded path', { target: '/app/__assetloom%2fhealth' }, 'pass'],
  ['a path with steps', { target: '/app/x/../__assetloom/health' }, 'pass'],
  ['an absolute target', { target: `http://localhost:5173${path}` }, 'pass'],
])('%s', (_, more, wanted) => {
  const verdict = decideDevRequest({ ...good, ...more }, { path, hosts: ['dev.example', '.below.example'] })
  expect(typeof verdict === 'object' ? verdict.status : verdict).toBe(wanted)
})
