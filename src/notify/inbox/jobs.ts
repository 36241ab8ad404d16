import { countiesOf } from '../../kernel/app.ts'
import { runSystem } from '../../kernel/command.ts'
import type { Sweep } from '../../kernel/jobs.ts'
import { deleteOldMessages } from './store.ts'

const DAY_MS = 86_400_000
/** Messages are kept a year; what they are about stays where it belongs. */
const KEEP_DAYS = 365

export const inboxSweeps: Sweep[] = [
  {
    name: 'notify.forget_inbox',
    everySeconds: 6 * 3600,
    async run(app) {
      for (const { code } of await countiesOf(app)) {
        await runSystem(app, code, (cmd) =>
          deleteOldMessages(cmd.tx, cmd.county, new Date(cmd.now.getTime() - KEEP_DAYS * DAY_MS)),
        )
      }
    },
  },
]
