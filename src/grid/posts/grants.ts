import type { Database, Tx } from '../../kernel/db.ts'
import type { Grant } from '../../kernel/grants.ts'
import type { GrantSource, Ports } from '../../kernel/ports.ts'
import { grantsOfPosts, rolesOver } from './rules.ts'
import { listChangedRoles, listHeldPosts } from './store.ts'

/** How long another process's change of posts may go unnoticed. */
const FRESH_MS = 3_000
const KEPT_MAX = 20_000

interface Kept {
  grants: readonly Grant[]
  /** By the house's clock and by the machine's: whichever moves first ends it. */
  at: number
  loadedAt: number
}

/** Grants from posts, kept in memory for seconds and dropped at once by this process's own changes. */
export class PostGrants implements GrantSource {
  readonly #db: Pick<Database, 'reading'>
  readonly #kept = new Map<string, Kept>()
  readonly #loading = new Map<string, Promise<readonly Grant[]>>()
  #round = 0

  constructor(db: Pick<Database, 'reading'>) {
    this.#db = db
  }

  async grantsOf(county: string, accountId: string, at: Date): Promise<readonly Grant[]> {
    const key = `${county}/${accountId}`
    const kept = this.#kept.get(key)
    const old = kept === undefined || performance.now() - kept.loadedAt > FRESH_MS || Math.abs(at.getTime() - kept.at) > FRESH_MS
    if (!old) return kept.grants
    const loading = this.#loading.get(key) ?? this.#load(county, accountId, at, key)
    return loading
  }

  /** Forgets what is kept of the county: somebody's posts, absences or roles have changed. */
  drop(county: string): void {
    this.#round++
    this.#loading.clear()
    for (const key of this.#kept.keys()) if (key.startsWith(`${county}/`)) this.#kept.delete(key)
  }

  #load(county: string, accountId: string, at: Date, key: string): Promise<readonly Grant[]> {
    const round = this.#round
    const loading = this.#db
      .reading(county, (tx) => loadGrants(tx, county, accountId, at))
      .then((grants) => {
        if (round === this.#round) this.#keep(key, { grants, at: at.getTime(), loadedAt: performance.now() })
        return grants
      })
      .finally(() => {
        if (this.#loading.get(key) === loading) this.#loading.delete(key)
      })
    this.#loading.set(key, loading)
    return loading
  }

  #keep(key: string, kept: Kept): void {
    if (this.#kept.size >= KEPT_MAX) this.#kept.clear()
    this.#kept.set(key, kept)
  }
}

/** What the account's posts allow at that instant, fresh from the database. */
export async function loadGrants(tx: Tx, county: string, accountId: string, at: Date): Promise<Grant[]> {
  const [changed, posts] = await Promise.all([listChangedRoles(tx, county), listHeldPosts(tx, county, accountId, at)])
  return grantsOfPosts(posts, rolesOver(changed))
}

/** Drops the county's grants from this process. */
export function dropGrants(ports: Ports, county: string): void {
  if (ports.grants instanceof PostGrants) ports.grants.drop(county)
}
