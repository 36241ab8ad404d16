import { createStaffAccount, openSession, seatAdministrator } from '../../src/identity/index.ts'
import { findOrCreateGuest } from '../../src/identity/people/index.ts'
import { confirmTotp, offerTotp, totpCode } from '../../src/identity/credentials/index.ts'
import { hashToken, newToken } from '../../src/identity/rules.ts'
import { proposeAppointment } from '../../src/identity/seat-changes/service.ts'
import { settingsOf } from '../../src/identity/service.ts'
import { replaceToken } from '../../src/identity/sessions/store.ts'
import { createApiToken } from '../../src/identity/tokens/index.ts'
import { runSystem, type Command } from '../../src/kernel/command.ts'
import { uuidv7 } from '../../src/kernel/ids.ts'
import { oidcClient, oidcServer } from '../support/oidc-server.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

const base = '/api/v1/identity'
const password = 'Access-sweep#330411'
let count = 0

const system = <T>(world: SweepWorld, work: (cmd: Command) => Promise<T>): Promise<T> =>
  runSystem(world.app.app, world.county, work)
const newPhone = (): string => `1350000${String(++count).padStart(4, '0')}`

const newStaff = async (world: SweepWorld, options: { active?: boolean } = { active: true }) => {
  const loginName = `sweep-${++count}-${uuidv7().slice(-6)}`
  const { id, version } = await system(world, (cmd) =>
    createStaffAccount(cmd, { loginName, name: '扫查', phone: newPhone(), ...options }),
  )
  return { id, version, loginName }
}

/** Accounts, administrators and tokens are the county's: a post in a town, however mighty, is at the wrong place. */
const countyWide: Pick<AccessCase, 'actors' | 'wrongPurpose'> = {
  actors: ({ administrators }) => ({ right: administrators.system }),
  wrongPurpose: 'header',
}

let doors = { owner: '', other: '' }
/** One's own things need sessions of one's own: the secrets are chosen here, the sessions opened while preparing. */
export const own: Pick<AccessCase, 'actors' | 'wrongPurpose' | 'wrongPlace'> = {
  actors: ({ county }) => {
    doors = { owner: newToken(county, 's'), other: newToken(county, 's') }
    return { right: doors.owner, wrongPlace: doors.other, wrongPurpose: doors.owner }
  },
  wrongPurpose: 'header',
  wrongPlace: 'ownData',
}

async function openAs(world: SweepWorld, accountId: string, token: string): Promise<string> {
  return system(world, async (cmd) => {
    const { sessionId } = await openSession(cmd, { accountId, method: 'password' })
    await replaceToken(cmd.tx, { county: world.county, id: sessionId }, { tokenHash: hashToken(token) })
    return sessionId
  })
}

/** Two people of the staff, each signed in; the first has a password. */
async function signedIn(world: SweepWorld): Promise<{ id: string; loginName: string; sessionId: string }> {
  const loginName = `own-${++count}-${uuidv7().slice(-6)}`
  const { id } = await system(world, (cmd) =>
    createStaffAccount(cmd, { loginName, name: '本人', phone: newPhone(), password }),
  )
  const other = await newStaff(world)
  await openAs(world, other.id, doors.other)
  return { id, loginName, sessionId: await openAs(world, id, doors.owner) }
}

/** The same with an authenticator; its present code. */
async function withTotp(world: SweepWorld, confirmed: boolean): Promise<string> {
  const { id, loginName } = await signedIn(world)
  const { secret } = await system(world, (cmd) => offerTotp(cmd, { id, loginName }))
  const now = world.app.clock.now()
  if (!confirmed) return totpCode(secret, now)
  await system(world, (cmd) => confirmTotp(cmd, id, totpCode(secret, now)))
  return totpCode(secret, new Date(now.getTime() + 30_000))
}

const act = (
  path: string,
  wanted: Partial<AccessCase> & { payload?: (world: SweepWorld) => Promise<unknown> } = {},
): AccessCase => {
  const { payload, ...rest } = wanted
  return {
    route: `POST ${base}/me/${path}`,
    ...own,
    prepare: async (world) => {
      if (payload) return { url: `${base}/me/${path}`, payload: await payload(world) }
      await signedIn(world)
      return { url: `${base}/me/${path}`, payload: {} }
    },
    ...rest,
  }
}

