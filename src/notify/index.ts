export { callUnits } from './effects.ts'
import type { App, Room } from '../kernel/app.ts'
import type { Ports } from '../kernel/ports.ts'
import { offerToSeat } from '../identity/index.ts'
import { calendarSweeps } from './calendar-warning.ts'
import { inboxRoutes, inboxSweeps } from './inbox/index.ts'
import { administratorHandlers } from './administrators.ts'
import { handlers } from './jobs.ts'
import { deliverDue, outboundRoutes, outboundSweeps, robotRehome } from './outbound/index.ts'
import { startPump } from './pump.ts'
import { quietRoutes } from './quiet/index.ts'
import { noteSite } from './site.ts'
import { makeSmsSender, sendDue, smsQueue, smsRoutes, smsSweeps } from './sms/index.ts'
import { wordingRoutes } from './wording/index.ts'

offerToSeat('system', 'notify.read', 'notify.manage')

/** Tells people: inbox, SMS, browsers, group robots, other systems. */
export const notify: Room = {
  name: 'notify',
  async routes(app) {
    for (const routes of [inboxRoutes, smsRoutes, outboundRoutes, quietRoutes, wordingRoutes])
      await app.register(routes)
  },
  handlers: [...handlers, ...administratorHandlers],
  sweeps: [...inboxSweeps, ...smsSweeps, ...outboundSweeps, ...calendarSweeps],
  async start(app) {
    if (!app.config.worker) return async () => {}
    const stops = [startPump(app, 'sms', sendDue), startPump(app, 'outbound', deliverDue)]
    return async () => {
      await Promise.all(stops.map((stop) => stop()))
    }
  },
}

/** The ports that this room fills in: the SMS provider that the settings name, and the outbox before it. */
export function makeNotifyPorts(app: Pick<App, 'config' | 'ports'>): Pick<Ports, 'sms' | 'smsQueue'> {
  noteSite(app.ports, app.config.publicUrl)
  app.ports.rehome.push(robotRehome)
  return { sms: makeSmsSender(app.config), smsQueue }
}
