import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/fixtures/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // The library and the cache that projects share must not be those of whoever runs the tests.
    env: { XDG_CONFIG_HOME: join(tmpdir(), `assetloom-tests-${process.pid}`) },
  },
})
