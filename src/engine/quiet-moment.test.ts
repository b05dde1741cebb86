import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createQuietMoment } from './quiet-moment.ts'

let done: string[]
const work = (name: string) => () => void done.push(name)
beforeEach(() => {
  done = []
  vi.useFakeTimers()
})
afterEach(() => void vi.useRealTimers())

it('comes once the calls that went out together are gone', () => {
  const quiet = createQuietMoment()
  quiet.sent()
  quiet.await(work('placed'))
  vi.advanceTimersByTime(100)
  for (let call = 0; call < 3; call++) {
    quiet.sent()
    vi.advanceTimersByTime(10)
  }
  expect(done).toEqual([])
  vi.advanceTimersByTime(5)
  expect(done).toEqual(['placed'])
  quiet.sent()
  vi.advanceTimersByTime(1000)
  expect(done).toEqual(['placed'])
})

it('is not waited for long: calls may take minutes', () => {
  const quiet = createQuietMoment()
  quiet.await(work('placed'))
  vi.advanceTimersByTime(249)
  expect(done).toEqual([])
  vi.advanceTimersByTime(1)
  expect(done).toEqual(['placed'])
})

it('is used by the last work that waits, and by none that was cancelled', () => {
  const quiet = createQuietMoment()
  quiet.await(work('one'))
  quiet.await(work('two'))
  vi.advanceTimersByTime(1000)
  expect(done).toEqual(['two'])
  quiet.await(work('three'))
  quiet.sent()
  quiet.cancel()
  vi.advanceTimersByTime(1000)
  expect(done).toEqual(['two'])
})
