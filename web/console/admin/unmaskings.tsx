import type { Unmasking } from '../../../src/identity/administrators/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { More } from '../../shared/ui/more.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { purposeName } from './grant-words.ts'
import { Row, Rows } from './rows.tsx'

const fields: ReadonlyMap<string, TextKey> = new Map([
  ['name', 'account.name'],
  ['phone', 'phone.label'],
  ['citizenId', 'field.citizenId'],
])

/** Whose data was looked at in the clear, by whom and why. */
export function Unmaskings() {
  const t = useText()
  const list = usePagedQuery<Unmasking>('/identity/unmaskings?limit=50')
  return (
    <div className="stack">
      <p className="soft">{t('unmask.lead')}</p>
      <Shown of={list} waiting={<Skeleton lines={6} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('unmask.none')}>{t('unmask.noneNext')}</Empty>
          ) : (
            <Rows label={t('admin.unmaskings')}>
              {items.map((look) => {
                const purpose = purposeName(look.purpose)
                return (
                  <Row
                    key={look.id}
                    title={t('unmask.saw', { by: look.byName || t('unmask.system'), name: look.name })}
                    facts={[
                      <Time key="at" at={look.at} />,
                      look.fields.map((field) => t(fields.get(field) ?? 'field.other')).join('、'),
                      purpose && t(purpose),
                      t('unmask.reason', { reason: look.reason }),
                    ]}
                  />
                )
              })}
            </Rows>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </div>
  )
}
