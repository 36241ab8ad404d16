/** The pages behind the sign-in, as one piece to load. */
import '../shared/matter/matter.css'

export { InboxPage } from './inbox.tsx'
export { MePage } from './me.tsx'
export { MinePage, MyMatterPage } from './mine.tsx'
export { OutboxPage } from './outbox.tsx'
export { ReportPage } from './report.tsx'
export { TaskPage } from './task.tsx'
export { TasksPage } from './tasks.tsx'
