import pg from 'pg'
import { serialize } from 'pg-protocol'
import { prepareValue } from 'pg/lib/utils.js'

type Parse = (text: string) => unknown

/** How the rows of a prepared statement are read; it stays the same as long as the statement does. */
interface Columns {
  readonly names: readonly string[]
  readonly parsers: readonly Parse[]
  /** A row before it is filled in: gives each row one shape. */
  readonly empty: Record<string, unknown>
}

interface Connection {
  readonly stream: { write(bytes: Buffer): boolean }
}

/** What pg's own query does; its types leave these out. */
interface PgQuery {
  readonly name: string
  readonly values: unknown[]
  readonly _result: { readonly _parsers: Parse[] | undefined; readonly fields: { name: string }[] }
  /** What a value could not be read for; becomes the query's own failure. */
  _canceledDueToError: unknown
  prepare(connection: Connection): void
  handleRowDescription(message: unknown): void
  handleError(error: unknown, connection: Connection): void
}
type PgQueryClass = new (
  config: { name: string; text: string; values: unknown[] },
  values: undefined,
  callback: (error: unknown) => void,
) => PgQuery

const described = new WeakMap<Connection, Map<string, Columns>>()
const executeAndSync = Buffer.concat([serialize.execute(), serialize.sync()])

function columnsOn(connection: Connection): Map<string, Columns> {
  const held = described.get(connection)
  if (held) return held
  const made = new Map<string, Columns>()
  described.set(connection, made)
  return made
}

/**
 * A named statement that asks for the description of its columns only once on each connection, and is sent as one buffer.
 *
 * pg asks anew each time: at 43 columns that was 9 % of the processor time of a matter's page. Should a migration change
 * what the statement answers, PostgreSQL itself refuses the old plan ("cached plan must not change result type").
 */
class Prepared extends (pg.Query as unknown as PgQueryClass) {
  readonly found: Record<string, unknown>[] = []
  #connection: Connection | undefined
  #columns: Columns | undefined

  override prepare(connection: Connection): void {
    this.#connection = connection
    if (this.name !== '') this.#columns = columnsOn(connection).get(this.name)
    if (!this.#columns) {
      super.prepare(connection)
      return
    }
    try {
      const bind = serialize.bind({ statement: this.name, values: this.values, valueMapper: prepareValue })
      connection.stream.write(Buffer.concat([bind, executeAndSync]))
    } catch (error) {
      connection.stream.write(serialize.sync())
      this.handleError(error, connection)
    }
  }

  override handleRowDescription(message: unknown): void {
    super.handleRowDescription(message)
    const { fields, _parsers: parsers } = this._result
    const names = fields.map(({ name }) => name)
    this.#columns = { names, parsers: parsers ?? [], empty: Object.fromEntries(names.map((name) => [name, null])) }
    if (this.name !== '') columnsOn(this.#connection!).set(this.name, this.#columns)
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const { names, parsers, empty } = this.#columns!
    const row = { ...empty }
    try {
      for (let at = 0; at < fields.length; at++) {
        const text = fields[at]
        if (text !== null && text !== undefined) row[names[at]!] = parsers[at]!(text)
      }
    } catch (error) {
      this._canceledDueToError ||= error
      return
    }
    this.found.push(row)
  }
}

/** Runs one statement. The text of a name never changes; an empty name is planned, and described, each time. */
export function runPrepared(
  client: pg.ClientBase,
  statement: { name: string; text: string; values: unknown[] },
): Promise<Record<string, unknown>[]> {
  return new Promise((done, failed) => {
    const query: Prepared = new Prepared(statement, undefined, (error) => (error ? failed(error) : done(query.found)))
    client.query(query as unknown as pg.Submittable)
  })
}
