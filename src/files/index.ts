/**
 * The front door of files: evidence is taken in, kept unchanged, and shown without what it would give away.
 *
 * Rooms attach files in the command that makes or moves their subject, list them, and put a FileGate into
 * `ports.fileGates` that says who may see them.
 */
import { join } from 'node:path'
import type { App, Room } from '../kernel/app.ts'
import type { Config } from '../kernel/config.ts'
import type { ObjectStore, Ports } from '../kernel/ports.ts'
import { diskStore } from './disk-store.ts'
import { prepared, sweeps } from './jobs.ts'
import { filesRoutes, sendShown } from './routes.ts'
import { s3Store } from './s3-store.ts'

export { FileAttached, FileRole, FileView, OriginalOpened } from './contract.ts'
export { keepDocument, readDocument, storeDocument } from './documents.ts'
export { takeIn, type Doors } from './intake.ts'
export {
  areReady,
  attachFiles,
  forgetFilesOf,
  listFiles,
  linkedFile,
  repeatFile,
  type ShownFile,
  type Subject as FileSubject,
} from './service.ts'
export { sendShown }
export { moveLinks, shareLinks } from './store.ts'
export { preparePictures } from './jobs.ts'

/** The object store that the settings name: local disk under DATA_DIR/files, or S3. */
export function makeObjectStore(config: Config): ObjectStore {
  if (config.get('STORAGE') === 'disk') return diskStore(join(config.dataDir, 'files'))
  return s3Store({
    endpoint: config.get('S3_ENDPOINT'),
    region: config.get('S3_REGION'),
    bucket: config.get('S3_BUCKET'),
    accessKeyId: config.get('S3_ACCESS_KEY'),
    secretAccessKey: config.get('S3_SECRET'),
  })
}

/** What this room fills into the house's ports. */
export const makeFilePorts = (app: App): Pick<Ports, 'storage'> => ({ storage: makeObjectStore(app.config) })

export const files: Room = {
  name: 'files',
  routes: filesRoutes,
  sweeps,
  start: async (app) => () => prepared(app),
}
