export interface ContactMessage {
  name: string
  email: string
  message: string
}

const maxCharacters = { name: 200, email: 254, message: 5000 }

/** What a form sent: a message, spam (the trap was filled in), or neither. */
export function readMessage(form: FormData): ContactMessage | 'spam' | 'invalid' {
  const text = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  if (text('website') !== '') return 'spam'
  const message = { name: text('name'), email: text('email'), message: text('message') }
  const fields = ['name', 'email', 'message'] as const
  const isComplete = fields.every((field) => message[field] !== '' && message[field].length <= maxCharacters[field])
  // Whether an address exists shows only when it is written to; a line break in it or in a name would forge headers.
  const isPlain = /^[^\s@]+@[^\s@]+$/.test(message.email) && !/[\r\n]/.test(message.name)
  return isComplete && isPlain ? message : 'invalid'
}
