import { Fault } from '../kernel/faults.ts'
import type { Form, PackContent } from './contract.ts'
import { checkKey, conditionOf } from './forms.ts'
import { loadPack, shapeProblems, UnreadablePack } from './load.ts'
import { replay } from './replay.ts'
import { checkMachine, type KnownNames, type Problem, type Report } from './check-machine.ts'
import { findList } from './rules.ts'

export type { KnownNames, Problem } from './check-machine.ts'

/**
 * Proves what can be proven of a pack without running it: its shape, that every state is reached and reaches an end, that
 * nobody confirms their own work, that each text, form, list, role and grant that is named exists, and that conditions type-check.
 *
 * @returns every problem found; none means that it may be published.
 */
export function checkContent(content: PackContent, known?: KnownNames): Problem[] {
  const shape = shapeProblems(content)
  if (shape.length > 0)
    return shape.map((problem) => ({ where: problem, zh: '格式不对。', en: 'Does not fit the format.' }))
  const problems: Problem[] = []
  const report: Report = (where, zh, en) => problems.push({ where, zh, en })
  for (const kind of content.definition.kinds) checkMachine(content, kind, report, known)
  checkForms(content, report)
  checkLists(content, report)
  checkTexts(content, report)
  return problems
}

/** Reads and checks a folder, its cases included. */
export function checkPack(folder: string, known?: KnownNames): Problem[] {
  try {
    const { content, cases } = loadPack(folder)
    const problems = checkContent(content, known)
    if (problems.length > 0) return problems
    if (cases.length === 0)
      return [
        {
          where: 'cases/',
          zh: '没有案例，无法证明流程走得通。',
          en: 'There is no case, so nothing proves that the loop works.',
        },
      ]
    return cases.flatMap((story) =>
      replay(content, story, known).map((failure) => ({ where: `cases/${story.file}`, ...failure })),
    )
  } catch (error) {
    if (!(error instanceof UnreadablePack)) throw error
    return error.problems.map((where) => ({
      where,
      zh: '读不出来或格式不对。',
      en: 'Cannot be read or does not fit the format.',
    }))
  }
}

function checkForms(content: PackContent, report: Report): void {
  const used = new Set(
    content.definition.kinds.flatMap((kind) => [kind.reportForm, ...kind.steps.map((step) => step.form)]),
  )
  for (const [name, form] of Object.entries(content.forms)) {
    const where = `forms/${name}.json`
    if (!used.has(name)) report(where, '没有步骤用到这张表单。', 'No step uses this form.')
    const fields = Object.keys(form.schema.properties)
    const laidOut = form.layout.map((item) => item.field)
    if (fields.length !== laidOut.length || fields.some((field) => !laidOut.includes(field)))
      report(where, '版面和字段对不上。', 'Layout and fields do not match.')
    for (const field of form.schema.required)
      if (!fields.includes(field)) report(where, `必填项 ${field} 不存在。`, `Required field ${field} does not exist.`)
    for (const item of form.layout) {
      if (item.list !== undefined && !findList(content, item.list))
        report(where, `清单 ${item.list} 不存在。`, `List ${item.list} does not exist.`)
      const before = laidOut.slice(0, laidOut.indexOf(item.field))
      if (item.when && !before.includes(item.when.field))
        report(
          where,
          `“${item.field}”要看的字段不在它前面。`,
          `The field that ${item.field} hangs on does not stand before it.`,
        )
      if (item.when ? form.schema.required.includes(item.field) : item.needed)
        report(
          where,
          `“${item.field}”有条件才问的用 needed，其余用 required。`,
          `${item.field}: needed goes with when, required without.`,
        )
    }
    checkConditions(name, form, report)
  }
}

function checkConditions(name: string, form: Form, report: Report): void {
  for (const check of form.checks ?? []) {
    const where = `forms/${name}.json ${check.name}`
    if (!Object.hasOwn(form.schema.properties, check.field))
      report(where, `字段 ${check.field} 不存在。`, `Field ${check.field} does not exist.`)
    try {
      conditionOf(check)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      report(where, String(error.detail['reasonZh']), String(error.detail['reasonEn']))
    }
  }
}

