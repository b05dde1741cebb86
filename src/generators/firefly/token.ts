import * as z from 'zod'
import { createHttp } from '../http/create-http.ts'
import { readTokenFault } from './failures.ts'

/** Access tokens for one pair of credentials. */
export interface Tokens {
  /** One that holds for some minutes. @throws PROVIDER_AUTH and other failures that cost nothing */
  get(): Promise<string>
  /** It was refused: the next {@link Tokens.get} asks for a new one. */
  drop(token: string): void
}

const scope = 'openid,AdobeID,session,additional_info,read_organizations,firefly_api,ff_apis'
/** Before its end, so that no job outlives its token. */
const renewEarlyMs = 5 * 60_000
const answerWithinMs = 30_000

const tokenAnswer = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().min(0) })

/** The secret travels in the body to the token server, and nowhere else. */
export function createTokens(input: { imsBaseURL: string; clientId: string; clientSecret: string }): Tokens {
  const http = createHttp({ provider: 'firefly', readFault: readTokenFault })
  let known: { token: string; renewAtMs: number } | undefined
  let asking: Promise<string> | undefined

  const ask = async (): Promise<string> => {
    const askedMs = performance.now()
    const { access_token, expires_in } = await http.sendForJson(
      {
        url: `${input.imsBaseURL}/ims/token/v3`,
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: input.clientId,
          client_secret: input.clientSecret,
          scope,
        }),
        // Calls that wait for one token share it, so none of their signals may stop it.
        signal: AbortSignal.timeout(answerWithinMs),
        isFree: true,
      },
      tokenAnswer,
    )
    known = { token: access_token, renewAtMs: askedMs + expires_in * 1000 - renewEarlyMs }
    return access_token
  }

  return {
    async get() {
      if (known && performance.now() < known.renewAtMs) return known.token
      asking ??= ask().finally(() => (asking = undefined))
      return asking
    },
    drop(token) {
      if (known?.token === token) known = undefined
    },
  }
}