const ownCases: AccessCase[] = [
  ...['', '/counties', '/sessions', '/data'].map((path): AccessCase => {
    let secret = ''
    return {
      route: `GET ${base}/me${path}`,
      ...own,
      secrets: () => (path === '/counties' ? [] : [secret]),
      prepare: async (world) => {
        const owner = await signedIn(world)
        secret = path === '' ? owner.id : path === '/data' ? owner.loginName : owner.sessionId
        return { url: `${base}/me${path}` }
      },
    }
  }),
  {
    route: `PATCH ${base}/me`,
    ...own,
    prepare: async (world) => {
      await signedIn(world)
      return { url: `${base}/me`, payload: { elderMode: true } }
    },
  },
  {
    route: `POST ${base}/sign-out`,
    ...own,
    prepare: async (world) => {
      await signedIn(world)
      return { url: `${base}/sign-out`, payload: {} }
    },
  },
  {
    route: `POST ${base}/me/sessions/:id/end`,
    ...own,
    wrongPlace: 'refused',
    prepare: async (world) => {
      const owner = await signedIn(world)
      const { sessionId } = await system(world, (cmd) => openSession(cmd, { accountId: owner.id, method: 'password' }))
      return { url: `${base}/me/sessions/${sessionId}/end`, payload: {} }
    },
  },
  act('sessions/end-others'),
  act('password', {
    wrongPlace: 'refused',
    payload: async (world) => {
      await signedIn(world)
      return { current: password, next: 'Another-sweep#759' }
    },
  }),
  act('totp'),
  act('totp/confirm', { payload: async (world) => ({ code: await withTotp(world, false) }) }),
  act('totp/remove', { payload: async (world) => ({ code: await withTotp(world, true) }) }),
  act('second-factor', { payload: async (world) => ({ code: await withTotp(world, true) }) }),
  act('recovery-codes', { payload: async (world) => ({ code: await withTotp(world, true) }) }),
  act('register', {
    wrongPlace: 'refused',
    payload: async (world) => {
      const { id } = await system(world, (cmd) => findOrCreateGuest(cmd, newPhone()))
      await openAs(world, id, doors.owner)
      await openAs(world, (await newStaff(world)).id, doors.other)
      return { name: '新居民' }
    },
  }),
  act('oidc/link', {
    payload: async (world) => {
      await signedIn(world)
      await switchOidcOn(world)
      return { returnTo: '/' }
    },
  }),
  act('oidc/unlink', {
    wrongPlace: 'refused',
    payload: async (world) => {
      const { id } = await signedIn(world)
      const row = { county: world.county, accountId: id, issuer: 'https://id.test', linkedAt: world.app.clock.now() }
      await system(world, (cmd) =>
        cmd.tx
          .insertInto('oidcIdentity')
          .values({ ...row, subjectBlind: cmd.vault.blind(world.county, 'subject', id) })
          .execute(),
      )
      return {}
    },
  }),
]

async function switchOidcOn(world: SweepWorld): Promise<void> {
  const { issuer } = await oidcServer('http://localhost/api/v1/identity/oidc/callback')
  const { config } = world.app.app
  const plain = config.get
  const given: Record<string, string> = {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: oidcClient.id,
    OIDC_CLIENT_SECRET: oidcClient.secret,
  }
  Object.assign(config, { get: (name: Parameters<typeof plain>[0]) => given[name] ?? plain(name) })
}

async function waitingToken(world: SweepWorld): Promise<string> {
  const maker = await newStaff(world)
  const input = {
    label: '四平台',
    grants: [{ action: 'loop.read', path: world.county, purpose: 'handling' as const }],
    expiresInDays: 3,
  }
  const made = await system(world, (cmd) => createApiToken({ ...cmd, actor: { ...cmd.actor, id: maker.id } }, input))
  return made.apiToken.id
}

const seat = async (world: SweepWorld): Promise<string> => {
  const { id } = await newStaff(world)
  return system(world, (cmd) => seatAdministrator(cmd, { accountId: id, seat: 'audit' }))
}

/** Opens the owner's door to a system administrator with a phone. */
export async function seatedSystem(world: SweepWorld): Promise<string> {
  const { id } = await newStaff(world)
  await system(world, (cmd) => seatAdministrator(cmd, { accountId: id, seat: 'system' }))
  await openAs(world, id, doors.owner)
  return id
}

/** A proposed appointment of somebody new. */
const waitingSeat = async (world: SweepWorld, proposedBy: string): Promise<string> => {
  const { id: accountId } = await newStaff(world)
  const grants = [{ action: 'identity.appoint', path: world.county, purpose: 'handling', postId: 'seat:system' }]
  const change = await system(world, (cmd) =>
    proposeAppointment(
      { ...cmd, grants, actor: { ...cmd.actor, kind: 'staff', id: proposedBy } },
      { accountId, seat: 'audit' },
    ),
  )
  return change.id
}

