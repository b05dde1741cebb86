/** Where every catalog has its index. */
export const indexPath = 'assets/index.csv'
export const maxIndexBytes = 20 * 1000 * 1000

export interface RowProblem {
  /** 1-based, in the index. */
  line: number
  problem: string
}
