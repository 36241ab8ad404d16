import { peopleWords } from './words-people.ts'
import { placeWords } from './words-places.ts'

/** What is drawn on the demo's pictures; see pictures.ts. */
export type Scene =
  | 'rubbish'
  | 'road'
  | 'river'
  | 'tree'
  | 'wall'
  | 'lamp'
  | 'manhole'
  | 'pipe'
  | 'bench'
  | 'stall'
  | 'car'
  | 'shed'
  | 'bike'
  | 'pole'
  | 'fire'
  | 'site'

/** How people of the demo speak about one category. `{spot}`, `{n}`, `{days}` and `{time}` are filled in. */
export interface CategoryWords {
  /** Code of the pack's category. */
  code: string
  /** How often it comes, against the others. */
  weight: number
  /** The share that the grid cannot solve and the town sends to a department. */
  toTown: number
  unit: string
  /** Categories that want a photo as evidence have one. */
  scene?: Scene
  /** More or less often in a month of the year (1–12). */
  months?: Partial<Record<number, number>>
  method?: 'onSite' | 'mediation' | 'phone'
  says: readonly string[]
  does: readonly string[]
}

export const words: readonly CategoryWords[] = [...placeWords, ...peopleWords]

export const spots = [
  '村口',
  '文化礼堂门口',
  '便民服务中心旁',
  '菜场东门',
  '幼儿园后门',
  '公交站边',
  '小公园',
  '河埠头',
  '老供销社旁边',
  '卫生室对面',
  '健身广场',
  '桥头',
  '快递驿站门口',
  '停车场出口',
  '{n}组路口',
  '{n}组晒谷场',
  '{n}号门前',
  '{n}号屋后',
  '{n}幢楼下',
  '{n}幢东单元',
  '{n}幢车库入口',
] as const

export const tails = [
  '',
  '',
  '',
  '希望尽快处理。',
  '老人小孩多，不安全。',
  '已经跟物业说过，没有用。',
  '邻居们都有意见。',
  '麻烦来看一下，谢谢。',
  '上次说过一次，好了几天又这样。',
  '照片是今天早上拍的。',
  '能不能给个准信？',
] as const

export const praise = [
  '处理得很快，谢谢。',
  '第二天就有人来了，满意。',
  '工作人员态度很好，说得清楚。',
  '问题解决了，给你们点赞。',
  '灯亮了，老人走路放心了。',
  '',
  '',
  '',
] as const
export const soso = ['解决是解决了，就是等得久了点。', '希望以后能早点发现。', '一般，还要再看看。', ''] as const
export const blame = [
  '只清了一半，过两天又堆起来了。',
  '打过两次电话才有人来，而且没有真正修好。',
  '说好了不再吵，昨天晚上又到十一点。',
  '现场没人来看就说办结了。',
] as const

export const fileNotes = [
  '网格解决不了，需要部门处理。',
  '已到现场看过，涉及产权单位，请镇里协调。',
  '当事人不配合，需要有执法权的部门出面。',
  '需要专业队伍和设备，网格没有条件。',
] as const
export const dispatchNotes = [
  '请按时限办理，办好拍照反馈。',
  '请先联系反映人，再到现场。',
  '群众反映较多，请抓紧。',
  '',
] as const
export const seenNotes = [
  '现场看过，问题已经解决。',
  '打电话问过反映人，认可处理结果。',
  '对照照片看过，和反馈一致。',
] as const
export const closeNotes = ['材料齐全，同意结案。', '核查通过，归档。', ''] as const
