/*
 * node bare-import.mjs <from> <to>: what an import of pictures cannot do without. Read, decode, dominant colour,
 * sha256, copy, flush, read back; four at once. No names, no manifest, no checks.
 */
import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

sharp.cache(false)
const [from, to] = process.argv.slice(2)
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')
await mkdir(to, { recursive: true })
const names = await readdir(from)
const facts = []
async function one(name) {
  const bytes = await readFile(join(from, name))
  const { dominant } = await sharp(bytes).stats()
  const hash = sha256(bytes)
  const target = join(to, name)
  const handle = await open(target, 'wx')
  await handle.writeFile(bytes)
  await handle.sync()
  await handle.close()
  if (sha256(await readFile(target)) !== hash) throw new Error(`${name} was not written as it is.`)
  facts.push({ name, hash, dominant })
}
const waiting = names.values()
await Promise.all(
  Array.from({ length: 4 }, async () => {
    for (const name of waiting) await one(name)
  }),
)
if (facts.length !== names.length) throw new Error('Not all were imported.')
