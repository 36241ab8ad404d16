import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { requireGrant } from '../kernel/grants.ts'
import { PageQuery } from '../kernel/pages.ts'
import {
  Consistency,
  EntryQuery,
  FailedJobPage,
  HeadPage,
  LedgerEntryPage,
  Proof,
  ProofList,
  PublicKeys,
  RetryJob,
  SignedHead,
  StartedVerification,
  Verifications,
  Workings,
} from './contract.ts'
import { consistencyOf, currentHead, historyOf, keptHeads, proofOf, proofsOfSubject, publicKeys } from './proofs.ts'
import { soughtEntries } from './acts.ts'
import { signerOf } from './sealer.ts'
import { failedJobs, retryJob } from './service.ts'
import { readVerifications, readWorkings, startVerification } from './workings.ts'

const entryParams = Type.Object({ id: Type.String({ format: 'uuid' }) })
const sizes = Type.Object({
  old_size: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  size: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  county: Type.Optional(Type.String()),
})
const publicPage = Type.Object({ ...PageQuery.properties, county: Type.Optional(Type.String()) })
const countyQuery = Type.Object({ county: Type.Optional(Type.String()) })

/** The ledger of a county is read as a whole: the grant is asked for at the county. */
export const ledgerRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const reading = { access: 'ledger.read' } as const
  const open = { access: 'public' } as const

  app.get(
    '/ledger/entries',
    { schema: { querystring: EntryQuery, response: { 200: LedgerEntryPage } }, config: reading },
    (req) =>
      req.read((cmd) => {
        requireGrant(cmd, 'ledger.read', cmd.county)
        return soughtEntries(cmd, req.query)
      }),
  )
  app.get(
    '/ledger/subjects/:id/entries',
    { schema: { params: entryParams, querystring: PageQuery, response: { 200: LedgerEntryPage } }, config: reading },
    (req) =>
      req.read((cmd) => {
        requireGrant(cmd, 'ledger.read', cmd.county)
        return historyOf(cmd, req.params.id, req.query)
      }),
  )
  app.get(
    '/ledger/subjects/:id/proofs',
    { schema: { params: entryParams, response: { 200: ProofList } }, config: reading },
    (req) =>
      req.read(async (cmd) => {
        requireGrant(cmd, 'ledger.read', cmd.county)
        return { items: await proofsOfSubject(cmd, req.params.id) }
      }),
  )
  app.get(
    '/ledger/entries/:id/proof',
    { schema: { params: entryParams, response: { 200: Proof } }, config: reading },
    (req) =>
      req.read((cmd) => {
        requireGrant(cmd, 'ledger.read', cmd.county)
        return proofOf(cmd, req.params.id)
      }),
  )
  app.get(
    '/ledger/consistency',
    { schema: { querystring: sizes, response: { 200: Consistency } }, config: open },
    (req) =>
      req.read((cmd) => consistencyOf(cmd, signerOf(app.ctx), { oldSize: req.query.old_size, size: req.query.size })),
  )
  app.get(
    '/ledger/head',
    { schema: { querystring: countyQuery, response: { 200: SignedHead } }, config: open },
    (req) => req.read(currentHead),
  )
  app.get('/ledger/heads', { schema: { querystring: publicPage, response: { 200: HeadPage } }, config: open }, (req) =>
    req.read((cmd) => keptHeads(cmd, req.query)),
  )
  app.get(
    '/ledger/keys',
    { schema: { querystring: countyQuery, response: { 200: PublicKeys } }, config: open },
    (req) => req.read(publicKeys),
  )
  const repairing = { access: 'ledger.repair', purpose: 'administration' } as const
  app.get(
    '/ledger/failed-jobs',
    { schema: { querystring: PageQuery, response: { 200: FailedJobPage } }, config: repairing },
    (req) => req.read((cmd) => failedJobs(cmd, req.query)),
  )
  app.post(
    '/ledger/failed-jobs/retries',
    { schema: { body: RetryJob, response: { 200: RetryJob } }, config: repairing },
    (req) => req.command((cmd) => retryJob(cmd, req.body)),
  )
  app.get('/ledger/workings', { schema: { response: { 200: Workings } }, config: repairing }, (req) =>
    req.read(readWorkings),
  )
  const verifying = { access: 'ledger.verify', purpose: 'audit' } as const
  app.get('/ledger/verifications', { schema: { response: { 200: Verifications } }, config: verifying }, (req) =>
    req.read((cmd) => readVerifications(app.ctx, cmd)),
  )
  app.post(
    '/ledger/verifications',
    { schema: { body: Type.Object({}), response: { 200: StartedVerification } }, config: verifying },
    (req) => req.read(async (cmd) => startVerification(app.ctx, cmd)),
  )
}
