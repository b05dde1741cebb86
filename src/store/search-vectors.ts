import type { DatabaseSync } from 'node:sqlite'

/** Embeddings by model and digest of the text: equal texts are sent once, and again only when they change. */
export const searchVectors = {
  /** Texts of the index without an embedding of so many dimensions, each once, with an entry that has the text. */
  missing: (db: DatabaseSync, model: string, dimensions: number) =>
    db
      .prepare(
        `SELECT d.text_digest AS digest, m.entry FROM search_docs d JOIN manifest_entries m ON m.ref = d.ref
        WHERE NOT EXISTS (
          SELECT 1 FROM search_vectors v WHERE v.model = ? AND v.digest = d.text_digest AND length(v.vector) = ?
        ) GROUP BY d.text_digest ORDER BY min(d.ref)`,
      )
      .all(model, dimensions * 4) as { digest: string; entry: string }[],

  put(db: DatabaseSync, model: string, vectors: readonly { digest: string; vector: Float32Array }[]): void {
    const put = db.prepare('INSERT OR REPLACE INTO search_vectors (model, digest, vector) VALUES (?, ?, ?)')
    for (const { digest, vector } of vectors) put.run(model, digest, new Uint8Array(unit(vector).buffer))
  },

  /** Documents by exact cosine, nearest first; none that points away. */
  nearest(
    db: DatabaseSync,
    input: { model: string; vector: Float32Array; mask: Uint8Array | undefined; most: number },
  ): { id: number; cosine: number }[] {
    const wanted = unit(input.vector)
    const rows = db
      .prepare(
        'SELECT d.id, v.vector FROM search_docs d JOIN search_vectors v ON v.model = ? AND v.digest = d.text_digest WHERE length(v.vector) = ?',
      )
      .iterate(input.model, wanted.byteLength) as Iterable<{ id: number; vector: Uint8Array }>
    const near: { id: number; cosine: number }[] = []
    for (const { id, vector } of rows) {
      if (input.mask && input.mask[id] === 0) continue
      const bytes = vector.byteOffset % 4 === 0 ? vector : vector.slice()
      const own = new Float32Array(bytes.buffer, bytes.byteOffset, wanted.length)
      let cosine = 0
      for (let i = 0; i < own.length; i++) cosine += own[i]! * wanted[i]!
      if (cosine > 0) near.push({ id, cosine })
    }
    return near.sort((a, b) => b.cosine - a.cosine || a.id - b.id).slice(0, input.most)
  },
}

/** Of length 1: the cosine of two such vectors is their product. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return length === 0 ? vector.slice() : vector.map((value) => value / length)
}
