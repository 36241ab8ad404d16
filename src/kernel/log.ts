import type { FastifyBaseLogger } from 'fastify'

/** The structured log. Never hand it names, phones, ID numbers or texts that people typed: ids and codes only. */
export type Log = Pick<FastifyBaseLogger, 'info' | 'warn' | 'error' | 'debug'>

/** A log that keeps quiet, for tests. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} }
