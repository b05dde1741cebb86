/** One call of a job: how many of its variations it makes, and which is the first (0-based). */
export interface CallShare {
  first: number
  count: number
}

/** The calls that make all variations of a job, as few as the provider allows. */
export function callsFor(variations: number, mostPerCall: number | undefined): CallShare[] {
  const most = Math.max(1, Math.floor(mostPerCall ?? 1))
  const calls: CallShare[] = []
  for (let first = 0; first < variations; first += most)
    calls.push({ first, count: Math.min(most, variations - first) })
  return calls
}
