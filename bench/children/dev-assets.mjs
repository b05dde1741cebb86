/* node dev-assets.mjs <refs as JSON>: a dev server that is asked for assets, each made from its spec; then it stops. */
import { createServer } from 'vite'
import assetloom from 'assetloom/vite'
import { watchThree } from './loop-watch.mjs'

const refs = JSON.parse(process.argv[2])
const server = await createServer({ root: process.cwd(), configFile: false, logLevel: 'error', plugins: [assetloom()], server: { port: 0, host: '127.0.0.1' } })
await server.listen()
const { port } = server.httpServer.address()
await watchThree((size) =>
  Promise.all(
    refs.map(async (ref) => {
      const response = await fetch(`http://127.0.0.1:${port}/@id/asset:${size}-${ref}`)
      const text = await response.text()
      if (!response.ok) throw new Error(`${size}-${ref}: ${response.status} ${text}`)
    }),
  ),
)
