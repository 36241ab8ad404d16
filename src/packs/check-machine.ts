import { Fault } from '../kernel/faults.ts'
import type { Kind, PackContent, Step } from './contract.ts'
import { guardOf } from './rules.ts'

/** Where, and what is wrong, for whoever wrote the pack. */
export interface Problem {
  readonly where: string
  readonly zh: string
  readonly en: string
}

/** What exists outside the pack and what it may name. */
export interface KnownNames {
  /** Role → what it may do. */
  readonly roles: ReadonlyMap<string, readonly string[]>
  readonly actions: readonly string[]
  readonly effects: readonly string[]
}

export type Report = (where: string, zh: string, en: string) => void

/** What can be proven of one kind's steps: where they lead, who takes them, when the clock runs. */
export function checkMachine(content: PackContent, kind: Kind, report: Report, known: KnownNames | undefined): void {
  checkStates(kind, report)
  for (const step of kind.steps) checkStep(content, kind, step, report)
  checkWays(kind, report)
  checkLinks(content, kind, report)
  if (known) checkNames(content, kind, known, report)
}

const nameOf = (kind: Kind, step: Step): string => `${kind.name}: ${step.from ?? '·'} –${step.move}→ ${step.to}`

function checkStates(kind: Kind, report: Report): void {
  const names = kind.states.map((state) => state.name)
  for (const name of new Set(names.filter((name, at) => names.indexOf(name) !== at))) {
    report(`${kind.name}.${name}`, '状态重名。', 'Two states have this name.')
  }
  const firsts = kind.steps.filter((step) => step.from === null)
  if (firsts.length !== 1)
    report(kind.name, '要有且只有一个上报步骤（from 为 null）。', 'There must be exactly one first step (from: null).')
  for (const state of kind.states) {
    if (state.end !== (state.tone === 'done' || state.tone === 'void' ? true : undefined)) {
      report(
        `${kind.name}.${state.name}`,
        '办结、作废的状态要标明是终点，其他状态不能是终点。',
        'States of tone done or void are ends, others are not.',
      )
    }
    if (!state.end && !kind.steps.some((step) => step.from === state.name && step.by !== 'reporter')) {
      report(
        `${kind.name}.${state.name}`,
        '只能等反映人操作，工作人员无法推进。',
        'Only the reporter can lead on from here; staff are stuck.',
      )
    }
  }
  const keys = kind.steps.map((step) => `${step.from} ${step.move}`)
  for (const key of new Set(keys.filter((key, at) => keys.indexOf(key) !== at))) {
    report(`${kind.name}: ${key}`, '同一状态下有两个同名步骤。', 'Two steps of one state have the same move.')
  }
}

