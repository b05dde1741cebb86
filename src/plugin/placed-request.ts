/* A request with the site it stands in: `REF?w=640#shop`; `.` is the project around the sites. */

const placedShape = /#([A-Za-z0-9][A-Za-z0-9_-]*|\.)$/

/** A request as one that stands in a site. */
export function placedIn(request: string, site: string | undefined): string {
  return site === undefined ? request : `${request}#${site}`
}

/** A placed request as it was written, and the site. */
export function takeApart(placed: string): { request: string; site: string | undefined } {
  const match = placedShape.exec(placed)
  return match ? { request: placed.slice(0, match.index), site: match[1] } : { request: placed, site: undefined }
}
