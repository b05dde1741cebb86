import { mkdirSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { sha256 } from '../../core/digest.ts'
import { writeFileAtomic } from '../atomic-write.ts'

const headSchema = z.object({
  format: z.literal(1),
  from: z.string(),
  revision: z.string(),
  /** Of the answer that named the commit. */
  revisionTag: z.string().optional(),
  etag: z.string().optional(),
  rows: z.number().int(),
  problems: z.array(z.object({ line: z.number(), problem: z.string() })),
  problemCount: z.number().int(),
  digest: z.string(),
})

/** An index as it was last read without fault. */
export interface KeptIndex extends Omit<z.output<typeof headSchema>, 'format' | 'from' | 'digest'> {
  lines: string
  /** When the catalog last said that it is so. */
  confirmedMs: number
}

/** The last good index of one catalog: a line of JSON, then the rows. */
export interface LastIndex {
  /** Undefined when there is none, or it is damaged. */
  read(): KeptIndex | undefined
  keep(index: Omit<KeptIndex, 'confirmedMs'>): void
  /** The catalog said again that it is so. */
  confirm(): void
}

/**
 * @param input.place - name of the catalog's own file
 * @param input.identity - of the catalog
 */
export function createLastIndex(input: { folder: string; tempFolder: string; place: string; identity: string }): LastIndex {
  const { folder, identity: from } = input
  const file = join(folder, `${input.place}.index`)
  return {
    read() {
      let bytes: Buffer
      let confirmedMs: number
      try {
        confirmedMs = statSync(file).mtimeMs
        bytes = readFileSync(file)
      } catch {
        return undefined
      }
      const end = Math.max(bytes.indexOf('\n'), 0)
      const head = headSchema.safeParse(parsed(bytes.toString('utf8', 0, end)))
      if (!head.success || head.data.from !== from || head.data.digest !== sha256(bytes.subarray(end + 1))) return undefined
      const { format: _format, from: _from, digest: _digest, ...kept } = head.data
      return { ...kept, lines: bytes.toString('utf8', end + 1), confirmedMs }
    },
    keep({ lines, ...head }) {
      mkdirSync(folder, { recursive: true })
      const line = JSON.stringify({ format: 1, from, ...head, digest: sha256(lines) })
      writeFileAtomic(file, `${line}\n${lines}`, input.tempFolder)
    },
    confirm() {
      const now = new Date()
      utimesSync(file, now, now)
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
