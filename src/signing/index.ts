import type { App, Room } from '../kernel/app.ts'
import type { FileGate } from '../kernel/ports.ts'
import './contract.ts'
import { signingRoutes } from './campaigns/routes.ts'
import { campaignHandlers, sendingSweeps } from './campaigns/sending.ts'
import { sealedDocument } from './campaigns/views.ts'
import { sealingSweeps } from './envelopes/index.ts'
import { exportRoutes } from './export/routes.ts'
import { letterRoutes } from './letters/routes.ts'
import { letterSweeps } from './letters/service.ts'
import { makeVerifier, setVerifier } from './face/index.ts'
import { signerRoutes } from './signer/index.ts'
import { verifyRoutes } from './verify/index.ts'
import { openWorkshop, workshopOf } from './workshop.ts'

/** A sealed letter: whoever may read its envelope. */
const envelopeFiles: FileGate = {
  subjectKind: 'envelope',
  maySee: (cmd, id) =>
    sealedDocument(cmd, id).then(
      () => true,
      () => false,
    ),
}

/** Registers what this room needs of the house: printers, keys and time stamps; and who may see a sealed letter. */
export function makeSigningPorts(app: App): void {
  openWorkshop(app)
  setVerifier(app.ports, makeVerifier(app.config))
  app.ports.fileGates.push(envelopeFiles)
}

/** Promises that can be proven. */
export const signing: Room = {
  name: 'signing',
  async routes(app) {
    for (const routes of [letterRoutes, signingRoutes, signerRoutes, verifyRoutes, exportRoutes])
      await app.register(routes)
  },
  handlers: campaignHandlers,
  sweeps: [...letterSweeps, ...sendingSweeps, ...sealingSweeps],
  start: async (app) => () => workshopOf(app.ports).stop(),
}

export const sampleLetters = async (folder: string, now: () => Date) =>
  (await import('./sample.ts')).sampleLetters(folder, now)

/** For the command line: what checks a letter is loaded when one is to be checked. */
export const lettersAtHand = async () => ({
  ...(await import('./verify/command-line.ts')),
  ...(await import('./verify/offline-page.ts')),
})