function checkStep(content: PackContent, kind: Kind, step: Step, report: Report): void {
  const where = nameOf(kind, step)
  const to = kind.states.find((state) => state.name === step.to)
  const from = kind.states.find((state) => state.name === step.from)
  if (!to || (step.from !== null && !from))
    return report(where, '起点或终点状态不存在。', 'The state it begins in or leads to does not exist.')
  if ((step.clock === 'start') !== (step.due !== undefined))
    report(where, '开始计时要有时限，其余不能有。', 'A step that starts the clock has a limit, others have none.')
  if (to.end !== (step.clock === 'stop' ? true : undefined))
    report(where, '到终点要停止计时，其他步骤不能停止。', 'The clock stops at an end and nowhere else.')
  if (to.end !== (step.assign.to === 'nobody' ? true : undefined))
    report(where, '只有终点不落在任何人手上。', 'Only an end is in nobody’s hands.')
  if ((step.clock === 'pause') !== (to.tone === 'parked' && from?.tone !== 'parked'))
    report(
      where,
      '进入暂停状态要暂停计时，反之亦然。',
      'A step into a parked state pauses the clock, and no other does.',
    )
  const units = content.definition.lists.find((list) => list.name === 'units')?.items ?? []
  for (const unit of step.assign.to === 'post' ? (step.assign.units ?? []) : [])
    if (!units.some(({ code }) => code === unit))
      report(where, `部门 ${unit} 不存在。`, `Department ${unit} does not exist.`)
  if (step.clock === 'resume' && from?.tone !== 'parked')
    report(where, '没有暂停，不能恢复计时。', 'The clock can only resume from a parked state.')
  if ((step.grant === null) !== (step.by === 'reporter' || step.by === 'system'))
    report(
      where,
      '工作人员的步骤要有权限，反映人和系统的没有。',
      'Steps of staff need a grant; those of reporter and system have none.',
    )
  if (step.form !== undefined && !Object.hasOwn(content.forms, step.form))
    report(where, `表单 ${step.form} 不存在。`, `Form ${step.form} does not exist.`)
  const form = step.form === undefined ? undefined : content.forms[step.form]
  const reason = form?.layout.find((item) => item.reason)
  if (
    (step.clock === 'pause' || step.clock === 'extend') &&
    !(reason && form?.schema.required.includes(reason.field))
  ) {
    report(where, '暂停、延期必须写明原因。', 'A pause or an extension needs a required reason in its form.')
  }
  if (
    step.clock === 'extend' &&
    !(form?.schema.properties['days']?.type === 'integer' && form.schema.required.includes('days'))
  ) {
    report(where, '延期的表单要有必填的天数 days。', 'The form of an extension needs a required integer `days`.')
  }
  checkTimes(content, kind, step, report)
  try {
    guardOf(step)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    report(`${where} guard`, String(error.detail['reasonZh']), String(error.detail['reasonEn']))
  }
}

/** Planned times are fields that somebody fills in before; what the system does by itself asks nobody anything. */
function checkTimes(content: PackContent, kind: Kind, step: Step, report: Report): void {
  const where = nameOf(kind, step)
  const isInstant = (form: string | undefined, field: string): boolean => {
    const rule = form === undefined ? undefined : content.forms[form]?.schema.properties[field]
    return rule !== undefined && 'format' in rule && (rule.format === 'date' || rule.format === 'datetime')
  }
  const known = (field: string): boolean => kind.steps.some((other) => isInstant(other.form, field))
  if (step.clockFrom !== undefined && (step.clock !== 'start' || !known(step.clockFrom)))
    report(
      where,
      '计时起点要是某张表单里的日期时间，且这一步开始计时。',
      'clockFrom is a date of some form, on a step that starts the clock.',
    )
  if (step.opens && !known(step.opens.at))
    report(where, '开放时间要是某张表单里的日期时间。', 'opens.at is a date of some form.')
  if (step.by !== 'system' || step.from === null) return
  const { assign } = step
  if (
    !step.opens ||
    step.form !== undefined ||
    step.photo !== undefined ||
    assign.to === 'chosen' ||
    step.to === step.from
  )
    report(
      where,
      '系统的步骤要有开放时间，不能有表单、照片、选人，也不能留在原状态。',
      'A step by the system has a time at which it opens, no form, photo or choice, and leads elsewhere.',
    )
}

function checkLinks(content: PackContent, kind: Kind, report: Report): void {
  for (const link of kind.links ?? []) {
    const other = content.definition.kinds.find(({ name }) => name === link.kind)
    const states = other?.states.map(({ name }) => name) ?? []
    if (!other || link.states.some((state) => !states.includes(state)))
      report(`${kind.name} links`, '关联的类别或状态不存在。', 'The kind or state that it is tied to does not exist.')
    const forms = Object.entries(content.forms).filter(([name]) => other?.steps.some((step) => step.form === name))
    for (const field of [link.from, link.until])
      if (field !== undefined && !forms.some(([, form]) => Object.hasOwn(form.schema.properties, field)))
        report(`${kind.name} links`, `关联用的字段 ${field} 不存在。`, `The field ${field} does not exist.`)
  }
}

