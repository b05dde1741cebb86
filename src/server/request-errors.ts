import { defineError } from '../core/errors.ts'

/* What can be wrong with a request before any operation sees it. */

export const targetInvalid = defineError('TARGET_INVALID', {
  summary: 'The target of an HTTP request is spelled in a way that is not read.',
  message: (d: { why: string }) => `The target of the request ${d.why}.`,
  hint: () => 'Ask for a path such as /api/assets/LOGO-ACME-MARK001; a slash within an id is %2F.',
})
export const hostForeign = defineError('HOST_FOREIGN', {
  summary: 'An HTTP request named a host that the server does not answer for.',
  message: () => 'This server does not answer for the host that was named.',
  hint: () => 'Ask for localhost, or name the host: assetloom serve --allow-host assets.example.com.',
  http: 403,
})
export const originForeign = defineError('ORIGIN_FOREIGN', {
  summary: 'A page of another origin sent an HTTP request.',
  message: () => 'A page of another origin may not ask this server.',
  hint: () => 'Name the origin: assetloom serve --cors-origin https://app.example.com.',
  http: 403,
})
export const tokenMissing = defineError('TOKEN_MISSING', {
  summary: 'An HTTP request that needs the token of the server did not have it.',
  message: () => 'This request needs the token of the server.',
  hint: () => 'Send it as Authorization: Bearer <token>; assetloom serve prints it when it starts.',
  http: 401,
})
export const routeUnknown = defineError('ROUTE_UNKNOWN', {
  summary: 'The server has nothing at the path of an HTTP request.',
  message: () => 'There is nothing at this path.',
  hint: () => '/api/docs lists what there is.',
  http: 404,
})
export const methodNotAllowed = defineError('METHOD_NOT_ALLOWED', {
  summary: 'A path was asked with an HTTP method that it does not have.',
  message: (d: { methods: readonly string[] }) => `This path takes ${d.methods.join(', ')}.`,
  hint: () => '/api/docs lists what there is.',
  http: 405,
})
export const bodyNotJson = defineError('BODY_NOT_JSON', {
  summary: 'The body of an HTTP request is not sent as JSON.',
  message: () => 'The body must be JSON, sent as application/json without a content encoding.',
  hint: () => `curl -H 'Content-Type: application/json' -d '{…}'`,
  http: 415,
})
export const bodyInvalid = defineError('BODY_INVALID', {
  summary: 'The body of an HTTP request is no JSON object.',
  message: (d: { why: string }) => `The body ${d.why}.`,
  hint: () => 'Send one object with the members that /api/docs names.',
})
export const bodyTooLarge = defineError('BODY_TOO_LARGE', {
  summary: 'The body of an HTTP request is larger than the server takes.',
  message: (d: { maxBytes: number }) => `The body is larger than ${d.maxBytes} bytes.`,
  hint: () => 'Put files into the project and name them.',
  http: 413,
})
export const serverBusy = defineError('SERVER_BUSY', {
  summary: 'The server has as many requests or runs in work as it takes.',
  message: (d: { what: string; most: number }) => `${d.most} ${d.what} are in work, and that is the most.`,
  hint: () => 'Ask again in a moment.',
  http: 503,
})
export const timeLimit = defineError('TIME_LIMIT', {
  summary: 'An operation asked over HTTP or MCP took longer than it may.',
  message: (d: { seconds: number }) => `It took longer than ${d.seconds} seconds and was stopped.`,
  hint: () => 'Ask for less at once, or run the command in a terminal.',
  http: 504,
})
export const queryInvalid = defineError('QUERY_INVALID', {
  summary: 'The query of an HTTP request has an unknown, doubled or unreadable member.',
  message: (d: { problem: string; allowed?: readonly string[] }) => `${d.problem}${d.allowed ? `; allowed: ${d.allowed.join(', ')}` : ''}.`,
  hint: () => '/api/docs lists what each path takes.',
})
