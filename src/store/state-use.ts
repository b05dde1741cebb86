/**
 * For those who remember things in the state database and can do without: the first fault is told, and from then on nothing
 * is asked of it.
 */
export function createStateUse(onFault: (error: unknown) => void): (work: () => void) => void {
  let isUsable = true
  return (work) => {
    if (!isUsable) return
    try {
      work()
    } catch (error) {
      isUsable = false
      onFault(error)
    }
  }
}
