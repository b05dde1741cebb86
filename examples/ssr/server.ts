// node server.ts: development, Vite as middleware. node server.ts --production: serves what `vite build --app` made.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

const root = fileURLToPath(new URL('.', import.meta.url))
const isProduction = process.argv.includes('--production')
const answer = isProduction ? await serveBuilt() : await serveDeveloped()
const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error)
    response.writeHead(500, { 'content-type': 'text/plain' }).end('Something went wrong.')
  })
})
server.listen(Number(process.env.PORT ?? 5180), '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}/`)
})

async function serveDeveloped(): Promise<Answer> {
  const { createServer: createVite, isRunnableDevEnvironment } = await import('vite')
  const vite = await createVite({ root, server: { middlewareMode: true }, appType: 'custom' })
  const ssr = vite.environments.ssr
  if (!isRunnableDevEnvironment(ssr)) throw new Error('The ssr environment cannot run modules here.')
  return (request, response) =>
    new Promise((done, fail) => {
      response.once('close', done)
      vite.middlewares(request, response, async () => {
        try {
          const url = request.url ?? '/'
          const html = await vite.transformIndexHtml(url, readFileSync(join(root, 'index.html'), 'utf8'))
          const { render } = (await ssr.runner.import('/src/entry-server.ts')) as { render(): string }
          sendPage(response, html.replace('<!--app-->', render()))
        } catch (error) {
          fail(error as Error)
        }
      })
    })
}

async function serveBuilt(): Promise<Answer> {
  const client = join(root, 'dist/client')
  const html = readFileSync(join(client, 'index.html'), 'utf8')
  const { render } = (await import(pathToFileURL(join(root, 'dist/server/entry-server.js')).href)) as { render(): string }
  const mediaTypes: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.webp': 'image/webp', '.avif': 'image/avif', '.png': 'image/png' }
  return async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = resolve(client, `.${pathname}`)
    const isFile = file.startsWith(client + sep) && !file.endsWith('index.html') && existsSync(file) && statSync(file).isFile()
    if (isFile) {
      response.writeHead(200, { 'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream', 'cache-control': 'public, max-age=31536000, immutable' })
      createReadStream(file).pipe(response)
    } else if (pathname === '/') sendPage(response, html.replace('<!--app-->', render()))
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found.')
  }
}

function sendPage(response: ServerResponse, html: string): void {
  response.writeHead(200, { 'content-type': 'text/html' }).end(html)
}
