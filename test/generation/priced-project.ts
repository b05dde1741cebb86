import { afterEach, beforeEach } from 'vitest'
import { startPricedServer, type PricedServer } from '../fakes/priced-provider.ts'
import { createProject, type TestProject } from '../operations/project.ts'

/** Before each test an empty project and a server of the priced provider; after it both are gone. */
export function eachWithPricedProject(take: (made: { server: PricedServer; project: TestProject }) => void): void {
  let made: { server: PricedServer; project: TestProject }
  beforeEach(async () => {
    made = { server: await startPricedServer(), project: createProject() }
    take(made)
  })
  afterEach(async () => {
    made.project.remove()
    await made.server.close()
  })
}
