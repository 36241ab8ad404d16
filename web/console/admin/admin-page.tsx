import { Tabs } from 'antd'
import { useText } from '../../shared/i18n/text.ts'
import { useMe } from '../me-context.ts'
import { ConsolePage } from '../page.tsx'
import { Accounts } from './accounts.tsx'
import { SignIns } from './sign-ins.tsx'
import { Tokens } from './tokens.tsx'

/** For the three administrators: each sees what the seat allows, the rest says who else to ask. */
export function AdminPage() {
  const t = useText()
  const audits = useMe().seats.includes('audit')
  return (
    <ConsolePage title={t('nav.admin')}>
      <Tabs
        destroyOnHidden
        items={[
          { key: 'accounts', label: t('admin.accounts'), children: <Accounts /> },
          ...(audits ? [{ key: 'signIns', label: t('admin.signIns'), children: <SignIns /> }] : []),
          { key: 'tokens', label: t('admin.tokens'), children: <Tokens /> },
        ]}
      />
    </ConsolePage>
  )
}
