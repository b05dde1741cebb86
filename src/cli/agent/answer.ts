import { defineError, type AssetloomError } from '../../core/errors.ts'
import { readSentence } from '../../core/phrases/read-sentence.ts'
import type { Call, Reading } from '../../core/phrases/reading.ts'
import { createGrammar } from '../../core/phrases/sentence.ts'
import { operations } from '../../operations/index.ts'
import type { OperationContext } from '../../operations/operation.ts'
import { splitList } from '../command-definition.ts'
import { flagsOf } from '../flags.ts'
import { carryOut, refusalOf, type Done } from './carry-out.ts'
import { bareCommandIn, commandLineIn } from './command-line.ts'
import { knownIn } from './known.ts'
import { nextSentences } from './next-sentences.ts'
import { planCalls } from './plan.ts'
import { refsIn } from './refs-in.ts'

const sentenceUnclear = defineError('SENTENCE_UNCLEAR', {
  summary: 'The agent does not understand a sentence, or it only asks about what it would change.',
  message: (d: { sentence: string; strange: readonly string[]; near: readonly string[] }) =>
    `I do not understand ${shortened(d.sentence)}${d.strange.length > 0 ? `; nothing is known of ${d.strange.map((word) => JSON.stringify(word)).join(', ')}` : ''}.`,
  hint: ({ near }) => (near.length > 0 ? `Nearest: ${near.join(' · ')}` : `Say for instance: ${examples.join(' · ')}`),
  exit: 2,
})

const sentenceIncomplete = defineError('SENTENCE_INCOMPLETE', {
  summary: 'The agent was not told all that an operation needs, and there is no terminal to ask on.',
  message: (d: { operation: string; missing: string }) => `To ${d.operation}, one thing is not said: ${d.missing}`,
  hint: () => 'Say it in the same sentence, or say it on a terminal, which asks.',
  exit: 2,
})

const sentenceAmbiguous = defineError('SENTENCE_AMBIGUOUS', {
  summary: 'One asset is wanted, and several fit what the agent was told.',
  message: (d: { operation: string; refs: readonly string[] }) =>
    `To ${d.operation}, one asset must be meant, and these fit: ${d.refs.slice(0, 12).join(', ')}${d.refs.length > 12 ? ', …' : ''}.`,
  hint: (d) => `Name it: ${d.refs[0]}.`,
  exit: 2,
})

const sentenceUnmatched = defineError('SENTENCE_UNMATCHED', {
  summary: 'No asset is as the agent was told.',
  message: (d: { operation: string }) => `No asset of the project is as you say; there is nothing to ${d.operation}.`,
  hint: () => 'assetloom list shows what there is; assetloom tags the tags.',
})

export const examples = [
  'show everything tagged official',
  'import brand/logo.png as Logos',
  'export all logos to out',
  'which tags are there?',
  'validate everything',
  'what did we spend this month?',
]

const shortened = (sentence: string) => JSON.stringify(sentence.length > 120 ? `${sentence.slice(0, 120)}…` : sentence)

/** Who speaks with the agent. */
export interface Person {
  confirm: OperationContext['confirm']
  /** What is no answer: plans, how a sentence was understood. */
  tell(text: string): void
  /** Absent: there is nobody to ask. */
  ask?(question: string): Promise<string | undefined>
  choose?: OperationContext['choose']
}

/** What reads sentences that the grammar does not; its calls are carried out as those of the grammar are. */
export type FreeReader = (sentence: string, turn: { context: OperationContext; person: Person; before: readonly string[]; isDryRun: boolean }) => Promise<Answer>

export interface Answer {
  done: Done[]
  /** Calls that were planned and not carried out. */
  planned: Call[]
  text: string
  /** What `it` means from now on; undefined leaves it. */
  refs?: string[]
  next: string[]
  error?: AssetloomError
  leaves?: boolean
  /** What a model answered. */
  said?: string
}

const nothing: Answer = { done: [], planned: [], text: '', next: [] }

/**
 * Do what a sentence asks for.
 * @param input.before - what `it` and `them` mean
 * @throws SENTENCE_UNCLEAR, SENTENCE_INCOMPLETE, SENTENCE_AMBIGUOUS, SENTENCE_UNMATCHED and what planning finds wrong
 */
