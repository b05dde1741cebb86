import type { SingleBar } from 'cli-progress'
import { styleText } from 'node:util'
import type { AssetloomError } from '../core/errors.ts'
import type { LogEvent, Progress } from '../core/ports.ts'
import { withEmphasis, type Emphasis } from '../operations/emphasis.ts'

/** What is coloured goes to stderr, so its terminal decides, and NO_COLOR and FORCE_COLOR as Node reads them. */
const colored = (color: 'red' | 'yellow' | 'dim', text: string) => styleText(color, text, { stream: process.stderr })

/** Remote and user text must not steer a terminal: escape sequences, CR and direction marks are taken out. */
export function plainText(text: string): string {
  return text
    // eslint-disable-next-line no-control-regex
    .replace(/\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\[[0-?]*[ -/]*[@-~]|.)/g, '')
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}

const emphases = {
  strong: ['bold', 'yellow'],
  added: ['green'],
  removed: ['red'],
  place: ['cyan'],
} as const satisfies Record<Emphasis, Parameters<typeof styleText>[0]>

/** What an operation presents, for stdout: what it emphasises is coloured on a terminal and as the rest elsewhere. */
export function outputText(text: string): string {
  return withEmphasis(plainText(text), (part, emphasis) => styleText(emphases[emphasis], part, { stream: process.stdout }))
}

export function errorText(error: AssetloomError): string {
  return [
    `${colored('red', '✗')} ${plainText(error.message)}`,
    ...(error.hint ? [`  ${plainText(error.hint)}`] : []),
    colored('dim', `  ${error.code}`),
  ].join('\n')
}

export function eventText(event: LogEvent): string {
  const mark = {
    debug: colored('dim', '·'),
    info: colored('dim', '›'),
    warn: colored('yellow', '!'),
    error: colored('red', '✗'),
  }[event.level]
  return `${mark} ${plainText(event.message)}${event.hint ? colored('dim', ` ${plainText(event.hint)}`) : ''}`
}

/** Bars shorter than this are noise. */
const quietMs = 1000

/** A progress bar on stderr for work longer than a second; nothing without a terminal. */
export function createProgress(isOn: boolean): Progress {
  if (!isOn) return { start() {}, advance() {}, stop() {} }
  let bar: SingleBar | undefined
  let total = 0
  let done = 0
  let label = ''
  let detail = ''
  let timer: NodeJS.Timeout | undefined
  const show = async () => {
    const { default: cliProgress } = await import('cli-progress')
    if (timer === undefined) return
    bar = new cliProgress.SingleBar(
      {
        format: `{label} {bar} {value}/{total} {detail}`,
        stream: process.stderr,
        clearOnComplete: true,
        hideCursor: true,
      },
      cliProgress.Presets.shades_classic,
    )
    bar.start(total, done, { label, detail })
  }
  return {
    start(newTotal, newLabel) {
      ;[total, done, label, detail] = [newTotal, 0, newLabel, '']
      timer = setTimeout(() => void show(), quietMs)
      timer.unref()
    },
    advance(step, newDetail) {
      done += step
      if (newDetail !== undefined) detail = plainText(newDetail).slice(0, 40)
      bar?.update(done, { label, detail })
    },
    stop() {
      clearTimeout(timer)
      timer = undefined
      bar?.stop()
      bar = undefined
    },
  }
}
