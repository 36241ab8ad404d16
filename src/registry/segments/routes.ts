import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  AskQuestion,
  ChangeSegment,
  CloseSegment,
  ListSegments,
  SaveSegment,
  Segment,
  SegmentCount,
  SegmentPage,
  SegmentSample,
  SegmentTerms,
} from './contract.ts'
import {
  changeSegment,
  closeSegment,
  countNow,
  listSegments,
  sampleNow,
  saveSegment,
  segmentTerms,
  showSegment,
} from './service.ts'

const base = '/registry/segments'
const params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const config = { access: 'registry.read' } as const

export const segmentRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(`${base}/terms`, { schema: { response: { 200: SegmentTerms } }, config }, (req) => req.read(segmentTerms))
  app.get(base, { schema: { querystring: ListSegments, response: { 200: SegmentPage } }, config }, (req) =>
    req.read((cmd) => listSegments(cmd, req.query)),
  )
  app.get(`${base}/:id`, { schema: { params, response: { 200: Segment } }, config }, (req) =>
    req.read((cmd) => showSegment(cmd, req.params.id)),
  )
  app.post(base, { schema: { body: SaveSegment, response: { 201: Segment } }, config }, async (req, reply) => {
    reply.code(201)
    return req.command((cmd) => saveSegment(cmd, req.body))
  })
  app.post(`${base}/:id`, { schema: { params, body: ChangeSegment, response: { 200: Segment } }, config }, (req) =>
    req.command((cmd) => changeSegment(cmd, req.params.id, req.body)),
  )
  app.post(`${base}/:id/close`, { schema: { params, body: CloseSegment, response: { 200: Segment } }, config }, (req) =>
    req.command((cmd) => closeSegment(cmd, req.params.id, req.body)),
  )
  // Questions are asked by POST, for they do not fit into an address; they change nothing.
  app.post(`${base}/count`, { schema: { body: AskQuestion, response: { 200: SegmentCount } }, config }, (req) =>
    req.read((cmd) => countNow(cmd, req.body)),
  )
  app.post(`${base}/sample`, { schema: { body: AskQuestion, response: { 200: SegmentSample } }, config }, (req) =>
    req.read((cmd) => sampleNow(cmd, req.body)),
  )
}
