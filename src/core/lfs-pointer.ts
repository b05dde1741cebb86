const head = 'version https://git-lfs.github.com/spec/v1'

/** True for the text that Git LFS leaves in place of a file that was not fetched. */
export function isLfsPointer(content: string | Uint8Array): boolean {
  if (typeof content === 'string') return content.startsWith(head)
  if (content.length > 1024 || content.length < head.length) return false
  return new TextDecoder().decode(content.subarray(0, head.length)) === head
}
