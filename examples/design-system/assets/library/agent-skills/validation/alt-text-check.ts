export interface Input {
  alt: string
  /** The picture says nothing that the page does not say. @default false */
  decorative?: boolean
}

export interface Output {
  isGood: boolean
  problems: string[]
}

/** Longer texts belong on the page, where everyone can read them. */
const maxCharacters = 150

/** Look for what is usually wrong with alternative texts; whether one fits its picture is for a person to say. */
export async function execute({ alt, decorative = false }: Input): Promise<Output> {
  const text = alt.trim()
  const problems: string[] = []
  if (decorative) {
    if (alt !== '') problems.push('is not empty, and the picture only decorates')
  } else if (text === '') {
    problems.push('is empty, and the picture says something')
  } else {
    const opening = /^(?:an? )?(?:image|picture|photo|photograph|graphic) of\b/i.exec(text)?.[0]
    if (opening) problems.push(`begins with "${opening}", which screen readers say already`)
    if (/^\S+\.(?:avif|gif|jpe?g|png|svg|webp)$/i.test(text)) problems.push('is the name of a file')
    if (/https?:\/\//i.test(text)) problems.push('holds an address')
    if (text.length > maxCharacters) problems.push(`has ${text.length} characters; more than ${maxCharacters} belong on the page`)
  }
  return { isGood: problems.length === 0, problems }
}
