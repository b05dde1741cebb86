import type { Draft, Turn } from './turn.ts'

export function addTags(turn: Turn): Draft | undefined {
  if (turn.peek('path') || turn.means('versions')) return undefined
  const noun = turn.parts.findIndex(({ lower, sort }, i) => i > 0 && sort === 'word' && /^tags?$/.test(lower))
  let tags: string[] = []
  if (turn.begins('tag', 'mark')) {
    const isMark = turn.head!.meanings.some(({ concept }) => concept === 'mark')
    const cue = turn.parts.findIndex(({ lower, sort }) => sort === 'word' && (lower === 'as' || lower === 'with' || lower === ':'))
    if (cue > 0) {
      const at = turn.parts.findIndex(({ lower }, i) => i > cue && !/^(?:the|a|tags?|as|being)$/.test(lower))
      if (at > 0) tags = turn.names(at).names
      turn.dropWords('tag', 'tags')
    } else if (isMark) return undefined
    if (isMark && tags.includes('tested')) return undefined
    const selection = turn.select()
    if (tags.length === 0) {
      const left = turn.left().filter(({ sort, lower, value }) => sort !== 'mark' && !value && !/^(?:and|the|as|with|please|now)$/.test(lower))
      left.forEach((part) => (part.isTaken = true))
      tags = left.map(({ text }) => text)
    }
    return { operation: 'add-tags', input: tags.length > 0 ? { tags } : {}, selection, member: 'ref', many: 'calls', needs: ['ref', 'tags'] }
  }
  const tagged = turn.parts.findIndex(({ lower }) => lower === 'tagged')
  if (tagged > 0 && !turn.asks && turn.takeWord('should', 'must', 'shall')) {
    turn.parts[tagged]!.isTaken = true
    tags = turn.names(turn.parts[tagged + 1]?.lower === 'as' ? tagged + 2 : tagged + 1).names
    return { operation: 'add-tags', input: tags.length > 0 ? { tags } : {}, selection: turn.select(), member: 'ref', many: 'calls', needs: ['ref', 'tags'] }
  }
  const target = turn.parts.findIndex(({ lower, sort }) => sort === 'word' && lower === 'to')
  const areKnown = target > 1 && turn.parts.slice(1, target).every(({ named, lower, sort }) => named.tag !== undefined || sort === 'mark' || /^(?:and|the|tag)$/.test(lower))
  if ((noun < 0 && !areKnown) || !turn.begins('add', 'put', 'give', 'update')) return undefined
  if (noun >= 0) {
    turn.parts[noun]!.isTaken = true
    tags = turn.names(noun + 1).names
  }
  if (tags.length === 0 && target > 1) tags = turn.names(/^(?:the|a)$/.test(turn.parts[1]!.lower) ? 2 : 1).names
  turn.dropWords('tag', 'tags')
  const selection = turn.select()
  return { operation: 'add-tags', input: tags.length > 0 ? { tags } : {}, selection, member: 'ref', many: 'calls', needs: ['ref', 'tags'] }
}
