import { Type } from 'typebox'
import { defineFaults } from '../kernel/faults.ts'

/** Codes joined by '/', the county first: `330411/330411105/330411105201/G001/M001`. */
export const AreaPath = Type.String({ minLength: 6, maxLength: 200, pattern: '^[0-9]{6}(/[A-Za-z0-9_-]{1,24})*$' })
export const Uuid = Type.String({ format: 'uuid' })
export const Instant = Type.String({ format: 'date-time' })
export const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })
export const Version = Type.Integer({
  minimum: 1,
  description: 'Sent back with the next change; a stale one is refused.',
})
export const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])
export const IdParams = Type.Object({ id: Uuid })
export const Csv = Type.String({ description: 'text/csv' })

export const gridFaults = defineFaults({
  'grid.unknown_area': {
    status: 404,
    zh: '没有这个区域，可能已撤并。',
    en: 'There is no such area; it may have been merged or closed.',
  },
  'grid.code_taken': {
    status: 409,
    zh: '同一级里已有区域用了编码 {code}，请换一个。',
    en: 'Another area at this level has the code {code}. Please choose another.',
  },
  'grid.code_unfit': {
    status: 400,
    zh: '编码 {code} 不合本县（市、区）的编码规则 {pattern}。',
    en: 'The code {code} does not follow the county’s pattern {pattern}.',
  },
  'grid.kind_misplaced': {
    status: 409,
    zh: '{kind} 不能放在 {under} 下面。',
    en: 'A {kind} cannot lie under a {under}.',
  },
  'grid.area_in_use': {
    status: 409,
    zh: '这个区域下面还有 {areas} 个下级区域、{posts} 个岗位，请先处理好再撤销。',
    en: 'There are still {areas} areas and {posts} posts below. Please close or move them first.',
  },
  'grid.moves_into_itself': {
    status: 409,
    zh: '不能把区域移到它自己或下级里面。',
    en: 'An area cannot be moved into itself or below itself.',
  },
  'grid.change_too_large': {
    status: 409,
    zh: '这次改动牵涉 {count} 个区域，超过一次 {most} 个的上限，请分批移动下级。',
    en: 'This touches {count} areas; at most {most} can change at once. Please move the parts one by one.',
  },
  'grid.bad_boundary': {
    status: 400,
    zh: '边界不是有效的多边形：{reasonZh}',
    en: 'The boundary is not a valid polygon: {reasonEn}',
  },
  'grid.line_misses': {
    status: 400,
    zh: '这条线没有把区域分成两块：要从一边画到另一边，并且不要自己相交。',
    en: 'This line does not cut the area in two. Draw it from one side to the other, without crossing itself.',
  },
  'grid.not_drawn': {
    status: 409,
    zh: '这个区域还没有画边界，请先画，或者按楼栋来选。',
    en: 'This area has no boundary yet. Draw one first, or choose by buildings.',
  },
  'grid.split_has_below': {
    status: 409,
    zh: '这个区域下面还有 {areas} 个下级区域，不能直接拆分或合并，请先把它们移到别处。',
    en: 'There are {areas} areas below this one. Please move them first; then it can be split or merged.',
  },
  'grid.part_outside': {
    status: 400,
    zh: '“{name}”画到了原来区域的外面，或者和别的部分重叠，请重新画。',
    en: '“{name}” reaches outside the old area or lies over another part. Please draw it again.',
  },
  'grid.nothing_stays': {
    status: 400,
    zh: '原来的区域一点地方都没有留下。至少留一块，沿用原来的编码。',
    en: 'Nothing would be left of the old area. Leave at least one piece, which keeps the old code.',
  },
  'grid.merge_apart': {
    status: 409,
    zh: '只能把同一个上级下、同一类别的区域合并在一起。',
    en: 'Only areas of the same kind under the same parent can be merged.',
  },
  'grid.bad_position': {
    status: 400,
    zh: '位置不对，请重新定位或在地图上点选。',
    en: 'The position is not valid. Please locate again or pick it on the map.',
  },
  'grid.unknown_role': { status: 400, zh: '没有 {role} 这个岗位类别。', en: 'There is no role {role}.' },
  'grid.post_taken': {
    status: 409,
    zh: '这个岗位的 {slot} 岗在这段时间已经有人，请先免去。',
    en: 'Slot {slot} of this post is held in that time. Please relieve the holder first.',
  },
  'grid.holds_other_slot': {
    status: 409,
    zh: '同一个人不能又是 A 岗又是 B 岗。',
    en: 'One person cannot hold both A and B of a post.',
  },
  'grid.slot_vacant': {
    status: 409,
    zh: '这个岗位的 {slot} 岗现在没有人。',
    en: 'Nobody holds slot {slot} of this post.',
  },
  'grid.holds_seat': {
    status: 409,
    zh: '这位同事是系统、安全或审计管理员，不能同时任岗位。',
    en: 'This colleague is a system, security or audit administrator and cannot hold a post as well.',
  },
  'grid.role_change_pending': {
    status: 409,
    zh: '这个岗位类别有一项改动在等安全管理员批准，请先等结果，或者撤回那一项。',
    en: 'A change of this role is waiting for the security administrator. Wait for the answer, or withdraw it first.',
  },
  'grid.role_change_over': {
    status: 409,
    zh: '这项改动已经办过，或者等得太久失效了。',
    en: 'This change was decided already, or waited too long and is void.',
  },
  'grid.not_staff': {
    status: 400,
    zh: '只能安排本县（市、区）在用的工作人员账号。',
    en: 'Only active staff accounts of this county can hold a post.',
  },
  'grid.post_closed': { status: 409, zh: '这个岗位已经撤销。', en: 'This post is closed.' },
  'grid.already_away': {
    status: 409,
    zh: '这段时间已经登记过外出，请先改原来的。',
    en: 'An absence is already noted in that time. Please end it first.',
  },
  'grid.bad_interval': { status: 400, zh: '结束时间要晚于开始时间。', en: 'The end must come after the beginning.' },
  'grid.bad_hours': {
    status: 400,
    zh: '上班时间有误：要按先后、不重叠，写成 08:30 这样。',
    en: 'The office hours are not right: in order, not overlapping, written like 08:30.',
  },
  'grid.bad_day': { status: 400, zh: '没有这一天。', en: 'There is no such day.' },
  'grid.unknown_setting': { status: 404, zh: '没有这项设置。', en: 'There is no such setting.' },
  'grid.import_refused': {
    status: 400,
    zh: '第 {line} 行有误：{reasonZh}',
    en: 'Line {line} is not right: {reasonEn}',
  },
  'grid.search_too_short': { status: 400, zh: '请至少输入两个字。', en: 'Please type at least two characters.' },
})
