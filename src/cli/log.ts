import type { Log } from '../kernel/log.ts'

const levels = ['debug', 'info', 'warn', 'error', 'silent']

const errorFields = (value: unknown): unknown =>
  value instanceof Error
    ? { name: value.name, message: value.message, code: (value as { code?: unknown }).code, stack: value.stack }
    : value

/** One JSON object a line on stderr, for people and collectors alike. */
export function jsonLog(level: string): Log {
  const least = levels.indexOf(level === 'fatal' ? 'error' : level)
  const at = (name: string) => {
    if (levels.indexOf(name) < least) return () => {}
    return (first: unknown, message?: unknown) => {
      const fields =
        typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : { message: first }
      const shown = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, errorFields(value)]))
      const line = {
        time: new Date().toISOString(),
        level: name,
        ...(message === undefined ? {} : { message }),
        ...shown,
      }
      process.stderr.write(`${JSON.stringify(line)}\n`)
    }
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } as Log
}
