import { addTexts } from '../shared/i18n/text.ts'
import { zhDesk } from '../shared/i18n/zh-CN.desk.ts'
import { start } from '../shared/start.tsx'
import { ConsoleFace } from './face.tsx'
import '../shared/matter/matter.css'
import './console.css'

addTexts(zhDesk)
void start(<ConsoleFace />)
