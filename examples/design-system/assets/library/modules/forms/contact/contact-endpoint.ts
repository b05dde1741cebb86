import type { APIRoute } from 'astro'
import { readMessage } from '../../contact-message'

export const prerender = false

const timeoutMs = 10_000

/** Sends the visitor back to the page; 303 makes it a GET. */
const backWith = (result: 'sent' | 'invalid' | 'failed') =>
  new Response(null, { status: 303, headers: { location: `/contact?result=${result}` } })

export const POST: APIRoute = async ({ request }) => {
  const form = await request.formData().catch(() => undefined)
  const message = form ? readMessage(form) : 'invalid'
  if (message === 'invalid') return backWith('invalid')
  // Robots are told what people are told, so that they learn nothing.
  if (message === 'spam') return backWith('sent')
  const address = process.env.CONTACT_WEBHOOK_URL
  if (!address) {
    console.error('CONTACT_WEBHOOK_URL is not set; no message can be passed on.')
    return backWith('failed')
  }
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (!response.ok) throw new Error(`The address answered ${response.status}.`)
    return backWith('sent')
  } catch (error) {
    console.error('A message could not be passed on.', error)
    return backWith('failed')
  }
}
