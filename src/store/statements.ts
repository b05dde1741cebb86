import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** Statements of one database, prepared once: preparing costs as much as a lookup. */
export function createStatements() {
  let database: DatabaseSync | undefined
  const prepared = new Map<string, StatementSync>()
  return {
    database: () => database,
    use(db: DatabaseSync) {
      if (db !== database) prepared.clear()
      database = db
    },
    prepare(sql: string): StatementSync {
      let statement = prepared.get(sql)
      if (!statement) prepared.set(sql, (statement = database!.prepare(sql)))
      return statement
    },
  }
}
