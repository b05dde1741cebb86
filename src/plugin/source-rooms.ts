import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import pLimit from 'p-limit'

/** Memory that one source is read into while pictures are made of it. */
export interface SourceRoom {
  /** The bytes of a file; they stand only while `isOpen`. */
  read(path: string, sizeBytes: number): Uint8Array
  readonly isOpen: boolean
}

export interface SourceRooms {
  /** Work with a room of its own. All that reads from the room must be over when the work is. */
  lend<T>(work: (room: SourceRoom) => Promise<T>): Promise<T>
}

/**
 * A few pieces of memory, used again and again: a build asks for thousands of pictures at once. Were each source read
 * into memory of its own, all of them would wait there for an encoder, and collecting them took a tenth of the build.
 * @param most - lent at a time; further work waits
 */
export function createSourceRooms(most: number): SourceRooms {
  const limit = pLimit(most)
  const free: Buffer[] = []
  return {
    lend: (work) =>
      limit(async () => {
        let memory = free.pop()
        let isUsed = false
        let isOpen = true
        try {
          return await work({
            get isOpen() {
              return isOpen
            },
            read(path, sizeBytes) {
              if (isUsed) return readFileSync(path)
              isUsed = true
              if (!memory || memory.length <= sizeBytes)
                memory = Buffer.allocUnsafeSlow(sizeBytes + (sizeBytes >> 2) + 1)
              return readInto(memory, path)
            },
          })
        } finally {
          isOpen = false
          if (memory) free.push(memory)
        }
      }),
  }
}

function readInto(memory: Buffer, path: string): Uint8Array {
  const handle = openSync(path, 'r')
  try {
    let length = 0
    while (length < memory.length) {
      const read = readSync(handle, memory, length, memory.length - length, null)
      if (read === 0) return memory.subarray(0, length)
      length += read
    }
  } finally {
    closeSync(handle)
  }
  // It has grown since it was looked at.
  return readFileSync(path)
}
