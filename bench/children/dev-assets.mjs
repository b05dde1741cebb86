/* node dev-assets.mjs <refs…>: a dev server that is asked for assets, each made from its spec; then it stops. */
import { createServer } from 'vite'
import assetloom from 'assetloom/vite'

const server = await createServer({ root: process.cwd(), configFile: false, logLevel: 'error', plugins: [assetloom()], server: { port: 0, host: '127.0.0.1' } })
await server.listen()
const { port } = server.httpServer.address()
await Promise.all(
  process.argv.slice(2).map(async (ref) => {
    const response = await fetch(`http://127.0.0.1:${port}/@id/asset:${ref}`)
    const text = await response.text()
    if (!response.ok) throw new Error(`${ref}: ${response.status} ${text}`)
  }),
)
process.exit()
