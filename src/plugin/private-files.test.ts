import { expect, it } from 'vitest'
import { asksForPrivateFile } from './private-files.ts'

it.each([
  '/.assetloom/state.db',
  '/app/.assetloom/state.db-wal?raw',
  '/@fs/home/me/site/.assetloom/logs/run.jsonl',
  '/.assetloom//reports/../state.db',
  '/.assetloom/files/../state.db',
  '/.assetloom/pinned/../logs/run.jsonl',
  '/x/..//.assetloom/blobs/a',
  '/%2eassetloom/state.db',
  '/.assetloom%2fstate.db',
  '/.ASSETLOOM/state.db',
  '/.assetloom\\state.db',
])('%s is no file of a page', (target) => expect(asksForPrivateFile(target)).toBe(true))

it.each(['/', '/.assetloom/files/01234567/IMG-ACME-HERO001.png', '/.assetloom/pinned/01234567/assets/library/tools/x/y.ts', '/@fs/site/.assetloom/files/0/a.png?import', '/src/.assetloom.ts', '/assetloom/state.db', '/x?from=/.assetloom/state.db', '/%'])(
  '%s is left to Vite',
  (target) => expect(asksForPrivateFile(target)).toBe(false),
)
