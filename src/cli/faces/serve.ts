import * as z from 'zod'
import { version } from '../version.ts'
import { defineFace } from './face.ts'
import { mcpLimits } from './mcp-limits.ts'

export default defineFace({
  input: z.strictObject({
    port: z.number().int().min(0).max(65_535).default(8000).describe('Port to listen at; 0 takes a free one.'),
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen at. At any but this machine’s own, reading needs the token, too.'),
    token: z.string().min(16).max(512).optional().describe('What writes must send as a bearer token. Default: a new one, which is printed.'),
    allowHost: z.array(z.string().min(1)).default([]).describe('Further names of the server in the Host header, e.g. that of a proxy before it.'),
    corsOrigin: z.array(z.string().regex(/^https?:\/\/[^/?#*\s]+$/, 'must be an origin such as https://app.example.com')).default([]).describe('Origins whose pages may ask.'),
    mcpMaxCostUsd: mcpLimits.maxCostUsd,
    mcpCallsPerMinute: mcpLimits.callsPerMinute,
    mcpTools: mcpLimits.tools,
    mcpReadOnly: mcpLimits.readOnly,
  }),
  example: 'assetloom serve --port 8000',
  async serve(input, { workspace, signal, announce }) {
    const [{ startServer }, { createHttpAnswers, createMcp }] = await Promise.all([import('../../server/server.ts'), import('../../mcp/mcp.ts')])
    const limits = { maxCostUsd: input.mcpMaxCostUsd, callsPerMinute: input.mcpCallsPerMinute, tools: input.mcpTools, isReadOnly: input.mcpReadOnly }
    const mcp = createHttpAnswers(await createMcp(workspace, { version, ...limits }))
    const server = await startServer(workspace, { ...input, version, mcp: mcp.answer })
    const { url, token } = server
    announce({ url, token, docs: `${url}/api/docs`, mcp: `${url}/mcp` }, `Assetloom serves ${workspace.paths.root} at ${url}\n  docs   ${url}/api/docs\n  MCP    ${url}/mcp\n  token  ${token}`)
    await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })))
    await mcp.close()
    await server.close()
  },
})
