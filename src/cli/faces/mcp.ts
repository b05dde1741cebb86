import * as z from 'zod'
import { version } from '../version.ts'
import { defineFace } from './face.ts'
import { mcpLimits } from './mcp-limits.ts'

export default defineFace({
  input: z.strictObject(mcpLimits),
  example: 'assetloom mcp --max-cost-usd 0.50',
  speaksOnStdout: true,
  async serve({ readOnly, ...limits }, { workspace, signal, stdout }) {
    const { createMcp, speakOverStreams } = await import('../../mcp/mcp.ts')
    const mcp = await createMcp(workspace, { ...limits, version, isReadOnly: readOnly })
    await speakOverStreams(mcp, { input: process.stdin, output: stdout }, signal)
  },
})
