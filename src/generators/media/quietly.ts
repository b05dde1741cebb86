/**
 * Run decoder code that prints to the console when it meets damaged data; its report comes back as a value anyway, and
 * stderr belongs to progress and logs. Only for synchronous work: nothing else can run, and so print, meanwhile.
 */
export function quietly<T>(work: () => T): T {
  const { error, log, warn } = console
  console.error = console.log = console.warn = () => {}
  try {
    return work()
  } finally {
    Object.assign(console, { error, log, warn })
  }
}
