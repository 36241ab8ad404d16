import type { App } from '../../kernel/app.ts'
import type { Grant } from '../../kernel/grants.ts'
import type { GrantSource } from '../../kernel/ports.ts'
import { readDirectory } from '../directory.ts'

/** Grants from posts: what an account's posts allow now, out of the directory in memory. */
export class PostGrants implements GrantSource {
  readonly #app: Pick<App, 'db' | 'ports'>

  constructor(app: Pick<App, 'db' | 'ports'>) {
    this.#app = app
  }

  async grantsOf(county: string, accountId: string, at: Date): Promise<readonly Grant[]> {
    const { db, ports } = this.#app
    const directory = await readDirectory({
      county,
      ports,
      now: at,
      changing: null,
      read: (work) => db.reading(county, work),
    })
    return directory.grantsOf(accountId, at)
  }
}
