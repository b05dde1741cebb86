/* node read-specs.mjs: what a dry run over unchanged specs cannot do without: read every file and hash it. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

for (const folder of ['specs', 'assets'])
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) createHash('sha256').update(readFileSync(join(entry.parentPath, entry.name))).digest('hex')
