import { projectAt, run } from '../operations/project.ts'

/* A process of its own: changes one asset so many times. */

const [root, name, times] = process.argv.slice(2)
for (let i = 0; i < Number(times); i++)
  await run(projectAt(root!), 'update', { ref: 'LOGO-ACME-MARK001', description: `${name} ${i}`, message: `${name} ${i}` })
