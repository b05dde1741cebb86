import { createInterface, type Interface } from 'node:readline'
import { toAssetloomError } from '../../core/errors.ts'
import type { OperationContext } from '../../operations/operation.ts'
import { operations } from '../../operations/index.ts'
import { errorText, outputText, plainText } from '../terminal.ts'
import { answer, examples, type FreeReader, type Person } from './answer.ts'

const promptText = 'Agent> '
/** Errors that only say that somebody just said no. */
const refusals: ReadonlySet<string> = new Set(['PLAN_DECLINED', 'PLAN_UNPAID'])

/**
 * Speak with somebody at a terminal until they leave: `exit`, Ctrl-D, or Ctrl-C at an empty line. Ctrl-C while something is
 * being done stops that alone.
 */
export async function converse(context: OperationContext, input: { isDryRun: boolean; readFreely: FreeReader | undefined }): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: true, prompt: promptText, completer: completerOf(context), historySize: 200 })
  const asked = createAsking(lines, context.signal)
  const write = (text: string) => void process.stdout.write(`${text}\n`)
  const person: Person = {
    tell: (text) => write(plainText(text)),
    confirm: async (question, preset) => {
      if (context.saysYes) return true
      const told = await asked.question(`${plainText(question)} ${preset === 'yes' ? '[Y/n]' : '[y/N]'} `)
      return told === undefined || told.trim() === '' ? told !== undefined && preset === 'yes' : /^y(?:es)?$/i.test(told.trim())
    },
    ask: (question) => asked.question(`${plainText(question)}: `),
    async choose(question, choices) {
      write(choices.map(({ label }, i) => `  ${i + 1}  ${plainText(label)}`).join('\n'))
      const told = (await asked.question(`${plainText(question)} `))?.trim()
      return choices.find(({ value }, i) => value === told || String(i + 1) === told)?.value
    },
  }
  write(`Say what you want, e.g. ${examples[0]}. help shows more, exit leaves.`)
  let before: readonly string[] = []
  try {
    for (;;) {
      const sentence = await asked.question(promptText)
      if (sentence === undefined) return
      if (sentence.trim() === '') continue
      const stop = new AbortController()
      asked.onInterrupt(() => stop.abort(toAssetloomError(new Error('Stopped.'))))
      const signal = AbortSignal.any([context.signal, stop.signal])
      try {
        const answered = await answer(sentence, { ...input, person, before, context: { ...context, signal, confirm: person.confirm, choose: person.choose! } })
        if (answered.leaves) return
        before = answered.refs ?? before
        if (answered.text !== '') write(outputText(answered.text))
        if (answered.error && refusals.has(answered.error.code)) write('Nothing was done.')
        else if (answered.error) write(errorText(context.workspace.redact.error(answered.error) as typeof answered.error))
        if (answered.next.length > 0) write(`Next: ${answered.next.join(' · ')}`)
      } catch (thrown) {
        context.signal.throwIfAborted()
        write(errorText(toAssetloomError(context.workspace.redact.error(toAssetloomError(thrown)))))
      } finally {
        context.progress.stop()
        asked.onInterrupt(undefined)
      }
    }
  } finally {
    lines.close()
  }
}

/** One question after the other over one line editor, so that lines typed ahead wait. */
function createAsking(lines: Interface, signal: AbortSignal) {
  const waiting: string[] = []
  let isClosed = false
  let take: ((line: string | undefined) => void) | undefined
  let interrupt: (() => void) | undefined
  const give = (line: string | undefined) => {
    const taker = take
    take = undefined
    if (taker) taker(line)
    else if (line !== undefined) waiting.push(line)
  }
  lines.on('line', give)
  lines.on('close', () => {
    isClosed = true
    give(undefined)
  })
  lines.on('SIGINT', () => {
    if (!take) return interrupt?.()
    // At a typed line Ctrl-C takes the line away, at an empty one it leaves.
    if (lines.line === '') return lines.close()
    lines.write(null, { ctrl: true, name: 'e' })
    lines.write(null, { ctrl: true, name: 'u' })
  })
  signal.addEventListener('abort', () => lines.close(), { once: true })
  return {
    /** @returns nothing when there is nobody any more */
    question(text: string): Promise<string | undefined> {
      const next = waiting.shift()
      if (next !== undefined) return Promise.resolve(next)
      if (isClosed) return Promise.resolve(undefined)
      return new Promise((resolve) => {
        take = resolve
        lines.setPrompt(text)
        lines.prompt()
      })
    },
    onInterrupt(act: (() => void) | undefined): void {
      interrupt = act
    },
  }
}

/** More suggestions than these help nobody who presses TAB. */
const mostSuggestions = 50

/** Completes the last word: operations at the beginning, then names of the project. */
function completerOf({ workspace }: OperationContext) {
  return (line: string): [string[], string] => {
    const last = line.slice(line.lastIndexOf(' ') + 1)
    const isFirst = line.trim() === last
    const { categories, families } = workspace.words()
    const names = [...categories.map(({ name }) => name), ...families.keys(), ...(last === '' ? [] : workspace.index.names())]
    const words = isFirst ? [...operations.map(({ name }) => name), 'show', 'find', 'help', 'exit'] : names
    const found = words.filter((word) => word.toLowerCase().startsWith(last.toLowerCase())).slice(0, mostSuggestions)
    return [found, last]
  }
}
