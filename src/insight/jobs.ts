import { countiesOf } from '../kernel/app.ts'
import type { Sweep } from '../kernel/jobs.ts'
import { countRecounted } from './counting.ts'

export const insightSweeps: Sweep[] = [
  {
    name: 'insight.count_recounted',
    everySeconds: 600,
    async run(app) {
      for (const { code } of await countiesOf(app)) await countRecounted(app, code)
    },
  },
]
