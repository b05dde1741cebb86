import { defineError } from './errors.ts'

const shown = (value: unknown) => (typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value))

const quantityInvalid = defineError('QUANTITY_INVALID', {
  summary: 'A number with a unit cannot be read.',
  message: (d: { what: string; value: unknown; units: readonly string[] }) =>
    `${d.what} is ${shown(d.value)}, which is no number with one of the units ${d.units.join(', ')}.`,
  hint: (d) => `Write a plain number or, for example, "1 ${d.units[0]}".`,
  exit: 2,
})

/** A kind of quantity: how many base units one of each unit is. */
interface Measure {
  /** Lower case; matched without regard to case. */
  units: Readonly<Record<string, number>>
  /** Base units of a plain number; a rule where its size tells the unit. */
  plain: number | ((value: number) => number)
}

const measures = {
  /** Base: decibels. */
  decibels: { units: { db: 1, dbfs: 1 }, plain: 1 },
  /** Base: LUFS. */
  loudness: { units: { lufs: 1, lkfs: 1 }, plain: 1 },
  /** Base: seconds. */
  seconds: { units: { s: 1, ms: 0.001, sec: 1, second: 1, seconds: 1, min: 60 }, plain: 1 },
  /** Base: milliseconds. */
  milliseconds: { units: { ms: 1, s: 1000 }, plain: 1 },
  /** Base: hertz. */
  hertz: { units: { hz: 1, khz: 1000, k: 1000 }, plain: 1 },
  /** Base: kbit/s. A plain number of 1000 or more is in bit/s. */
  bitrate: {
    units: { k: 1, kbps: 1, 'kbit/s': 1, 'kb/s': 1, bps: 0.001, 'bit/s': 0.001 },
    plain: (value) => (value >= 1000 ? 0.001 : 1),
  },
  /** Base: bytes; k and M are binary as in file managers' KiB and MiB, kB and MB decimal. */
  bytes: {
    units: { b: 1, bytes: 1, kb: 1000, mb: 1_000_000, k: 1024, kib: 1024, m: 1024 ** 2, mib: 1024 ** 2 },
    plain: 1,
  },
} as const satisfies Record<string, Measure>

export type QuantityKind = keyof typeof measures

/**
 * A number that may carry a unit, in the base unit of its kind: decibels (dB), loudness (LUFS), seconds, milliseconds,
 * hertz, bitrate (kbit/s), bytes. White space between number and unit is free, case does not count.
 *
 * @param what - named in the message, e.g. `normalize peak`
 * @throws QUANTITY_INVALID for anything else, infinities and unknown units included
 * @example parseQuantity('192k', 'bitrate', 'bitrate') // 192
 */
export function parseQuantity(value: unknown, kind: QuantityKind, what: string): number {
  const measure: Measure = measures[kind]
  const factorOfPlain = (n: number) => (typeof measure.plain === 'number' ? measure.plain : measure.plain(n))
  const invalid = () => quantityInvalid({ what, value, units: Object.keys(measure.units) })
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw invalid()
    return tidy(value * factorOfPlain(value))
  }
  const match = typeof value === 'string' && value.length <= 40 ? pattern.exec(value.trim()) : null
  if (!match) throw invalid()
  const number = Number(match[1]!.replace('−', '-'))
  const unit = match[2]!.toLowerCase()
  const factor =
    unit === '' ? factorOfPlain(number) : Object.hasOwn(measure.units, unit) ? measure.units[unit] : undefined
  if (factor === undefined || !Number.isFinite(number)) throw invalid()
  return tidy(number * factor)
}

const pattern = /^([+-]?(?:\d+(?:\.\d+)?|\.\d+)|−\d+(?:\.\d+)?)\s*([a-z/]*)$/i

/** 44.1 × 1000 is 44100 and not 44100.00000000001. */
const tidy = (value: number) => Number(value.toPrecision(12))
