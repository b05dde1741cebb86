import { join } from 'node:path'
import { contentHash } from '../../src/core/digest.ts'
import { isAssetloomError } from '../../src/core/errors.ts'
import { createSmallBlobs } from '../../src/store/small-blobs.ts'

/*
 * A process of its own: `<folder> <name> <count>` puts so many blobs, each in a transaction, and tells how many it then
 * finds; `<folder> read-only <hash>` tells what can be had by one who may not write.
 */

const [folder, name, what] = process.argv.slice(2) as [string, string, string]
let [damages, faults] = ['no', 'no']
const open = () =>
  createSmallBlobs({
    folder: join(folder, 'blobs'),
    onDamage: () => (damages = 'a'),
    onFault: () => (faults = 'a'),
  })

function readOnly(): string {
  // The modes of files hold nobody back who may do everything.
  if (process.getuid?.() === 0) process.setuid!(65_534)
  const blobs = open()
  const bytes = blobs.get(what)
  let code = 'none'
  try {
    blobs.put('sha256:0', new Uint8Array(1))
    blobs.flush()
  } catch (error) {
    code = isAssetloomError(error) ? error.code : String(error)
  }
  return `found ${blobs.list().length}, ${bytes && contentHash(bytes)}, ${code}, ${damages} damage, ${faults} fault`
}

function write(): string {
  const blobs = open()
  const texts = Array.from({ length: Number(what) }, (_, i) => new TextEncoder().encode(`${name} ${i} `.repeat(300)))
  for (const bytes of texts) {
    blobs.put(contentHash(bytes), bytes)
    blobs.flush()
  }
  const found = texts.filter((bytes) => blobs.has(contentHash(bytes))).length
  blobs.close()
  return `${found} of ${what}`
}

console.log(name === 'read-only' ? readOnly() : write())
