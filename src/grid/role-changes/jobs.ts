import { countiesOf, type App } from '../../kernel/app.ts'
import { runSystem } from '../../kernel/command.ts'
import type { Sweep } from '../../kernel/jobs.ts'
import { expireChanges } from './service.ts'

async function run(app: App): Promise<void> {
  for (const { code } of await countiesOf(app)) {
    for (let round = 0; round < 100; round++) if ((await runSystem(app, code, expireChanges)) === 0) break
  }
}

export const roleChangeSweeps: readonly Sweep[] = [{ name: 'grid.expire_role_changes', everySeconds: 600, run }]