const countyCases: AccessCase[] = [
  ...[
    'accounts',
    'administrators',
    'seat-changes',
    'tokens',
    'sign-ins',
    'unmaskings',
    'settings',
    'acts',
    'dangers',
  ].map((path): AccessCase => ({
    route: `GET ${base}/${path}`,
    ...countyWide,
    prepare: async () => ({ url: `${base}/${path}` }),
  })),
  {
    route: `GET ${base}/accounts/:id`,
    ...countyWide,
    prepare: async (world) => ({ url: `${base}/accounts/${(await newStaff(world)).id}` }),
  },
  {
    route: `POST ${base}/accounts`,
    ...countyWide,
    prepare: async () => ({
      url: `${base}/accounts`,
      payload: { loginName: `invited-${++count}-${uuidv7().slice(-6)}`, name: '新同事' },
    }),
  },
  {
    route: `PATCH ${base}/accounts/:id`,
    ...countyWide,
    prepare: async (world) => {
      const { id, version } = await newStaff(world)
      return { url: `${base}/accounts/${id}`, payload: { version, name: '改名' } }
    },
  },
  {
    route: `POST ${base}/accounts/:id/disable`,
    ...countyWide,
    prepare: async (world) => {
      const { id, version } = await newStaff(world)
      return { url: `${base}/accounts/${id}/disable`, payload: { version } }
    },
  },
  {
    route: `POST ${base}/accounts/:id/enable`,
    ...countyWide,
    prepare: async (world) => {
      const { id, version } = await newStaff(world)
      await system(world, (cmd) =>
        cmd.tx
          .updateTable('account')
          .set({ status: 'disabled', disabledAt: cmd.now })
          .where('county', '=', world.county)
          .where('id', '=', id)
          .execute(),
      )
      return { url: `${base}/accounts/${id}/enable`, payload: { version } }
    },
  },
  {
    route: `POST ${base}/accounts/:id/links`,
    ...countyWide,
    prepare: async (world) => ({ url: `${base}/accounts/${(await newStaff(world, {})).id}/links`, payload: {} }),
  },
  {
    route: `POST ${base}/acts/export`,
    ...countyWide,
    prepare: async () => ({ url: `${base}/acts/export`, payload: { kind: 'look' } }),
  },
  {
    route: `GET ${base}/accounts/:id/sessions`,
    ...countyWide,
    prepare: async (world) => ({ url: `${base}/accounts/${(await newStaff(world)).id}/sessions` }),
  },
  {
    route: `POST ${base}/accounts/:id/sessions/end`,
    ...countyWide,
    prepare: async (world) => {
      const { id, version } = await newStaff(world)
      return { url: `${base}/accounts/${id}/sessions/end`, payload: { version } }
    },
  },
  {
    route: `POST ${base}/administrators`,
    ...countyWide,
    prepare: async (world) => ({
      url: `${base}/administrators`,
      payload: { accountId: (await newStaff(world)).id, seat: 'audit' },
    }),
  },
  {
    route: `POST ${base}/administrators/:id/dismiss`,
    ...countyWide,
    prepare: async (world) => {
      // The last of a kind is not dismissed.
      await seat(world)
      return { url: `${base}/administrators/${await seat(world)}/dismiss`, payload: {} }
    },
  },
  ...['confirm', 'refuse'].map((what): AccessCase => ({
    route: `POST ${base}/seat-changes/:id/${what}`,
    ...countyWide,
    prepare: async (world) => ({
      url: `${base}/seat-changes/${await waitingSeat(world, (await newStaff(world)).id)}/${what}`,
      payload: {},
    }),
  })),
  {
    route: `POST ${base}/seat-changes/:id/withdraw`,
    ...own,
    actors: (world) => ({ ...own.actors?.(world), wrongPlace: world.tokens.wrongPlace }),
    wrongPlace: 'refused',
    prepare: async (world) => {
      const id = await seatedSystem(world)
      return { url: `${base}/seat-changes/${await waitingSeat(world, id)}/withdraw`, payload: {} }
    },
  },
  {
    route: `PUT ${base}/settings`,
    ...countyWide,
    prepare: async (world) => ({ url: `${base}/settings`, payload: await system(world, settingsOf) }),
  },
  {
    route: `POST ${base}/tokens`,
    ...own,
    actors: (world) => ({ ...own.actors?.(world), wrongPlace: world.tokens.wrongPlace }),
    wrongPlace: 'refused',
    prepare: async (world) => {
      await seatedSystem(world)
      const grants = [{ action: 'loop.read', path: world.county, purpose: 'handling' }]
      return { url: `${base}/tokens`, payload: { label: '四平台', grants, expiresInDays: 3 } }
    },
  },
  ...['approve', 'revoke'].map((what): AccessCase => ({
    route: `POST ${base}/tokens/:id/${what}`,
    ...countyWide,
    prepare: async (world) => ({ url: `${base}/tokens/${await waitingToken(world)}/${what}`, payload: {} }),
  })),
]

export const cases: AccessCase[] = [...ownCases, ...countyCases]
