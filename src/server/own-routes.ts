import * as z from 'zod'
import { readContent } from '../operations/read-content.ts'
import { toldError } from '../operations/remote.ts'
import type { Workspace } from '../workspace.ts'
import { answerData } from './answer.ts'
import { answerContent } from './content-answer.ts'
import { docsPage } from './docs-page.ts'
import { eventStream } from './event-stream.ts'
import type { ApiDescription } from './openapi.ts'
import { loadRemote } from './run-operation.ts'
import type { Runs } from './runs.ts'

export interface OwnContext {
  workspace: Workspace
  runs: Runs
  /** Every route described. */
  api(): Promise<ApiDescription>
  params: Readonly<Record<string, string>>
  headers: Headers
  body: Readonly<Record<string, unknown>> | undefined
  signal: AbortSignal
}

/** A route that is more than one operation asked and answered. */
export interface OwnRoute {
  method: 'GET' | 'POST'
  path: string
  summary: string
  /** What the answer holds: a schema of the data, or a media type. */
  answers: z.ZodType | string
  status?: number
  /** The operation whose input the body is. */
  operation?: string
  answer(context: OwnContext): Promise<Response> | Response
}

const money = z.number().int().describe('In millionths of a US dollar.')
const runSchema = z.object({
  id: z.string(),
  operation: z.string(),
  status: z.enum(['running', 'done', 'failed']),
  startedAt: z.string(),
  finishedAt: z.string().optional(),
  progress: z.object({ done: z.number().int(), total: z.number().int(), label: z.string() }),
  jobs: z.number().int().optional(),
  quoteMicroUsd: money,
  spentMicroUsd: money,
  output: z.unknown().optional(),
  error: z.object({ status: z.number().int(), code: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
})

export const ownRoutes: readonly OwnRoute[] = [
  {
    method: 'GET',
    path: '/api/live',
    summary: 'Whether the server lives; needs no token.',
    answers: z.object({ isLive: z.literal(true) }),
    answer: () => answerData({ isLive: true }, 'ok'),
  },
  {
    method: 'GET',
    path: '/api/assets/:ref/content',
    summary: 'The bytes of an asset; with ranges, ETag and If-None-Match.',
    answers: 'application/octet-stream',
    async answer({ workspace, params, headers }) {
      try {
        return answerContent(await readContent(params.ref!, workspace), headers)
      } catch (error) {
        throw toldError(error, workspace)
      }
    },
  },
  {
    method: 'POST',
    path: '/api/generate',
    summary: 'Begin a run that makes what specs describe. It pays within maxCostUsd or the budget, and without either nothing.',
    answers: runSchema,
    status: 202,
    operation: 'generate',
    async answer({ runs, body }) {
      const run = await runs.begin('generate', await loadRemote('generate'), body)
      return answerData(run, `The run is at /api/runs/${run.id}`, 202)
    },
  },
  {
    method: 'GET',
    path: '/api/runs',
    summary: 'The runs of this server, newest first, without their output.',
    answers: z.object({ total: z.number().int(), runs: z.array(runSchema) }),
    answer({ runs }) {
      const all = runs.list().map(({ output: _, ...run }) => run)
      return answerData({ total: all.length, runs: all }, `${all.length} runs`)
    },
  },
  {
    method: 'GET',
    path: '/api/runs/:id',
    summary: 'How a run stands, with its money, and what it came to.',
    answers: runSchema,
    answer({ runs, params }) {
      const run = runs.get(params.id!)
      return answerData(run, `The run is ${run.status}`)
    },
  },
  {
    method: 'GET',
    path: '/api/runs/:id/events',
    summary: 'The same as server-sent events: planned, progress, job, finished. Last-Event-ID goes on after an event.',
    answers: 'text/event-stream',
    answer({ runs, params, headers, signal }) {
      const after = Number(headers.get('last-event-id') ?? 0)
      return eventStream(runs, params.id!, Number.isInteger(after) ? after : 0, signal)
    },
  },
  {
    method: 'POST',
    path: '/api/runs/:id/stop',
    summary: 'Begin no further job of a run; what is paid for is finished.',
    answers: runSchema,
    answer: ({ runs, params }) => answerData(runs.stop(params.id!), 'The run is being stopped'),
  },
  {
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This description as OpenAPI 3.1; needs no token.',
    answers: 'application/json',
    answer: async ({ api }) => Response.json(await api()),
  },
  {
    method: 'GET',
    path: '/api/docs',
    summary: 'This description as a page; needs no token.',
    answers: 'text/html',
    async answer({ api }) {
      const html = docsPage(await api())
      return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'" } })
    },
  },
  {
    method: 'GET',
    path: '/',
    summary: 'Leads to /api/docs.',
    answers: 'text/html',
    answer: () => new Response(null, { status: 302, headers: { location: '/api/docs' } }),
  },
]
