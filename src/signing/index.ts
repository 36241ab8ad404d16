import type { App, Room } from '../kernel/app.ts'
import './contract.ts'
import { sealingSweeps } from './envelopes/index.ts'
import { signerRoutes } from './signer/index.ts'
import { openWorkshop, workshopOf } from './workshop.ts'

/** Registers what this room needs of the house: printers, keys and time stamps. */
export function makeSigningPorts(app: App): void {
  openWorkshop(app)
}

/** Promises that can be proven. */
export const signing: Room = {
  name: 'signing',
  routes: signerRoutes,
  sweeps: sealingSweeps,
  start: async (app) => () => workshopOf(app.ports).stop(),
}

export const sampleLetters = async (folder: string, now: () => Date) =>
  (await import('./sample.ts')).sampleLetters(folder, now)
