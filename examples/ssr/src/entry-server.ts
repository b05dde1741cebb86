import { page } from './page.ts'

/** The page as HTML. */
export const render = (): string => page(2)
