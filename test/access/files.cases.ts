import sharp from 'sharp'
import { expect } from 'vitest'
import { attachFiles } from '../../src/files/index.ts'
import { prepared } from '../../src/files/jobs.ts'
import { runSystem } from '../../src/kernel/command.ts'
import { hasGrant } from '../../src/kernel/grants.ts'
import { uuidv7 } from '../../src/kernel/ids.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

const subjectKind = 'accessSweep'
const bytes = 'application/octet-stream'

let picture: Promise<Buffer> | undefined
const makePicture = (): Promise<Buffer> =>
  (picture ??= sharp({ create: { width: 640, height: 480, channels: 3, background: '#0f766e' } })
    .jpeg()
    .toBuffer())

async function send(
  world: SweepWorld,
  token: string,
  method: 'GET' | 'POST' | 'PATCH',
  url: string,
  payload?: unknown,
  headers = {},
) {
  const answer = await world.app.http.inject({
    method,
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(payload === undefined ? {} : { payload: payload as object }),
  })
  if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.statusCode} ${answer.body}`)
  return answer.json<{ id: string; opening: string; state: string }>()
}

async function ownFile(world: SweepWorld): Promise<string> {
  const { id } = await send(world, world.residents.owner, 'POST', '/files?name=a.jpg', await makePicture(), {
    'content-type': bytes,
  })
  await prepared(world.app.app)
  // The sweep may have taken the picture up before; then it is prepared there.
  await expect
    .poll(async () => (await send(world, world.residents.owner, 'GET', `/files/${id}`)).state, {
      timeout: 10_000,
      message: 'the picture is prepared',
    })
    .toBe('ready')
  return id
}

/** A file that belongs to something at the right place. */
async function attachedFile(world: SweepWorld): Promise<string> {
  const { fileGates } = world.app.app.ports
  if (!fileGates.some((gate) => gate.subjectKind === subjectKind)) {
    fileGates.push({ subjectKind, maySee: async (cmd) => hasGrant(cmd, 'loop.read', world.rightPlace) })
  }
  const id = await ownFile(world)
  const subject = { kind: subjectKind, id: uuidv7(), areaPath: world.rightPlace, purpose: 'handling' }
  await runSystem(world.app.app, world.county, (cmd) => attachFiles(cmd, subject, [{ id }]))
  return id
}

const owners: Pick<AccessCase, 'actors' | 'wrongPurpose'> = {
  actors: ({ residents }) => ({ right: residents.owner, wrongPlace: residents.other, wrongPurpose: residents.owner }),
  wrongPurpose: 'header',
}

async function ownUpload(world: SweepWorld, complete: boolean): Promise<string> {
  const photo = await makePicture()
  const { id } = await send(world, world.residents.owner, 'POST', '/files/uploads', {
    name: 'a.jpg',
    sizeBytes: photo.length,
  })
  const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' }
  if (complete) await send(world, world.residents.owner, 'PATCH', `/files/uploads/${id}`, photo, headers)
  return id
}

const reason = { reason: '核对拍摄时间和地点' }

export const cases: AccessCase[] = [
  {
    route: 'POST /api/v1/files',
    ...owners,
    wrongPlace: 'ownData',
    prepare: async () => ({
      url: '/api/v1/files?name=a.jpg',
      payload: await makePicture(),
      headers: { 'content-type': bytes },
    }),
  },
  {
    route: 'POST /api/v1/files/uploads',
    ...owners,
    wrongPlace: 'ownData',
    prepare: async () => ({ url: '/api/v1/files/uploads', payload: { name: 'a.jpg', sizeBytes: 100 } }),
  },
  {
    route: 'PATCH /api/v1/files/uploads/:id',
    ...owners,
    prepare: async (world) => ({
      url: `/api/v1/files/uploads/${await ownUpload(world, false)}`,
      payload: await makePicture(),
      headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
    }),
  },
  {
    route: 'GET /api/v1/files/uploads/:id',
    ...owners,
    prepare: async (world) => ({ url: `/api/v1/files/uploads/${await ownUpload(world, false)}` }),
  },
  {
    route: 'POST /api/v1/files/uploads/:id/finish',
    ...owners,
    prepare: async (world) => ({ url: `/api/v1/files/uploads/${await ownUpload(world, true)}/finish` }),
  },
  {
    route: 'DELETE /api/v1/files/uploads/:id',
    ...owners,
    prepare: async (world) => ({ url: `/api/v1/files/uploads/${await ownUpload(world, false)}` }),
  },
  {
    route: 'DELETE /api/v1/files/:id',
    ...owners,
    prepare: async (world) => ({ url: `/api/v1/files/${await ownFile(world)}` }),
  },
  ...['', '/thumbnail', '/content'].map((what): AccessCase => ({
    route: `GET /api/v1/files/:id${what}`,
    prepare: async (world) => ({ url: `/api/v1/files/${await attachedFile(world)}${what}` }),
  })),
  {
    route: 'POST /api/v1/files/:id/openings',
    prepare: async (world) => ({ url: `/api/v1/files/${await attachedFile(world)}/openings`, payload: reason }),
  },
  {
    route: 'GET /api/v1/files/:id/original',
    prepare: async (world) => {
      const id = await attachedFile(world)
      const { opening } = await send(world, world.tokens.right, 'POST', `/files/${id}/openings`, reason)
      return { url: `/api/v1/files/${id}/original?opening=${opening}` }
    },
  },
]
