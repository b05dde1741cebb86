/** What one may say next, in words that the grammar understands. */
export function nextSentences(operation: string, refs: readonly string[], output: unknown): string[] {
  const [ref] = refs
  const them = refs.length > 1 ? 'them' : 'it'
  switch (operation) {
    case 'import':
      return ref === undefined ? [] : [`tell me about ${ref}`, `add the tag official to ${them}`, `export ${them} to out`]
    case 'list':
    case 'filter':
    case 'search':
    case 'browse':
      return ref === undefined ? ['show everything', 'which tags are there?'] : [`tell me about ${ref}`, `validate ${them}`, `export ${them} to out`]
    case 'info':
      return ref === undefined ? [] : [`where is ${ref} used?`, `show the versions of ${ref}`, `what depends on ${ref}?`]
    case 'add-tags':
    case 'remove-tags':
      return ['which tags are there?']
    case 'refine':
    case 'update':
    case 'rollback':
    case 'version create':
      return ref === undefined ? [] : [`show the versions of ${ref}`, `validate ${ref}`]
    case 'validate':
      return hasMembers(output, 'findings') ? ['validate everything and fix what you can'] : ['show statistics']
    case 'organize':
      return ['validate everything']
    case 'generate':
      return (output as { dryRun?: boolean } | undefined)?.dryRun ? ['generate everything that is stale'] : ['what did we spend this month?']
    case 'create':
    case 'duplicate':
      return ref === undefined ? [] : [`tell me about ${ref}`, `validate ${ref}`]
    case 'tags':
    case 'categories':
    case 'stats':
      return ['show unused assets', 'show everything']
    default:
      return []
  }
}

const hasMembers = (output: unknown, name: string) => {
  const list = (output as Record<string, unknown> | undefined)?.[name]
  return Array.isArray(list) && list.length > 0
}
