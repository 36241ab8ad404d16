import { countiesOf, type App } from '../kernel/app.ts'
import type { Sweep } from '../kernel/jobs.ts'
import { keepHead, stampHead } from './heads.ts'

async function forEachCounty(app: App, work: (county: string) => Promise<unknown>): Promise<void> {
  const errors: unknown[] = []
  for (const { code } of await countiesOf(app)) await work(code).catch((error: unknown) => errors.push(error))
  if (errors.length > 0) throw new AggregateError(errors, 'some counties failed')
}

export const sweeps: readonly Sweep[] = [
  { name: 'ledger.keep_heads', everySeconds: 60, run: (app) => forEachCounty(app, (county) => keepHead(app, county)) },
  {
    name: 'ledger.stamp_heads',
    everySeconds: 3600,
    run: (app) => forEachCounty(app, (county) => stampHead(app, county)),
  },
]
