import { changeFrames } from './change-frames.ts'
import { graveFrames } from './grave-frames.ts'
import { doubts, grave, graveGlue, isVerb } from './lexicon.ts'
import { conceptsNear, meantWords } from './meant-words.ts'
import { questionFrames } from './question-frames.ts'
import type { Call, Reading } from './reading.ts'
import { describesAssets, fitting, isEmpty, needsFilter, refsOf } from './selection.ts'
import { beginning, commands, isGlue, isNegator, isOfQuestion, means, partsOf, type Grammar, type Part } from './sentence.ts'
import { createTurn, type Draft, type Turn } from './turn.ts'

/** Longer texts are no requests; every step below is linear in them, most are not small. */
const mostParts = 600
const mostCharacters = 100_000

/**
 * What a sentence asks for.
 * @param before - refs that `it`, `them` and `those` mean, as the last answer had them
 */
export function readSentence(sentence: string, grammar: Grammar, before: readonly string[] = []): Reading {
  const parts = sentence.length > mostCharacters ? [] : partsOf(sentence, grammar)
  const words = parts.filter(({ sort }) => sort !== 'mark')
  if (words.length === 0 || parts.length > mostParts) return { kind: 'unclear', near: [], strange: [] }
  if (isOnly(words, 'help', 'help me', 'what can you do', 'what can i say', 'what can i do', 'commands')) return { kind: 'help' }
  if (isOnly(words, 'exit', 'quit', 'bye', 'goodbye', 'leave', 'stop')) return { kind: 'leave' }
  if (parts.some(isNegator)) return readAffirmed(parts, grammar, before)
  return readParts(parts, grammar, before)
}

const isOnly = (words: readonly Part[], ...sentences: readonly string[]) => sentences.includes(words.map(({ lower }) => lower).join(' '))

/** Of a sentence that says what is not to be done, what it says to show instead; never anything that changes. */
function readAffirmed(parts: readonly Part[], grammar: Grammar, before: readonly string[]): Reading {
  const clauses: Part[][] = [[]]
  for (const part of parts) {
    if (part.sort !== 'quoted' && /^(?:,|;|\.|but|and|instead|then)$/.test(part.lower)) clauses.push([])
    else clauses.at(-1)!.push(part)
  }
  const affirmed = clauses.filter((clause) => clause.length > 0 && !clause.some(isNegator))
  const first = affirmed.find((clause) => commands(clause[beginning(clause).at] ?? undefined, 'look', 'search'))
  const reading = first && readWith(questionFrames, first, grammar, before, 'question')
  if (reading?.kind === 'calls') return reading
  // `logos that are not official` forbids nothing; it is only not understood.
  const isAsked = beginning(parts).asks || commands(parts[beginning(parts).at], 'look', 'search')
  return isAsked && !parts.some((part) => changes(part)) ? unclear(parts, grammar) : { kind: 'nothing', because: 'negated' }
}

const looking = new Set<string>(['look', 'search', 'about', 'compare', 'analyze'])
const changes = ({ meanings, named }: Part) => Object.keys(named).length === 0 && meanings.some(({ concept, isBase }) => isBase && !looking.has(concept) && isVerb(concept))

function readParts(parts: readonly Part[], grammar: Grammar, before: readonly string[]): Reading {
  const { at, asks } = beginning(parts)
  const orders = parts.filter((part) => part.meanings.some(({ concept }) => grave.has(concept)))
  const isGrave = !asks && orders.includes(parts[at]!)
  // `delete it?` asks back, `could you delete it?` does not.
  const isDoubted = parts.at(-1)?.lower === '?' && !/^(?:can|could|would|will)$/.test(parts[0]!.lower)
  const asGrave = isDoubted ? undefined : readWith(graveFrames, parts, grammar, before, 'grave')
  if (asGrave) return asGrave
  const asChange = readWith(changeFrames, parts, grammar, before, 'change')
  if (asChange && !(isGrave && asChange.kind !== 'calls')) return asChange
  const isAbout = orders.some((part) => means(part, 'delete', 'clean', 'prune')) && !commands(parts[at], 'search')
  if (isGrave || isAbout) return isGrave ? unclear(parts, grammar) : { kind: 'nothing', because: 'asked' }

  const meant = meantWords(parts, grammar, 'head')
  if (meant === 'grave') return unclear(parts, grammar)
  const spelled = meant ?? parts
  const strict = readWith(questionFrames.slice(0, -1), spelled, grammar, before, 'question')
  if (strict) return strict
  const mended = meantWords(spelled, grammar, 'all')
  const again = mended && mended !== 'grave' ? readWith(questionFrames.slice(0, -1), mended, grammar, before, 'question') : undefined
  return again ?? readWith(questionFrames.slice(-1), spelled, grammar, before, 'question') ?? unclear(parts, grammar)
}

/** The first frame that leaves nothing over that says something. */
function readWith(
  frames: readonly ((turn: Turn) => Draft | undefined)[],
  parts: readonly Part[],
  grammar: Grammar,
  before: readonly string[],
  care: Care,
): Reading | undefined {
  for (const frame of frames) {
    const turn = createTurn(parts, grammar)
    const draft = frame(turn)
    if (draft && turn.left().every((part) => !says(part, turn, care))) {
      const reading = finish(draft, turn, before)
      return reading.kind === 'calls' && turn.isPreview ? { ...reading, isPreview: true } : reading
    }
  }
  return undefined
}