export async function answer(
  sentence: string,
  input: { context: OperationContext; person: Person; before: readonly string[]; isDryRun: boolean; readFreely: FreeReader | undefined },
): Promise<Answer> {
  const { context, person, before, isDryRun, readFreely } = input
  const reading = await readingOf(sentence, context, before)
  if (reading.kind === 'unclear' && readFreely) return readFreely(sentence, input)
  if (reading.kind === 'help') return { ...nothing, text: ['You may say:', ...examples.map((one) => `  ${one}`), 'and leave with exit.'].join('\n') }
  if (reading.kind === 'leave') return { ...nothing, leaves: true }
  if (reading.kind === 'nothing' && reading.because === 'negated') return { ...nothing, text: 'As you say: nothing was done.' }
  const calls = await settle(sentence, reading, person)
  return doCalls(calls, { context, person, isDryRun, isPreview: reading.kind === 'calls' && reading.isPreview === true, mustAsk: false })
}

async function readingOf(sentence: string, { workspace }: OperationContext, before: readonly string[]): Promise<Reading> {
  const typed = await commandLineIn(sentence)
  if (typed) return { kind: 'calls', calls: [typed] }
  const reading = readSentence(sentence, createGrammar(await knownIn(workspace, sentence)), before)
  const isRead = reading.kind !== 'unclear' && !(reading.kind === 'nothing' && reading.because === 'asked')
  const bare = isRead ? undefined : await bareCommandIn(sentence)
  return bare ? { kind: 'calls', calls: [bare] } : reading
}

/** Plan, ask where it must be asked, and do. */
export async function doCalls(
  calls: readonly Call[],
  { context, person, isDryRun, isPreview, mustAsk }: { context: OperationContext; person: Person; isDryRun: boolean; isPreview: boolean; mustAsk: boolean },
): Promise<Answer> {
  const plan = await planCalls(calls, context, isPreview)
  const isTold = plan.calls.every(({ given, action }) => given.dryRun === true || action.effect === 'read')
  if (isDryRun || (isPreview && !isTold)) return { ...nothing, planned: plan.calls.map(callOf), text: plan.text }
  const refusal = await refusalOf(plan, mustAsk, person.confirm, person.tell)
  if (refusal) return { ...nothing, planned: plan.calls.map(callOf), text: person.ask ? '' : plan.text, error: refusal }
  const { done, texts, error } = await carryOut(plan, context)
  const last = done.at(-1)
  const refs = [...new Set(done.flatMap(({ operation, input, output }) => (operation === 'delete' ? [] : refsIn(output, input))))]
  return {
    done,
    planned: plan.calls.slice(done.length).map(callOf),
    text: texts.filter((text) => text !== '').join('\n'),
    refs,
    next: last && !error ? nextSentences(last.operation, refs, last.output) : [],
    ...(error && { error }),
  }
}

const callOf = ({ operation, input }: Call): Call => ({ operation, input })

/** Calls of a reading, with what was missing asked for. */
async function settle(sentence: string, reading: Reading, person: Person): Promise<Call[]> {
  switch (reading.kind) {
    case 'calls':
      return reading.calls
    case 'missing':
      return [await completed(reading, reading.members, person)]
    case 'choice': {
      const { operation, input, member, refs } = reading
      const ref = await person.choose?.(`Which one?`, refs.map((value) => ({ value, label: value })))
      if (ref === undefined) throw sentenceAmbiguous({ operation, refs }, { details: { operation, refs } })
      return [{ operation, input: { ...input, [member]: member.endsWith('s') ? [ref] : ref } }]
    }
    case 'unmatched':
      throw sentenceUnmatched(reading)
    case 'unclear':
      throw sentenceUnclear({ sentence, strange: reading.strange, near: reading.near.map((name) => `${name}: ${summaryOf(name)}`) }, { details: { near: reading.near } })
    default:
      throw sentenceUnclear({ sentence, strange: [], near: ['to have it done, say it as an order: delete LOGO-ACME-MARK001'] })
  }
}

const summaryOf = (name: string) => operations.find((row) => row.name === name)?.summary ?? ''

async function completed(call: Call, members: readonly string[], person: Person): Promise<Call> {
  const flags = flagsOf(await operations.find(({ name }) => name === call.operation)!.load())
  const input = { ...call.input }
  for (const member of members) {
    const flag = flags.find((one) => one.member === member)!
    const told = (await person.ask?.(`${flag.description.replace(/\.$/, '')}${flag.choices ? ` (${flag.choices.join(', ')})` : ''}`))?.trim()
    if (!told) throw sentenceIncomplete({ operation: call.operation, missing: `${member}. ${flag.description}` }, { details: { operation: call.operation, missing: member } })
    input[member] = flag.type === 'list' ? splitList(told) : flag.type === 'number' && told !== '' && Number.isFinite(Number(told)) ? Number(told) : told
  }
  return { operation: call.operation, input }
}
