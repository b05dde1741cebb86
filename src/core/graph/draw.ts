/* A graph as text. */

export interface DrawnNode {
  ref: string
  /** Absent for what does not exist. */
  version?: string | undefined
}

export interface DrawnEdge {
  from: string
  to: string
  range: string
}

export interface DrawnGraph {
  nodes: readonly DrawnNode[]
  edges: readonly DrawnEdge[]
}

/**
 * A tree from one asset on; what was shown before is named, and not gone into again.
 * @param isUpward - to those that need it, instead of to what it needs
 */
export function drawTree({ nodes, edges }: DrawnGraph, root: string, isUpward = false): string {
  const versions = new Map(nodes.map(({ ref, version }) => [ref, version]))
  const next = new Map<string, { ref: string; range: string }[]>()
  for (const { from, to, range } of edges) {
    const [here, there] = isUpward ? [to, from] : [from, to]
    next.set(here, [...(next.get(here) ?? []), { ref: there, range }])
  }
  const lines = [label(root, versions.get(root))]
  const shown = new Set([root])
  // A stack of its own: a chain may be longer than the call stack.
  const open = children(root, '')
  function children(ref: string, indent: string) {
    const own = next.get(ref) ?? []
    return own.map((one, i) => ({ ...one, indent, isLast: i === own.length - 1 })).reverse()
  }
  for (let at = open.pop(); at; at = open.pop()) {
    const { ref, range, indent, isLast } = at
    const isRepeated = shown.has(ref) && next.has(ref)
    const version = versions.get(ref)
    const facts = isUpward ? `needs ${range}` : `${range}${version === undefined ? ', missing' : ` → ${version}`}`
    lines.push(`${indent}${isLast ? '└─' : '├─'} ${ref}  ${facts}${isRepeated ? ' (above)' : ''}`)
    if (!isRepeated) open.push(...children(ref, `${indent}${isLast ? '   ' : '│  '}`))
    shown.add(ref)
  }
  return lines.join('\n')
}

/** Graphviz. */
export function drawDot({ nodes, edges }: DrawnGraph): string {
  const name = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`
  return [
    'digraph assets {',
    ...nodes.map(({ ref, version }) => `  ${name(ref)} [label=${name(label(ref, version))}${version === undefined ? ', style=dashed' : ''}]`),
    ...edges.map(({ from, to, range }) => `  ${name(from)} -> ${name(to)} [label=${name(range)}]`),
    '}',
  ].join('\n')
}

/** Mermaid, as Markdown shows it. */
export function drawMermaid({ nodes, edges }: DrawnGraph): string {
  const numbers = new Map(nodes.map(({ ref }, i) => [ref, `n${i}`]))
  const quoted = (text: string) => `"${text.replace(/[#"<>&]/g, (sign) => `#${sign.codePointAt(0)};`)}"`
  return [
    'graph TD',
    ...nodes.map(({ ref, version }) => `  ${numbers.get(ref)}[${quoted(label(ref, version))}]`),
    ...edges.map(({ from, to, range }) => `  ${numbers.get(from)} -->|${quoted(range)}| ${numbers.get(to)}`),
  ].join('\n')
}

const label = (ref: string, version: string | undefined) => `${ref} ${version ?? '(missing)'}`
