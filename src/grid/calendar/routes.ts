import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  CalendarYear,
  CountyDay,
  DayParams,
  OfficeHoursSet,
  RemoveDay,
  SetDay,
  SetHours,
  SetSetting,
  Setting,
  SettingParams,
  Settings,
  YearQuery,
} from './contract.ts'
import { readYear, removeDay, setDay, setHours } from './service.ts'
import { listSettings, setSetting } from './settings.ts'

const managing = { access: 'grid.manage', purpose: 'administration' } as const

export const calendarRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/grid/calendar',
    { schema: { querystring: YearQuery, response: { 200: CalendarYear } }, config: { access: 'signedIn' } },
    (req) => req.read((cmd) => readYear(cmd, req.query.year)),
  )
  app.put(
    '/grid/calendar/days/:day',
    { schema: { params: DayParams, body: SetDay, response: { 200: CountyDay } }, config: managing },
    (req) => req.command((cmd) => setDay(cmd, req.params.day, req.body)),
  )
  app.post(
    '/grid/calendar/days/:day/remove',
    { schema: { params: DayParams, body: RemoveDay, response: { 200: CountyDay } }, config: managing },
    (req) => req.command((cmd) => removeDay(cmd, req.params.day, req.body.version)),
  )
  app.put(
    '/grid/calendar/hours',
    { schema: { body: SetHours, response: { 200: OfficeHoursSet } }, config: managing },
    (req) => req.command((cmd) => setHours(cmd, req.body)),
  )
  app.get('/grid/settings', { schema: { response: { 200: Settings } }, config: managing }, (req) =>
    req.read(listSettings),
  )
  app.put(
    '/grid/settings/:key',
    { schema: { params: SettingParams, body: SetSetting, response: { 200: Setting } }, config: managing },
    (req) => req.command((cmd) => setSetting(cmd, req.params.key, req.body)),
  )
}
