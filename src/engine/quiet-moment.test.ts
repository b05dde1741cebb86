import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createQuietMoment, type QuietMoment } from './quiet-moment.ts'

let quiet: QuietMoment
let done: string[]
beforeEach(() => {
  done = []
  vi.useFakeTimers()
  quiet = createQuietMoment({ now: () => performance.now() })
})
afterEach(() => void vi.useRealTimers())

const wait = async (name: string, neededMs: number, patienceMs = 250) => {
  await quiet.lasting(neededMs, patienceMs)
  done.push(name)
}
/** So long that the next calls have taken the places of answers. */
const settled = () => vi.advanceTimersByTimeAsync(6)
/** Calls that took so long, so that the next answer is awaited after that time. */
const taught = async (tookMs: number) => {
  for (let call = 0; call < 40; call++) {
    const answered = quiet.sent('p')
    await vi.advanceTimersByTimeAsync(tookMs)
    answered()
  }
}

it('comes when the calls that follow answers are out, and no answer is due while it lasts', async () => {
  await taught(200)
  const first = quiet.sent('p')
  await vi.advanceTimersByTimeAsync(180)
  void wait('short', 5)
  void wait('long', 50)
  await settled()
  expect(done).toEqual(['short'])
  first()
  quiet.sent('p')
  expect(done).toEqual(['short'])
  await settled()
  expect(done).toEqual(['short', 'long'])
})

it('looks at the call that was sent first', async () => {
  await taught(200)
  quiet.sent('p')
  await vi.advanceTimersByTimeAsync(190)
  const second = quiet.sent('p')
  void wait('work', 20)
  await settled()
  expect(done).toEqual([])
  // The first is overdue and may come at any time; that the second is answered changes nothing.
  second()
  await settled()
  expect(done).toEqual([])
  await vi.advanceTimersByTimeAsync(250)
  expect(done).toEqual(['work'])
})

it('expects those beside a first answer to be shorter than it', async () => {
  const answered = quiet.sent('p')
  await vi.advanceTimersByTimeAsync(100)
  quiet.sent('p')
  await vi.advanceTimersByTimeAsync(100)
  answered()
  void wait('work', 60)
  await settled()
  expect(done).toEqual([])
})

it('knows each provider by its own calls, and nothing of one that never answered', async () => {
  await taught(10)
  quiet.sent('slow')
  void wait('work', 1000)
  await settled()
  expect(done).toEqual(['work'])
})

it('follows a provider that becomes slower', async () => {
  await taught(10)
  await taught(500)
  quiet.sent('p')
  void wait('work', 400)
  await settled()
  expect(done).toEqual(['work'])
})

it('lets nobody wait once it has ended', async () => {
  await taught(10)
  quiet.sent('p')
  void wait('work', 100)
  await settled()
  expect(done).toEqual([])
  quiet.end()
  await vi.advanceTimersByTimeAsync(0)
  expect(done).toEqual(['work'])
  expect(vi.getTimerCount()).toBe(0)
})
