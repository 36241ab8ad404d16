import { setTimeout as sleep } from 'node:timers/promises'
import type { ImportView } from '../../src/registry/sheets/contract.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

const base = '/api/v1/registry/imports'
const secretFile = '只有这个村看得到的花名册.csv'
const secretName = '表里只有这个村看得到的人'
const secrets = (): string[] => [secretFile, secretName]
const sheet = `姓名,身份证号,小区,幢,室\n${secretName},330411198001010000,银杏苑,2,301\n`
const octets = { 'content-type': 'application/octet-stream' }

async function ask<Body>(world: SweepWorld, url: string, more: object = {}): Promise<Body> {
  const headers = { authorization: `Bearer ${world.tokens.right}`, ...('payload' in more ? octets : {}) }
  const answer = await world.app.http.inject({ method: 'GET', url, ...more, headers })
  if (answer.statusCode >= 300) throw new Error(answer.body)
  return answer.json<Body>()
}
const handingIn = (world: SweepWorld): string =>
  `${base}?kind=people&name=${encodeURIComponent(secretFile)}&area=${encodeURIComponent(world.rightPlace)}`

/** A sheet that the worker has looked at. */
async function handedIn(world: SweepWorld): Promise<ImportView> {
  const begun = await ask<ImportView>(world, handingIn(world), { method: 'POST', payload: sheet })
  for (let tries = 0; tries < 100; tries++) {
    const now = await ask<ImportView>(world, `${base}/${begun.id}`)
    if (now.state === 'mapping') return now
    await sleep(100)
  }
  throw new Error('nobody looked at the sheet')
}
const settingsOf = (view: ImportView) => {
  const { name, headingRow, headingRows, columns } = view.sheets[0]!
  return { sheet: name, headingRow, headingRows, columns }
}
async function mapped(world: SweepWorld): Promise<ImportView> {
  const view = await handedIn(world)
  const answer = await world.app.http.inject({
    method: 'PUT',
    url: `${base}/${view.id}/mapping`,
    headers: { authorization: `Bearer ${world.tokens.right}` },
    payload: settingsOf(view),
  })
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return view
}
const of = (make: (world: SweepWorld) => Promise<ImportView>, suffix: string) => async (world: SweepWorld) => ({
  url: `${base}/${(await make(world)).id}${suffix}`,
})

export const cases: AccessCase[] = [
  {
    route: `POST ${base}`,
    secrets,
    prepare: async (world) => ({ url: handingIn(world), payload: sheet, headers: octets }),
  },
  {
    route: `GET ${base}`,
    wrongPlace: 'ownData',
    secrets,
    prepare: async (world) => {
      await handedIn(world)
      return { url: base }
    },
  },
  {
    route: `GET ${base}/template`,
    wrongPlace: 'ownData',
    prepare: async () => ({ url: `${base}/template?kind=people` }),
  },
  { route: `GET ${base}/:id`, secrets, prepare: of(handedIn, '') },
  {
    route: `PUT ${base}/:id/mapping`,
    secrets,
    prepare: async (world) => {
      const view = await handedIn(world)
      return { url: `${base}/${view.id}/mapping`, payload: settingsOf(view) }
    },
  },
  {
    route: `POST ${base}/:id/acts`,
    secrets,
    prepare: async (world) => ({ url: `${base}/${(await handedIn(world)).id}/acts`, payload: { act: 'cancel' } }),
  },
  { route: `GET ${base}/:id/problems`, secrets, prepare: of(mapped, '/problems') },
  { route: `GET ${base}/:id/marked`, secrets, prepare: of(mapped, '/marked') },
  {
    route: 'POST /api/v1/registry/exports',
    prepare: async (world) => ({
      url: '/api/v1/registry/exports',
      payload: { list: 'people', area: world.rightPlace, reason: '核对门牌用' },
    }),
  },
]
