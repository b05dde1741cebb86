/* node dev.mjs <page> <plugin>: start a dev server, ask for the page and its module, say so, stop. */
import { createServer } from 'vite'

const [page, plugin] = process.argv.slice(2)
const plugins = plugin === 'assetloom' ? [(await import('assetloom/vite')).default()] : []
const server = await createServer({ root: process.cwd(), configFile: false, logLevel: 'error', plugins, server: { port: 0, host: '127.0.0.1' } })
await server.listen()
const { port } = server.httpServer.address()
for (const path of [`/${page}.html`, `/src/${page}.js`]) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
  if (path.endsWith('.js') && process.argv[4] === 'follow')
    for (const [, id] of text.matchAll(/from "(\/@id\/[^"]+)"/g)) {
      const module = await fetch(`http://127.0.0.1:${port}${id}`)
      if (!module.ok) throw new Error(`${id}: ${module.status} ${await module.text()}`)
    }
}
const { user, system } = process.cpuUsage()
console.log(JSON.stringify({ cpuMs: (user + system) / 1000 }))
process.exit()
