import * as z from 'zod'

/** `https:` anywhere, `http:` for loopback hosts only: a key must not travel in the clear. */
export const baseURL = z
  .string()
  .refine((text) => URL.canParse(text), { error: 'must be a URL', abort: true })
  .refine((text) => {
    const url = new URL(text)
    return (
      url.protocol === 'https:' ||
      (url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname))
    )
  }, 'must be https:, or http: on a loopback host')
  .refine((text) => {
    const { username, password } = new URL(text)
    return username === '' && password === ''
  }, 'must hold no user name or password; keys have options and environment variables of their own')

export const timeoutMs = z
  .number()
  .int()
  .min(1)
  .max(86_400_000)
  .optional()
  .describe('A call without an answer after this long is given up, and may have been paid. Default: 300000, more where making takes long.')

/** What reaching a service with a key takes. */
export const keyed = { baseURL: baseURL.optional(), apiKey: z.string().min(1).optional(), timeoutMs }
