import * as z from 'zod'
import { version } from '../version.ts'
import { defineFace } from './face.ts'

export default defineFace({
  input: z.strictObject({
    port: z.number().int().min(0).max(65_535).default(8000).describe('Port to listen at; 0 takes a free one.'),
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen at. At any but this machine’s own, reading needs the token, too.'),
    token: z.string().min(16).max(512).optional().describe('What writes must send as a bearer token. Default: a new one, which is printed.'),
    allowHost: z.array(z.string().min(1)).default([]).describe('Further names of the server in the Host header, e.g. that of a proxy before it.'),
    corsOrigin: z.array(z.string().regex(/^https?:\/\/[^/?#*\s]+$/, 'must be an origin such as https://app.example.com')).default([]).describe('Origins whose pages may ask.'),
  }),
  example: 'assetloom serve --port 8000',
  async serve(input, { workspace, signal, announce }) {
    const { startServer } = await import('../../server/server.ts')
    const server = await startServer(workspace, { ...input, version })
    const { url, token } = server
    announce({ url, token, docs: `${url}/api/docs` }, `Assetloom serves ${workspace.paths.root} at ${url}\n  docs   ${url}/api/docs\n  token  ${token}`)
    await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })))
    await server.close()
  },
})
