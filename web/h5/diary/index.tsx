import type { DiaryTerms } from '../../../src/duty/diary/contract.ts'
import { DiaryEntryPage } from './entry.tsx'
import { DiaryListPage } from './list.tsx'
import { WriteDiaryPage } from './write.tsx'

/** The pages under /h5/diary. */
export function DiarySection({ pathname, terms }: { pathname: string; terms: DiaryTerms }) {
  const id = /^\/h5\/diary\/([0-9a-f-]{36})$/.exec(pathname)?.[1]
  if (id) return <DiaryEntryPage id={id} terms={terms} key={id} />
  if (pathname === '/h5/diary/new' && terms.mayWrite) return <WriteDiaryPage terms={terms} />
  return <DiaryListPage terms={terms} />
}
