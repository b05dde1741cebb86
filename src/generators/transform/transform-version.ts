/**
 * Bump when the same options give other bytes. Part of the derived key; a file of its own, so that a hit loads no
 * encoder.
 */
export const transformVersion = 1
