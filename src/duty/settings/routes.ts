import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { DutySettings, SetDiaryKinds, SetDutyPhones } from './contract.ts'
import { setDiaryKinds, setDutyPhones, showDutySettings } from './service.ts'

const managing = { access: 'grid.manage' } as const
const answer = { response: { 200: DutySettings } }

/** What a county sets for its people on duty: kinds of diary entries, time of keeping, duty phones. */
export const dutySettingsRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/duty/settings', { schema: answer, config: managing }, (req) => req.read(showDutySettings))
  app.put('/duty/settings/diary', { schema: { body: SetDiaryKinds, ...answer }, config: managing }, (req) =>
    req.command((cmd) => setDiaryKinds(cmd, req.body)),
  )
  app.put('/duty/settings/phones', { schema: { body: SetDutyPhones, ...answer }, config: managing }, (req) =>
    req.command((cmd) => setDutyPhones(cmd, req.body)),
  )
}
