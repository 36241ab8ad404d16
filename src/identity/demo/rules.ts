const loopback = /^(127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/
const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/**
 * Whether the request comes from this very machine.
 *
 * A reverse proxy on the same machine also calls from loopback, for anybody: whatever was forwarded does not count.
 */
export const isLocal = (peer: string | undefined, headers: Record<string, unknown>): boolean =>
  loopback.test(peer ?? '') && forwarding.every((name) => headers[name] === undefined)

/** Whether this house may have one-click roles at all: made as demo, and on its own embedded database. */
export const isDemoHouse = (house: { demo: boolean; databaseUrl: string }): boolean =>
  house.demo && house.databaseUrl === ''
