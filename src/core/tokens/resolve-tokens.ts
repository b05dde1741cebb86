import { didYouMean } from '../near.ts'
import { aliasTarget, circleProblem, type TokenProblem, type TokenSet } from './token-types.ts'

/** The value of each token with every alias followed, by path. @param mode - absent for the values without a mode */
export function resolveTokens(set: TokenSet, mode?: string): Map<string, unknown> {
  const done = new Map<string, unknown>()
  const follow = (value: unknown): unknown => {
    const target = aliasTarget(value)
    if (target !== undefined) return resolve(target)
    if (Array.isArray(value)) return value.map(follow)
    if (value !== null && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, follow(member)]))
    return value
  }
  const resolve = (path: string): unknown => {
    if (!done.has(path)) done.set(path, follow(valueIn(set, path, mode)))
    return done.get(path)
  }
  for (const path of set.tokens.keys()) resolve(path)
  return done
}

/** A token's own value in a mode. */
export function valueIn(set: TokenSet, path: string, mode: string | undefined): unknown {
  const token = set.tokens.get(path)!
  return mode !== undefined && Object.hasOwn(token.modes, mode) ? token.modes[mode] : token.value
}

/** Aliases that lead nowhere, to a token of another type, or in a circle, in each mode. */
export function aliasProblems(set: TokenSet): TokenProblem[] {
  const problems: TokenProblem[] = []
  const told = new Set<string>()
  for (const mode of [undefined, ...set.modes]) {
    const state = new Map<string, 'open' | 'closed'>()
    const open: string[] = []
    const visit = (path: string) => {
      if (state.get(path) === 'closed') return
      if (state.get(path) === 'open') {
        const circle = open.slice(open.indexOf(path))
        const name = [...circle].sort().join()
        if (!told.has(name)) problems.push(circleProblem(set.tokens.get(path)!.segments, circle, mode))
        told.add(name)
        return
      }
      state.set(path, 'open')
      open.push(path)
      const token = set.tokens.get(path)!
      const own = valueIn(set, path, mode)
      for (const target of targetsIn(own)) {
        const other = set.tokens.get(target)
        if (!other) {
          const key = `${path} ${target}`
          const hint = didYouMean(target, set.tokens.keys())
          if (!told.has(key)) problems.push({ path: [...token.segments], message: `names {${target}}, which is no token of the document`, ...(hint && { hint }) })
          told.add(key)
          continue
        }
        if (aliasTarget(own) === target && other.type !== token.type && !told.has(`${path} type`)) {
          told.add(`${path} type`)
          problems.push({ path: [...token.segments], message: `is of type ${token.type} and stands for {${target}}, which is of type ${other.type}` })
        }
        visit(target)
      }
      open.pop()
      state.set(path, 'closed')
    }
    for (const path of set.tokens.keys()) visit(path)
  }
  return problems
}

function targetsIn(value: unknown): string[] {
  const target = aliasTarget(value)
  if (target !== undefined) return [target]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(targetsIn) : []
}