function checkLists(content: PackContent, report: Report): void {
  for (const list of content.definition.lists) {
    const codes = list.items.map((item) => item.code)
    for (const code of new Set(codes.filter((code, at) => codes.indexOf(code) !== at)))
      report(`${list.name}.${code}`, '编码重复。', 'Two items have this code.')
    for (const item of list.items) {
      if (item.group !== undefined && list.groups && !list.groups.some((group) => group.code === item.group))
        report(`${list.name}.${item.code}`, '所属大类不存在。', 'Its group does not exist.')
    }
  }
  for (const kind of content.definition.kinds) {
    const categories = findList(content, kind.categories)
    if (!categories)
      report(
        kind.name,
        `类别清单 ${kind.categories} 不存在。`,
        `The list of categories ${kind.categories} does not exist.`,
      )
    for (const item of categories?.items ?? []) {
      const where = `${kind.categories}.${item.code}`
      if (item.duty !== undefined && !findList(content, 'duties')?.items.some((duty) => duty.code === item.duty))
        report(where, '履职事项不存在。', 'Its duty item does not exist.')
      for (const unit of item.units ?? [])
        if (!findList(content, 'units')?.items.some((known) => known.code === unit))
          report(where, `部门 ${unit} 不存在。`, `Department ${unit} does not exist.`)
      for (const state of Object.keys(item.limits ?? {}))
        if (!kind.states.some((known) => known.name === state))
          report(where, `时限里的状态 ${state} 不存在。`, `Its limit names a state ${state} that does not exist.`)
    }
  }
}

/** The texts that a pack must have, and those that it may have. */
function textKeys(content: PackContent): { needed: Set<string>; allowed: Set<string> } {
  const needed = new Set<string>()
  const allowed = new Set<string>()
  for (const kind of content.definition.kinds) {
    needed.add(`${kind.name}.name`)
    for (const word of ['hint', 'text', 'text.hint', 'photos', 'send']) allowed.add(`${kind.name}.${word}`)
    for (const state of kind.states)
      needed.add(`${kind.name}.state.${state.name}`).add(`${kind.name}.state.${state.name}.next`)
    for (const step of kind.steps) {
      const key = `${kind.name}.move.${step.move}`
      needed.add(key).add(`${key}.done`)
      allowed.add(`${key}.hint`)
      if (step.tellReporter) needed.add(`${key}.reporter`)
      if (step.guard !== undefined) needed.add(`${key}.refused`)
    }
  }
  for (const [name, form] of Object.entries(content.forms)) {
    for (const item of form.layout) {
      const key = `form.${name}.${item.field}`
      const field = form.schema.properties[item.field]
      needed.add(key)
      allowed.add(`${key}.hint`)
      for (const value of field && 'enum' in field ? field.enum : []) needed.add(`${key}.${value}`)
    }
    for (const check of form.checks ?? []) needed.add(checkKey(name, check))
  }
  return { needed, allowed }
}

function checkTexts(content: PackContent, report: Report): void {
  const { needed, allowed } = textKeys(content)
  for (const locale of ['zh-CN', 'en'] as const) {
    const texts = content.texts[locale]
    for (const key of needed)
      if (!Object.hasOwn(texts, key)) report(`texts.${locale}.json ${key}`, '缺少这段文字。', 'This text is missing.')
    for (const [key, text] of Object.entries(texts)) {
      const where = `texts.${locale}.json ${key}`
      if (!needed.has(key) && !allowed.has(key)) report(where, '没有地方用到这段文字。', 'Nothing uses this text.')
      if (/\p{Script=Han}/u.test(text) !== (locale === 'zh-CN'))
        report(where, '文字的语言不对。', 'The text is in the wrong language.')
    }
  }
}
