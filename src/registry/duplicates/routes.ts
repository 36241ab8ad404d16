import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { uuid } from '../contract.ts'
import {
  AskPair,
  Decided,
  DuplicatePage,
  KeepApart,
  ListDuplicates,
  ListMerges,
  MergePage,
  MergePeople,
  PairView,
  SplitOff,
  SplitPerson,
  Undone,
  UndoMerge,
} from './contract.ts'
import { keepApart, mergePeople, splitPerson, undoMerge } from './service.ts'
import { listDuplicates, listMerges, showPair } from './views.ts'

const params = Type.Object({ id: uuid })
const config = { access: 'registry.merge' } as const
const Made = Type.Object({ id: uuid, keptVersion: Type.Integer() })

export const duplicateRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/registry/duplicates',
    { schema: { querystring: ListDuplicates, response: { 200: DuplicatePage } }, config },
    (req) => req.read((cmd) => listDuplicates(cmd, req.query)),
  )
  app.get(
    '/registry/duplicates/pair',
    { schema: { querystring: AskPair, response: { 200: PairView } }, config },
    (req) => req.read((cmd) => showPair(cmd, req.query.one, req.query.other)),
  )
  app.post(
    '/registry/duplicates/different',
    { schema: { body: KeepApart, response: { 200: Decided } }, config },
    (req) => req.command((cmd) => keepApart(cmd, req.body)),
  )
  app.get('/registry/merges', { schema: { querystring: ListMerges, response: { 200: MergePage } }, config }, (req) =>
    req.read((cmd) => listMerges(cmd, req.query)),
  )
  app.post('/registry/merges', { schema: { body: MergePeople, response: { 200: Made } }, config }, (req) =>
    req.command((cmd) => mergePeople(cmd, req.body)),
  )
  app.post(
    '/registry/merges/:id/undo',
    { schema: { params, body: UndoMerge, response: { 200: Undone } }, config },
    (req) => req.command((cmd) => undoMerge(cmd, req.params.id, req.body)),
  )
  app.post(
    '/registry/people/:id/split',
    { schema: { params, body: SplitPerson, response: { 200: SplitOff } }, config },
    (req) => req.command((cmd) => splitPerson(cmd, req.params.id, req.body)),
  )
}
