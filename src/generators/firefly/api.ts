import type * as z from 'zod'
import { failureOf } from '../../core/provider-failure.ts'
import { createHttp, type HttpRequest } from '../http/create-http.ts'
import { unsafeReason } from '../../core/safe-url.ts'
import { readApiFault } from './failures.ts'
import { createTokens } from './token.ts'

/** Requests that carry the credentials. */
export interface FireflyApi {
  /** The address of a path on the API's own host. */
  at(path: string): string
  /** Send, with a new token once when the one at hand is refused. */
  ask<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T>
  /** Why an address that an answer named must not get the credentials, in words; undefined when it may. */
  strangeReason(address: string): string | undefined
}

/** Jobs are looked at and cancelled on hosts of their own, all below this one. */
const vendorDomain = 'adobe.io'

/** @param input.baseURL - without a closing slash, as is `imsBaseURL` */
export function createFireflyApi(input: {
  baseURL: string
  imsBaseURL: string
  clientId: string
  clientSecret: string
}): FireflyApi {
  const { baseURL, clientId } = input
  const http = createHttp({ provider: 'firefly', readFault: readApiFault })
  const tokens = createTokens(input)

  return {
    at: (path) => `${baseURL}${path}`,
    async ask(request, schema) {
      const send = (token: string) => {
        const headers = { ...request.headers, authorization: `Bearer ${token}`, 'x-api-key': clientId }
        return http.sendForJson({ ...request, headers }, schema)
      }
      const token = await tokens.get()
      try {
        return await send(token)
      } catch (error) {
        if (failureOf(error)?.status !== 401) throw error
        tokens.drop(token)
        return send(await tokens.get())
      }
    },
    strangeReason(address) {
      const unsafe = unsafeReason(address)
      if (unsafe) return unsafe
      const { host, hostname } = new URL(address)
      if (host === new URL(baseURL).host || hostname.endsWith(`.${vendorDomain}`)) return undefined
      return `${host} is neither the host of the base URL nor below ${vendorDomain}`
    },
  }
}
