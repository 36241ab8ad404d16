import type { Database } from '../kernel/db.ts'
import { headOfLog, savedHeadOf, savedHeads, type SavedHead } from './heads.ts'
import { isSignedBy } from './keys.ts'
import { rootOf, type Tree } from './merkle.ts'
import { listHeadsFrom, type HeadRow } from './head-store.ts'
import { findLog, type LogRow } from './store.ts'
import type { Findings } from './verify-findings.ts'
import { listHeadsOfSizes } from './verify-store.ts'

const PAGE = 1000

/** Walks the kept heads beside the growing tree, page by page. */
export class HeadWalk {
  checked = 0
  readonly #db: Database
  readonly #county: string
  readonly #log: LogRow
  readonly #keys: ReadonlyMap<string, Buffer>
  readonly #findings: Findings
  #page: HeadRow[] = []
  #from = 0
  #ended = false
  #lastGood = 0
  #broken = false

  constructor(
    db: Database,
    county: string,
    log: LogRow,
    context: { keys: ReadonlyMap<string, Buffer>; findings: Findings },
  ) {
    this.#db = db
    this.#county = county
    this.#log = log
    this.#keys = context.keys
    this.#findings = context.findings
  }

  async #peek(): Promise<HeadRow | undefined> {
    if (this.#page.length === 0 && !this.#ended) {
      this.#page = await this.#db.reading(this.#county, (tx) => listHeadsFrom(tx, this.#county, this.#from, PAGE))
      this.#ended = this.#page.length < PAGE
      this.#from = (this.#page.at(-1)?.treeSize ?? this.#from) + 1
    }
    return this.#page[0]
  }

  /** The size at which the tree must be compared next. */
  async nextSize(): Promise<number> {
    return (await this.#peek())?.treeSize ?? Number.POSITIVE_INFINITY
  }

  /** Compares the tree with the head of its size, if there is one. */
  async check(tree: Tree): Promise<void> {
    let head = await this.#peek()
    while (head && head.treeSize <= tree.size) {
      this.#page.shift()
      this.#compare(`ledger_head ${head.treeSize}`, head, tree)
      this.checked += 1
      head = await this.#peek()
    }
  }

  #compare(row: string, head: HeadRow, tree: Tree): void {
    const key = this.#keys.get(head.keyId)
    if (!key || !isSignedBy(key, savedHeadOf(this.#log.logId, head), head.signature)) {
      this.#findings.add('head', row, '账本首部的签名不成立', 'the signature of this head does not hold')
    }
    if (head.treeSize === tree.size && rootOf(tree).equals(head.rootHash)) {
      this.#lastGood = head.treeSize
      return
    }
    if (this.#broken) return
    this.#broken = true
    this.#findings.add(
      'head',
      row,
      `第 ${this.#lastGood} 至 ${head.treeSize - 1} 号叶子与当时签名的账本首部不符`,
      `leaves ${this.#lastGood} to ${head.treeSize - 1} do not give the root that was signed then`,
    )
  }

  /** The log's own row, and heads beyond it: a log never shrinks. */
  async checkEnd(tree: Tree): Promise<void> {
    const row = `ledger_log ${this.#county}`
    this.#compare(row, headOfLog(this.#log), tree)
    if (!Buffer.concat(tree.frontier).equals(this.#log.frontier)) {
      this.#findings.add('log', row, '账本状态与叶子不符', 'the state of the log does not follow from its leaves')
    }
    const beyond = await this.#peek()
    if (beyond) await this.#requireGrown(`ledger_head ${beyond.treeSize}`, beyond.treeSize)
  }

  async #requireGrown(row: string, size: number): Promise<void> {
    const now = await this.#db.reading(this.#county, (tx) => findLog(tx, this.#county))
    if (now && now.size >= size) return
    this.#findings.add(
      'log',
      row,
      `账本曾有 ${size} 条，现在只有 ${now?.size ?? 0} 条：末尾被删`,
      `the log once had ${size} leaves and has ${now?.size ?? 0} now: its end was removed`,
    )
  }

  /**
   * Holds the table of heads to what was saved beside the database, where no database rights reach.
   *
   * @returns how many were saved.
   */
  async checkSaved(dataDir: string): Promise<number> {
    let page: SavedHead[] = []
    let count = 0
    for await (const head of savedHeads(dataDir, this.#county)) {
      count += 1
      page.push(head)
      if (page.length < PAGE) continue
      await this.#checkSavedPage(page)
      page = []
    }
    await this.#checkSavedPage(page)
    return count
  }

  async #checkSavedPage(saved: readonly SavedHead[]): Promise<void> {
    const sizes = saved.map((head) => head.tree_size)
    const rows = await this.#db.reading(this.#county, (tx) => listHeadsOfSizes(tx, this.#county, sizes))
    const bySize = new Map(rows.map((row) => [row.treeSize, row]))
    for (const head of saved) {
      const row = bySize.get(head.tree_size)
      if (head.log_id === this.#log.logId && row?.rootHash.toString('hex') === head.root_hash) continue
      this.#findings.add(
        'head',
        `ledger_head ${head.tree_size}`,
        `与数据库外留存的首部（${head.at}）不符`,
        `differs from the head that was saved outside the database at ${head.at}, or is gone`,
      )
      if (head.tree_size > this.#log.size) await this.#requireGrown(`ledger_head ${head.tree_size}`, head.tree_size)
    }
  }
}
