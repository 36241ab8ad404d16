import type { ReactNode } from 'react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { read } from './api.ts'
import type { County } from './county.ts'
import { rememberCounties } from './county.ts'
import { restoreLanguage } from './i18n/text.ts'
import { restoreElder } from './preferences.ts'
import { finishSignOut } from './sign-in/session.ts'
import { ensureChineseFont } from './theme/chinese-font.ts'
import { Notices } from './ui/notice.tsx'
import 'virtual:theme.css'
import './theme/base.css'
import './ui/ui.css'

/** Brings a face up: language, large type, font, county and what the face `prepared` are settled before the first thing is drawn. */
export async function start(face: ReactNode, prepared: Promise<unknown> = Promise.resolve()): Promise<void> {
  restoreElder()
  await Promise.all([restoreLanguage(), learnCounties().then(finishSignOut), prepared])
  const root = document.getElementById('root')
  if (!root) throw new Error('the page has no #root')
  createRoot(root).render(
    <StrictMode>
      {face}
      <Notices />
    </StrictMode>,
  )
  // After the first picture: it is not made to wait for what hardly any browser needs.
  requestAnimationFrame(() => setTimeout(() => void ensureChineseFont(), 0))
}

/** Which counties serve here. A page whose server does not answer is drawn all the same; its own reads say what is wrong. */
async function learnCounties(): Promise<void> {
  const served = await read<{ items: County[]; demo: boolean; home: string | null }>('/counties').catch(() => null)
  if (served) rememberCounties(served.items, served.demo, served.home)
}
