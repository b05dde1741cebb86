import { defineError } from '../core/errors.ts'

/* What becomes of a program that fails; `name` is the id of its item. */

export const programFailed = defineError('PROGRAM_FAILED', {
  summary: 'A tool or skill threw an error.',
  message: (d: { name: string; error: string; at: string | undefined }) =>
    `${d.name} failed: ${d.error}${d.at === undefined ? '' : ` (${d.at})`}`,
  hint: (d) => `assetloom info ${d.name} shows what it takes.`,
})

export const programUnloadable = defineError('PROGRAM_UNLOADABLE', {
  summary: 'The file of a tool or skill cannot be loaded: a mistake in it, or something it needs is missing.',
  message: (d: { name: string; error: string; at: string | undefined; hint: string | undefined }) =>
    `${d.name} cannot be loaded: ${d.error}${d.at === undefined ? '' : ` (${d.at})`}`,
  hint: (d) => d.hint,
})

export const programTimedOut = defineError('PROGRAM_TIMED_OUT', {
  summary: 'A tool or skill was stopped since it took longer than it may.',
  message: (d: { name: string; limitMs: number }) =>
    `${d.name} was stopped: it took longer than ${d.limitMs / 1000} s.`,
  hint: () => 'Give it more time: --timeout 5min.',
})

export const programTooLarge = defineError('PROGRAM_OUT_OF_MEMORY', {
  summary: 'A tool or skill was stopped since it took more memory than it may.',
  message: (d: { name: string; limitMb: number }) =>
    `${d.name} was stopped: it took more than ${d.limitMb} MB of memory.`,
  hint: () => 'Give it less at once, or more memory: --memory 2048.',
})

export const programEnded = defineError('PROGRAM_ENDED', {
  summary: 'A tool or skill ended its process without giving a result.',
  message: (d: { name: string; how: string }) => `${d.name} ended (${d.how}) without a result.`,
  hint: () => 'execute must return, and not call process.exit or wait for what never comes.',
})

export const programOutput = defineError('PROGRAM_OUTPUT', {
  summary: 'What a tool or skill gave cannot be written as JSON, or is not of the shape that it declares.',
  message: (d: { name: string; problem: string }) => `${d.name} gave no proper result: ${d.problem}.`,
  hint: () => 'execute must return objects, lists, texts, finite numbers, true, false or null.',
})
