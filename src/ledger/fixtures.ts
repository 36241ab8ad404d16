/**
 * What the ledger's own tests share: a house with nothing but the ledger and a fictional event, a tennis court's bookings.
 */
import { Type } from 'typebox'
import type { Room } from '../kernel/app.ts'
import { runSystem, type Command } from '../kernel/command.ts'
import { uuidv7 } from '../kernel/ids.ts'
import type { Handler, Sweep } from '../kernel/jobs.ts'
import { county, testApp, type TestApp, type TestAppOptions } from '../../test/support/app.ts'
import { ledger, ledgerEvent, record, settleLedger } from './index.ts'

export const CourtBooked = ledgerEvent('court.booked', Type.Object({ court: Type.Integer(), by: Type.String() }))
export const CourtFreed = ledgerEvent('court.freed', Type.Object({ court: Type.Integer() }))

/** The ledger without its workers, and the handlers that a test wants. */
export function ledgerHouse(
  handlers: readonly Handler[] = [],
  options: TestAppOptions & { sweeps?: readonly Sweep[] } = {},
): Promise<TestApp> {
  const tennis: Room = { name: 'tennis', handlers, sweeps: options.sweeps ?? [] }
  return testApp({
    rooms: [ledger, tennis],
    ...options,
    ports: { calendars: { calendarOf: async () => ({}) as never }, ...options.ports },
  })
}

/** Books a court: the subject's id, the entry's id. */
export async function book(
  house: TestApp,
  court = 1,
  subject: { id: string; version: number } = { id: uuidv7(), version: 1 },
): Promise<{ id: string; entry: string }> {
  const entry = await runSystem(house.app, county, (cmd) => bookIn(cmd, court, subject))
  return { id: subject.id, entry }
}

export const bookIn = (cmd: Command, court: number, subject: { id: string; version: number }): Promise<string> =>
  record(cmd, CourtBooked, subject, { court, by: 'member' })

/** Books `count` courts and seals them. */
export async function bookMany(house: TestApp, count: number): Promise<{ id: string; entry: string }[]> {
  const booked = []
  for (let i = 0; i < count; i += 1) booked.push(await book(house, i))
  await settleLedger(house.app, county)
  return booked
}