function reachable(steps: readonly Step[], starts: readonly string[]): Set<string> {
  const seen = new Set(starts)
  for (let grew = true; grew;) {
    grew = false
    for (const step of steps) {
      if (step.from === null || !seen.has(step.from) || seen.has(step.to)) continue
      seen.add(step.to)
      grew = true
    }
  }
  return seen
}

function checkWays(kind: Kind, report: Report): void {
  const starts = kind.steps.filter((step) => step.from === null).map((step) => step.to)
  const seen = reachable(kind.steps, starts)
  for (const state of kind.states) {
    if (!seen.has(state.name))
      report(`${kind.name}.${state.name}`, '从上报走不到这个状态。', 'This state cannot be reached from the report.')
    const onward = reachable(kind.steps, [state.name])
    if (![...onward].some((name) => kind.states.find((other) => other.name === name)?.end)) {
      report(`${kind.name}.${state.name}`, '从这个状态走不到终点。', 'No end can be reached from this state.')
    }
  }
  // Reopened matters begin anew, so ends do not lead on here.
  const ends = new Set(kind.states.filter((state) => state.end).map((state) => state.name))
  const unconfirmed = kind.steps.filter(
    (step) => step.differentPersonFrom === undefined && !(step.from !== null && ends.has(step.from)),
  )
  for (const name of reachable(unconfirmed, starts)) {
    if (kind.states.find((state) => state.name === name)?.tone === 'done') {
      report(
        `${kind.name}.${name}`,
        '有一条路不经另一人核查就办结了。',
        'There is a way to be closed without anybody else confirming it.',
      )
    }
  }
}

function checkNames(content: PackContent, kind: Kind, known: KnownNames, report: Report): void {
  const role = (where: string, name: string): void => {
    if (!known.roles.has(name)) report(where, `没有“${name}”这个岗位。`, `There is no role ${name}.`)
  }
  for (const step of kind.steps) {
    const where = nameOf(kind, step)
    if (step.grant !== null && !known.actions.includes(step.grant))
      report(where, `没有“${step.grant}”这项权限。`, `There is no grant ${step.grant}.`)
    const roles =
      step.assign.to === 'post'
        ? [step.assign.role, ...(step.assign.orElse ?? [])]
        : step.assign.to === 'chosen'
          ? step.assign.roles
          : []
    for (const name of roles) role(where, name)
    for (const effect of step.effects ?? [])
      if (!known.effects.includes(effect.name))
        report(where, `没有“${effect.name}”这个动作。`, `There is no effect ${effect.name}.`)
  }
  for (const { code, first } of content.definition.lists.find((list) => list.name === kind.categories)?.items ?? [])
    for (const name of first ? [first.role, ...(first.orElse ?? [])] : []) role(`${kind.categories}.${code}`, name)
  for (const name of kind.entry?.roles ?? []) role(`${kind.name} entry`, name)
  for (const state of kind.states)
    for (const level of state.escalation ?? []) role(`${kind.name}.${state.name}`, level.role)
  checkHands(kind, known, report)
}

/** Whoever a step hands the matter to must be able to lead it on, else it lies there. */
function checkHands(kind: Kind, known: KnownNames, report: Report): void {
  for (const step of kind.steps) {
    const roles =
      step.assign.to === 'post'
        ? [step.assign.role, ...(step.assign.orElse ?? [])]
        : step.assign.to === 'chosen'
          ? step.assign.roles
          : []
    const onward = kind.steps.filter((next) => next.from === step.to && next.by === 'holder')
    for (const name of roles) {
      const may = known.roles.get(name)
      if (may && onward.length > 0 && !onward.some((next) => next.grant !== null && may.includes(next.grant))) {
        report(
          nameOf(kind, step),
          `“${name}”接到以后没有权限办任何一步。`,
          `${name} gets it but holds no grant to lead it on.`,
        )
      }
    }
  }
}
