import type { EffectHandler } from '../kernel/ports.ts'
import { holdersOf } from '../grid/index.ts'
import { labelsOf, writtenAt } from '../loop/index.ts'
import { tell } from './service.ts'

/**
 * `notify.call_units` {field, role}: tells the departments that the step's form names (吹哨报到) that they are called to a
 * matter; a department without anybody in office is passed over, for the dispatcher sees the list.
 */
export const callUnits: EffectHandler = {
  name: 'notify.call_units',
  async run(cmd, { args, entryId, subjectId, subjectVersion }) {
    const [{ areaPath, form }, labels] = await Promise.all([
      writtenAt(cmd, subjectId, subjectVersion),
      labelsOf(cmd, [subjectId]),
    ])
    const matter = labels.get(subjectId)
    const named = form[String(args['field'])]
    if (!matter || !Array.isArray(named)) return
    const called = await Promise.all(
      named.map((unit) => holdersOf(cmd, String(args['role']), areaPath, undefined, String(unit))),
    )
    await tell(cmd, {
      topic: 'loop.units_called',
      entryId,
      params: { number: matter.number, kind: { zh: matter.kindZh, en: matter.kindEn } },
      accountIds: called.flat(),
      subject: { kind: 'matter', id: subjectId },
    })
  },
}
