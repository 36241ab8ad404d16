import { defineFaults } from '../kernel/faults.ts'

defineFaults({
  'registry.name_needed': { status: 400, zh: '请填写姓名或名称。', en: 'Please give a name.' },
})
