/* node fake-provider.mjs: an image service on the loopback that answers each request after 200 ms; says its port. */
import { createServer } from 'node:http'
import sharp from 'sharp'

const latencyMs = 200
const picture = async (seed) => (await sharp({ create: { width: 32, height: 32, channels: 4, background: { r: seed & 255, g: (seed >> 8) & 255, b: 99, alpha: 1 } } }).png().toBuffer()).toString('base64')
// Drawn before anybody asks: what is measured is not this server.
const pictures = await Promise.all(Array.from({ length: 500 }, (_, i) => picture(i * 7)))
let calls = 0; const log=[]; let ids=0; const m=new WeakMap(); const sockId=(s)=>m.get(s)??(m.set(s,++ids),ids); process.on('SIGUSR2',()=>{process.stderr.write(JSON.stringify(log)+'\n');log.length=0});
const server = createServer((request, response) => {
  const body = JSON.stringify({ images: [pictures[calls++ % pictures.length]] })
  request.resume()
  const t0=performance.now(); const id=sockId(request.socket); log.push([id,'in',t0]); setTimeout(() => {log.push([id,'out',performance.now()]);
    response.setHeader('content-type', 'application/json')
    response.end(body)
  }, latencyMs)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.on('disconnect', () => process.exit())
