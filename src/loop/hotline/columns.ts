import type { WantedColumn } from '../../kernel/sheet-columns.ts'

export type TicketColumn =
  | 'ticket'
  | 'calledAt'
  | 'caller'
  | 'phone'
  | 'text'
  | 'address'
  | 'town'
  | 'area'
  | 'category'
  | 'limit'

/** Headings as hotline platforms write them; the first of each is our own template's. */
export const ticketColumns: readonly WantedColumn<TicketColumn>[] = [
  {
    code: 'ticket',
    names: ['工单编号', '工单号', '工单编码', '受理编号', '受理单号', '诉求编号', '事件编号', '流水号', '编号'],
    required: true,
  },
  { code: 'calledAt', names: ['来电时间', '受理时间', '诉求时间', '登记时间', '创建时间', '来电日期', '反映时间'] },
  { code: 'caller', names: ['来电人', '来电人姓名', '诉求人', '诉求人姓名', '反映人', '联系人', '姓名', '市民姓名'] },
  {
    code: 'phone',
    names: ['联系电话', '来电号码', '来电电话', '联系方式', '手机号', '手机号码', '电话', '回访号码', '反映人电话'],
  },
  {
    code: 'text',
    names: ['诉求内容', '工单内容', '反映内容', '问题描述', '诉求描述', '事件描述', '内容', '主要内容', '来电内容'],
    required: true,
  },
  { code: 'address', names: ['诉求地址', '事发地址', '事发地点', '发生地址', '地址', '详细地址', '问题地址', '地点'] },
  { code: 'town', names: ['乡镇（街道）', '乡镇', '镇街', '街道', '所属乡镇', '所属镇街', '镇'] },
  {
    code: 'area',
    names: [
      '所属区域',
      '村社',
      '村（社区）',
      '所属村社',
      '所属社区',
      '所属村',
      '社区',
      '村',
      '区域',
      '事发区域',
      '属地',
    ],
  },
  { code: 'category', names: ['诉求类别', '诉求类型', '问题类别', '事项类别', '类别', '归口类别', '分类', '内容分类'] },
  { code: 'limit', names: ['办理时限', '办结时限', '截止时间', '办理期限', '反馈时限', '到期时间', '要求办结时间'] },
]
