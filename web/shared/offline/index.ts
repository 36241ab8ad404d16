import type { Who } from '../../../src/identity/accounts/contract.ts'
import type { Refusal as RefusalType } from '../api.ts'
import { commonHeaders, keepReadsOn, read, Refusal } from '../api.ts'
import { t } from '../i18n/text.ts'
import { quiet } from '../quiet.ts'
import type { House } from './house.ts'
import type { Item, NewItem, OfflineStore } from './store.ts'

/**
 * The light front door: nothing of the database is loaded before something is to be kept.
 *
 * A browser without IndexedDB or without its own cryptography (plain http in a village network) keeps nothing; everything
 * else works there.
 */
const canKeep = () => 'indexedDB' in globalThis && globalThis.crypto?.subtle !== undefined

let opening: Promise<House | undefined> | undefined
let whoIsHere: string | undefined
let entering: Promise<unknown> | undefined
let outboxHere = false
/** Signed out here: nothing that was still to be kept is kept any more. */
let forgotten = false

/** The store, its lock and its clock; undefined where this browser can keep nothing. */
export const house = (): Promise<House | undefined> =>
  (opening ??= canKeep()
    ? import('./house.ts').then(({ openHouse }) => openHouse(outboxHere))
    : Promise.resolve(undefined))

async function opened(): Promise<House | undefined> {
  if (forgotten) return undefined
  const found = await house()
  const account = whoIsHere
  if (found && account !== undefined) await (entering ??= found.enter(account).catch(() => undefined))
  return found
}

/** The store once the page stands: what is only kept, and what only shows what was kept, can wait for that. */
export const houseLater = (): Promise<House | undefined> => quiet().then(opened)

/** What a person needs in a stairwell: who they are, their work, its pages, forms and places. */
const kept =
  /^\/(?:counties|identity\/who|kinds|grid\/places|grid\/posts\/mine|diary\/(?:terms|mine\?|[0-9a-f-]{36}$)|visits\/(?:round|doors\?)|duty\/kit|matters\?scope=(?:mine|unit|open|overdue)|matters\/counts|matters\/[0-9a-f-]{36}$|my\/matters(?:\?|\/[0-9a-f-]{36}$))/

/** Reads of this face are kept, and what cannot be sent goes to its outbox. */
export function workOffline(): void {
  outboxHere = true
  void houseLater()
  keepReadsOn({
    keep(path, answer) {
      if (path === '/identity/who' && !noteWho((answer as Who).me)) return
      if (kept.test(path)) void houseLater().then((found) => found?.store.keepPage(path, answer).catch(() => undefined))
    },
    find: async (path) => (kept.test(path) ? (await opened())?.store.findPage(path).catch(() => undefined) : undefined),
    turnedAway: () => void turnAway(),
  })
}

/** The server says who is here; false: nobody. */
function noteWho(me: Who['me']): boolean {
  if (me === null) {
    void turnAway()
    return false
  }
  if (whoIsHere !== me.accountId) entering = undefined
  whoIsHere = me.accountId
  return true
}

/** Signed out from elsewhere: everything goes. Only lapsed: it waits, sealed and unseen, for the same person. */
async function turnAway(): Promise<void> {
  whoIsHere = undefined
  const found = await quiet().then(house)
  if (!found || whoIsHere !== undefined || (await found.store.drawer.keeping.count()) === 0) return
  const { fate } = await read<{ fate: string }>('/identity/session-fate').catch(() => ({ fate: 'lapsed' }))
  if (fate === 'ended') await found.store.wipe()
  else if (fate !== 'open') found.store.lock()
}

/** Deletes all that this browser keeps, without opening it. */
export async function forgetPhone(): Promise<void> {
  forgotten = true
  await entering
  await new Promise<void>((resolve) => {
    if (!('indexedDB' in globalThis)) return resolve()
    const request = indexedDB.deleteDatabase('tongxin-offline')
    // Another tab that has it open lets go of it by itself.
    request.onsuccess = request.onerror = request.onblocked = () => resolve()
  })
}

const isFull = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'QuotaExceededError' || (error as { inner?: Error }).inner?.name === 'QuotaExceededError')

/** Works on the store where there is one. @throws Refusal in words where the phone is full. */
export async function withStore<Answer>(work: (store: OfflineStore) => Promise<Answer>): Promise<Answer | undefined> {
  const found = await opened()
  if (!found) return undefined
  try {
    return await work(found.store)
  } catch (error) {
    if (isFull(error)) throw new Refusal(-1, { code: 'offline.full', title: t('offline.full') })
    throw error
  }
}

export const isStoreFull = (error: unknown): error is RefusalType =>
  error instanceof Refusal && error.code === 'offline.full'

/**
 * Puts an act into the outbox, from where it goes out by itself.
 *
 * @returns false where this face or browser has none: then nothing was kept.
 */
export async function queue(item: Omit<NewItem, 'headers' | 'at'>): Promise<boolean> {
  if (!outboxHere) return false
  const done = await withStore(async (store) => {
    if (!store.entered) return false
    await store.put({ ...item, at: Date.now(), headers: { ...commonHeaders(), 'tongxin-account': store.entered } })
    return true
  })
  if (done) void house().then((found) => found?.run())
  return done === true
}

export type { Item }
