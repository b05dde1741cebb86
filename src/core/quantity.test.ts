import { describe, expect, it } from 'vitest'
import { parseQuantity, type QuantityKind } from './quantity.ts'

const readable: [unknown, QuantityKind, number][] = [
  ['-1.0 dB', 'decibels', -1],
  ['-40dB', 'decibels', -40],
  ['−3 dBFS', 'decibels', -3],
  [-1, 'decibels', -1],
  ['-16 LUFS', 'loudness', -16],
  ['0.3 s', 'seconds', 0.3],
  ['300 ms', 'seconds', 0.3],
  ['.5', 'seconds', 0.5],
  [0.25, 'seconds', 0.25],
  ['5ms', 'milliseconds', 5],
  ['0.005 s', 'milliseconds', 5],
  ['44.1 kHz', 'hertz', 44_100],
  ['48k', 'hertz', 48_000],
  [22_050, 'hertz', 22_050],
  ['192k', 'bitrate', 192],
  ['192 kbps', 'bitrate', 192],
  [192, 'bitrate', 192],
  [192_000, 'bitrate', 192],
  ['192000', 'bitrate', 192],
  ['64000 bit/s', 'bitrate', 64],
  ['500 kB', 'bytes', 500_000],
  ['2 MiB', 'bytes', 2_097_152],
  [1024, 'bytes', 1024],
]

const unreadable: [unknown, QuantityKind][] = [
  ['loud', 'decibels'],
  ['', 'decibels'],
  ['-1 LUFS', 'decibels'],
  ['3 toString', 'seconds'],
  ['1e400', 'seconds'],
  ['1,5 s', 'seconds'],
  ['0x10', 'bytes'],
  ['--1', 'decibels'],
  [Number.NaN, 'seconds'],
  [Number.POSITIVE_INFINITY, 'seconds'],
  [null, 'hertz'],
  [[192], 'bitrate'],
  [true, 'bitrate'],
  ['9'.repeat(400), 'bytes'],
]

describe('parseQuantity', () => {
  it.each(readable)('reads %j as %s %d', (value, kind, expected) => {
    expect(parseQuantity(value, kind, 'The value')).toBe(expected)
  })

  it.each(unreadable)('refuses %j as %s', (value, kind) => {
    expect(() => parseQuantity(value, kind, 'The value')).toThrow(expect.objectContaining({ code: 'QUANTITY_INVALID' }))
  })

  it('names what it stands for and the units', () => {
    expect(() => parseQuantity('loud', 'decibels', 'normalize peak')).toThrow(/normalize peak is "loud".*db/)
  })
})
