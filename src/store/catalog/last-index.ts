import { closeSync, fstatSync, mkdirSync, openSync, read as readOpen, readSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import * as z from 'zod'
import { writeFileAtomic } from '../atomic-write.ts'

const headSchema = z.object({
  format: z.literal(2),
  from: z.string(),
  revision: z.string(),
  /** Of the answer that named the commit. */
  revisionTag: z.string().optional(),
  etag: z.string().optional(),
  rows: z.number().int(),
  problems: z.array(z.object({ line: z.number(), problem: z.string() })),
  problemCount: z.number().int(),
  /** Of the rows. A digest would say no more: whoever changes the rows on purpose can change it, too. */
  crc32: z.number().int(),
})

/** What is known of a kept index without its rows. */
export interface KeptHead extends Omit<z.output<typeof headSchema>, 'format' | 'from' | 'crc32'> {
  /** When the catalog last said that it is so. */
  confirmedMs: number
}

/** An index as it was last read without fault. */
export interface KeptIndex extends KeptHead {
  lines: string
}

/** The last good index of one catalog: a line of JSON, then the rows. */
export interface LastIndex {
  /**
   * Undefined when there is none. The rows are read meanwhile, in another thread, so that the catalog can be asked whether
   * they still hold; `whole` is undefined when they are damaged.
   */
  read(): { head: KeptHead; whole: Promise<KeptIndex | undefined> } | undefined
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
      const opened = openHead(file)
      if (!opened) return undefined
      const { descriptor, line, sizeBytes, confirmedMs } = opened
      const read = headSchema.safeParse(parsed(line.toString()))
      if (!read.success || read.data.from !== from) {
        closeSync(descriptor)
        return undefined
      }
      const { format: _format, from: _from, crc32: wanted, ...rest } = read.data
      const head = { ...rest, confirmedMs }
      const start = line.length + 1
      const whole = readRest(descriptor, start, Math.max(sizeBytes - start, 0)).then((bytes) =>
        bytes && crc32(bytes) === wanted ? { ...head, lines: bytes.toString() } : undefined,
      )
      return { head, whole }
    },
    keep({ lines, ...head }) {
      mkdirSync(folder, { recursive: true })
      const line = JSON.stringify({ format: 2, from, ...head, crc32: crc32(lines) })
      writeFileAtomic(file, `${line}\n${lines}`, input.tempFolder)
    },
    confirm() {
      const now = new Date()
      utimesSync(file, now, now)
    },
  }
}

/** A file with its first line read, left open; undefined when it cannot be read. */
function openHead(file: string) {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, 'r')
    const { size: sizeBytes, mtimeMs: confirmedMs } = fstatSync(descriptor)
    return { descriptor, line: firstLine(descriptor, sizeBytes), sizeBytes, confirmedMs }
  } catch {
    if (descriptor !== undefined) closeSync(descriptor)
    return undefined
  }
}

/** The bytes before the first line break; all where there is none. */
function firstLine(descriptor: number, sizeBytes: number): Buffer {
  for (let length = 65_536; ; length *= 8) {
    const bytes = Buffer.alloc(Math.min(length, sizeBytes))
    readSync(descriptor, bytes, 0, bytes.length, 0)
    const end = bytes.indexOf('\n')
    if (end >= 0 || bytes.length === sizeBytes) return end < 0 ? bytes : bytes.subarray(0, end)
  }
}

/** Read in one go, and close the file. @returns undefined when it cannot be read */
function readRest(descriptor: number, start: number, sizeBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    readOpen(descriptor, Buffer.allocUnsafeSlow(sizeBytes), 0, sizeBytes, start, (error, count, bytes) => {
      closeSync(descriptor)
      resolve(error || count < sizeBytes ? undefined : bytes)
    })
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
