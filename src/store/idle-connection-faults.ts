/**
 * The PostgreSQL adapter keeps its pool to itself and does not listen to it. What the pool reports of a connection that
 * nobody is using, such as a server that restarts, would end the process.
 */
const takers = new Set<(error: unknown) => void>()

/** @returns stops taking */
export function takeIdleFaults(take: (error: unknown) => void): () => void {
  if (takers.size === 0) process.on('uncaughtException', onUncaught)
  takers.add(take)
  return () => {
    takers.delete(take)
    if (takers.size === 0) process.off('uncaughtException', onUncaught)
  }
}

function onUncaught(error: unknown): void {
  if (isOfIdleConnection(error)) {
    for (const take of takers) take(error)
    return
  }
  if (process.listenerCount('uncaughtException') > 1) return
  // Nobody else wants it: it ends the process as it would without this listener.
  process.off('uncaughtException', onUncaught)
  queueMicrotask(() => {
    throw error
  })
}

/** The pool puts the connection on what it reports of one that is idle. */
function isOfIdleConnection(error: unknown): boolean {
  const client = error instanceof Error ? (error as { client?: { connectionParameters?: unknown } }).client : undefined
  return typeof client?.connectionParameters === 'object'
}