/** How much of a sentence must have been understood: questions are forgiven most. */
type Care = 'question' | 'change' | 'grave'

function says(part: Part, turn: Turn, care: Care): boolean {
  if (part.sort === 'quoted' || part.value) return true
  if (care === 'grave') return part.sort === 'mark' ? part.lower === "'s" : !graveGlue.has(part.lower)
  if (turn.isPreview && /^(?:but|only)$/.test(part.lower)) return false
  if (doubts.has(part.lower)) return care === 'change' || part.lower === 'except' || part.lower === 'unless'
  // Of a preview the order is what was taken; around it stands a question.
  const isIdle = care === 'change' && !turn.isPreview ? isGlue(part) : isOfQuestion(part) || means(part, 'look', 'preview', 'validate')
  return !isIdle
}

/** Turn a draft into calls: `all logos` into refs. */
function finish(draft: Draft, turn: Turn, before: readonly string[]): Reading {
  const { operation, selection, member, many, needs = [] } = draft
  const { input } = draft
  if (selection && member) {
    // Sizes, dates, licences and uses are not known here; without them it would be more than was said. An exception that names nothing leaves nothing out.
    if (needsFilter(selection) || (selection.except && (isEmpty(selection.except) || needsFilter(selection.except)))) return { kind: 'unclear', near: ['filter'], strange: [] }
    const { assets } = turn.grammar.known
    const isOther = (ref: string) => assets.some((one) => (one.ref === ref || one.aliases.includes(ref)) && !fitting(selection)(one))
    // `X and all icons`, `the icons of X`: taking X alone would not be what was said.
    if (describesAssets(selection) && (selection.refs.some(isOther) || (selection.refs.length > 0 && selection.isAll))) return { kind: 'unclear', near: [operation], strange: [] }
    const isBare = isEmpty(selection) || (draft.allIsNone && selection.isAll && isEmpty({ ...selection, isAll: false }))
    const hasTag = (ref: string) => assets.find((one) => one.ref === ref)?.tags.some((tag) => (input.tags as string[]).includes(tag)) ?? false
    const meant = isBare ? [] : refsOf(selection, turn.grammar.known, before)
    const refs = operation === 'remove-tags' && selection.refs.length === 0 && !selection.pronoun ? meant.filter(hasTag) : meant
    if (!isBare && refs.length === 0 && !selection.pronoun) return { kind: 'unmatched', operation }
    const isUnknown = graveOperations.has(operation) && refs.some((ref) => !ref.includes('*') && !isKnown(ref, turn.grammar))
    if (isUnknown) return { kind: 'unmatched', operation }
    const isOne = many === 'one' || (many === 'calls' && refs.length > 1 && !selection.isPlural && !selection.isAll && !selection.pronoun && selection.refs.length === 0)
    if (isOne && refs.length > 1) return { kind: 'choice', operation, input, member, refs }
    if (member === 'states') return diffOf(refs[0], input, before)
    if (refs.length > 0 && many === 'list') input[member] = [...((input[member] as string[] | undefined) ?? []), ...refs]
    if (refs.length > 0 && many === 'one') return complete({ operation, input: { ref: refs[0], ...input } }, needs)
    if (refs.length > 0 && many === 'calls') {
      const calls = refs.map((ref): Call => ({ operation, input: { ref, ...input } }))
      const lacking = needs.find((need) => calls[0]!.input[need] === undefined)
      return lacking === undefined ? { kind: 'calls', calls } : complete(calls[0]!, needs)
    }
  }
  return complete({ operation, input }, needs)
}

/** Operations whose refs must be there before anything is planned. */
const graveOperations = new Set(['delete', 'remove-tags', 'rollback'])

const isKnown = (ref: string, { known }: Grammar) => known.assets.some((asset) => asset.ref === ref || asset.aliases.includes(ref))

function complete(call: Call, needs: readonly string[]): Reading {
  const members = needs.filter((need) => call.input[need] === undefined)
  return members.length === 0 ? { kind: 'calls', calls: [call] } : { kind: 'missing', ...call, members }
}

/** Two versions of one asset, or one and what lies there now. */
function diffOf(ref: string | undefined, { before: earlier, after: later }: Record<string, unknown>, before: readonly string[]): Reading {
  const name = ref ?? before[0]
  if (name === undefined) return { kind: 'missing', operation: 'diff', input: {}, members: ['before', 'after'] }
  return { kind: 'calls', calls: [{ operation: 'diff', input: { before: `${name}@${String(earlier)}`, after: later === undefined ? name : `${name}@${String(later)}` } }] }
}

function unclear(parts: readonly Part[], grammar: Grammar): Reading {
  const strange = parts.filter((part) => part.sort === 'word' && !part.value && part.meanings.length === 0 && Object.keys(part.named).length === 0 && !isOfQuestion(part))
  return { kind: 'unclear', near: nearOperations(parts, grammar), strange: [...new Set(strange.map(({ text }) => text))].slice(0, 5) }
}

/** Operations whose names are near a word of the sentence. */
function nearOperations(parts: readonly Part[], grammar: Grammar): string[] {
  const { operations } = grammar.known
  const near = new Set<string>()
  for (const part of parts.slice(0, 40)) {
    if (part.sort !== 'word' || part.value) continue
    for (const name of operations) if (name === part.lower || name.split(/[ -]/).includes(part.lower)) near.add(name)
    for (const concept of conceptsNear(part, grammar)) for (const name of operations) if (name === concept) near.add(name)
  }
  return [...near].slice(0, 5)
}
