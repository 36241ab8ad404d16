import pg from 'pg'

/** Limits of every statement the application makes; a report or an export that needs longer sets its own. */
export const appLoginSettings: Record<string, string> = {
  statement_timeout: '30s',
  lock_timeout: '10s',
  idle_in_transaction_session_timeout: '60s',
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Runs work on one connection of its own and ends it. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/**
 * Makes the application's login where it is missing: it owns nothing and cannot bypass row-level security.
 *
 * @param client A login that may create roles.
 */
export async function makeAppLogin(client: pg.Client, password: string): Promise<void> {
  const { rows } = await client.query("select from pg_roles where rolname = 'tongxin_app'")
  if (rows.length > 0) return
  await client.query(
    `create role tongxin_app login nosuperuser nobypassrls nocreatedb nocreaterole noinherit password ${quoted(password)}`,
  )
  for (const [name, value] of Object.entries(appLoginSettings)) {
    await client.query(`alter role tongxin_app set ${name} = ${quoted(value)}`)
  }
}

/** Makes both logins and the database on a server of our own, where they are missing. */
export async function prepareLogins(urls: { superuserUrl: string; ownerUrl: string; appUrl: string }): Promise<void> {
  const owner = new URL(urls.ownerUrl)
  const database = owner.pathname.slice(1)
  await withClient(urls.superuserUrl, async (client) => {
    const { rows } = await client.query('select from pg_database where datname = $1', [database])
    if (rows.length > 0) return
    await makeAppLogin(client, new URL(urls.appUrl).password)
    const { rows: owners } = await client.query("select from pg_roles where rolname = 'tongxin_owner'")
    if (owners.length === 0) {
      await client.query(`create role tongxin_owner login nosuperuser nobypassrls password ${quoted(owner.password)}`)
    }
    await client.query(`create database ${database} owner tongxin_owner`)
  })
}

const required = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', data_checksums: 'on' }

/**
 * Refuses a server that could lose an acknowledged commit.
 *
 * @throws Error naming each setting that is wrong.
 */
export async function requireDurable(url: string): Promise<void> {
  const { rows } = await withClient(url, (client) =>
    client.query<{ name: string; setting: string }>('select name, setting from pg_settings where name = any($1)', [
      Object.keys(required),
    ]),
  )
  const found = new Map(rows.map(({ name, setting }) => [name, setting]))
  const wrong = Object.entries(required).filter(([name, value]) => found.get(name) !== value)
  if (wrong.length === 0) return
  const list = wrong.map(([name]) => `${name} is ${found.get(name) ?? 'unknown'}`).join(', ')
  throw new Error(`This database could lose confirmed reports: ${list}; all must be on.`)
}
