import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Csv, IdParams } from '../contract.ts'
import {
  Absence,
  Absences,
  AskPlace,
  AskResponsible,
  AssignPost,
  ClosePost,
  CreatePost,
  DeclareAbsence,
  EndAbsence,
  FindStaff,
  FoundResponsible,
  FoundStaff,
  HolderHistory,
  ImportedPosts,
  ImportPosts,
  ListAbsences,
  ListPosts,
  MyPosts,
  PlaceDuty,
  Post,
  Posts,
  RelievePost,
  Roles,
  SetDuties,
  SheetOfPosts,
  Unmask,
  Unmasked,
} from './contract.ts'
import {
  findStaffByName,
  listAbsences,
  listMyPosts,
  listPosts,
  listRoles,
  readHolders,
  readPlaceDuty,
  readResponsible,
} from './queries.ts'
import {
  assignPost,
  closePost,
  createPost,
  declareAbsence,
  endAbsence,
  relievePost,
  setDuties,
  unmaskHolder,
} from './service.ts'
import { importPosts, postsSheet, PostsDryRun } from './sheet.ts'

/** 2,000 rows of a sheet are larger than the usual body. */
const LARGE_BODY_BYTES = 4 * 1024 * 1024
const reading = { access: 'grid.read' } as const
const managing = { access: 'grid.manage', purpose: 'administration' } as const
/** One's own posts and absences; for others' absences the service asks for grid.manage. */
const staff = { access: 'staff' } as const
const staffOffice = { access: 'staff', purpose: 'administration' } as const

export const postRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/grid/posts', { schema: { querystring: ListPosts, response: { 200: Posts } }, config: reading }, (req) =>
    req.read((cmd) => listPosts(cmd, req.query)),
  )
  app.get('/grid/posts/mine', { schema: { response: { 200: MyPosts } }, config: staff }, (req) => req.read(listMyPosts))
  app.get(
    '/grid/posts/sheet',
    { schema: { querystring: SheetOfPosts, response: { 200: Csv } }, config: reading },
    async (req, reply) => {
      const text = await req.read((cmd) => postsSheet(cmd, req.query))
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="posts.csv"')
        .send(text)
    },
  )
  app.post(
    '/grid/posts/import',
    { schema: { body: ImportPosts, response: { 200: ImportedPosts } }, config: managing, bodyLimit: LARGE_BODY_BYTES },
    (req) =>
      req
        .command((cmd) => importPosts(cmd, req.body))
        .catch((error: unknown) => {
          if (error instanceof PostsDryRun) return error.counts
          throw error
        }),
  )
  app.get(
    '/grid/posts/:id/holders',
    { schema: { params: IdParams, response: { 200: HolderHistory } }, config: reading },
    (req) => req.read((cmd) => readHolders(cmd, req.params.id)),
  )
  app.get(
    '/grid/responsible',
    { schema: { querystring: AskResponsible, response: { 200: FoundResponsible } }, config: reading },
    (req) => req.read((cmd) => readResponsible(cmd, req.query)),
  )
  app.get('/grid/duty', { schema: { querystring: AskPlace, response: { 200: PlaceDuty } }, config: reading }, (req) =>
    req.read((cmd) => readPlaceDuty(cmd, req.query)),
  )
  app.get(
    '/grid/staff',
    { schema: { querystring: FindStaff, response: { 200: FoundStaff } }, config: managing },
    (req) => req.read((cmd) => findStaffByName(cmd, req.query)),
  )
  app.post('/grid/posts', { schema: { body: CreatePost, response: { 200: Post } }, config: managing }, (req) =>
    req.command((cmd) => createPost(cmd, req.body)),
  )
  app.put(
    '/grid/posts/:id/duties',
    { schema: { params: IdParams, body: SetDuties, response: { 200: Post } }, config: managing },
    (req) => req.command((cmd) => setDuties(cmd, req.params.id, req.body)),
  )
  app.post(
    '/grid/posts/:id/close',
    { schema: { params: IdParams, body: ClosePost, response: { 200: Post } }, config: managing },
    (req) => req.command((cmd) => closePost(cmd, req.params.id, req.body)),
  )
  app.post(
    '/grid/posts/:id/assign',
    { schema: { params: IdParams, body: AssignPost, response: { 200: Post } }, config: managing },
    (req) => req.command((cmd) => assignPost(cmd, req.params.id, req.body)),
  )
  app.post(
    '/grid/posts/:id/relieve',
    { schema: { params: IdParams, body: RelievePost, response: { 200: Post } }, config: managing },
    (req) => req.command((cmd) => relievePost(cmd, req.params.id, req.body)),
  )
  app.post(
    '/grid/posts/:id/unmask',
    {
      schema: { params: IdParams, body: Unmask, response: { 200: Unmasked } },
      config: { access: 'grid.unmask', idempotency: 'off' },
    },
    (req) => req.command((cmd) => unmaskHolder(cmd, req.params.id, req.body)),
  )
  app.get(
    '/grid/absences',
    { schema: { querystring: ListAbsences, response: { 200: Absences } }, config: staffOffice },
    (req) => req.read((cmd) => listAbsences(cmd, req.query)),
  )
  app.post(
    '/grid/absences',
    { schema: { body: DeclareAbsence, response: { 200: Absence } }, config: staffOffice },
    (req) => req.command((cmd) => declareAbsence(cmd, req.body)),
  )
  app.post(
    '/grid/absences/:id/end',
    { schema: { params: IdParams, body: EndAbsence, response: { 200: Absence } }, config: staffOffice },
    (req) => req.command((cmd) => endAbsence(cmd, req.params.id, req.body)),
  )
  app.get(
    '/grid/roles',
    { schema: { response: { 200: Roles } }, config: { ...reading, purpose: 'administration' } },
    (req) => req.read(listRoles),
  )
}
