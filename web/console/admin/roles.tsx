import { useState } from 'react'
import type { Role, Roles as RoleList } from '../../../src/grid/posts/contract.ts'
import type { RoleChange, RoleChangeMove } from '../../../src/grid/role-changes/contract.ts'
import { send } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { language, useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { More } from '../../shared/ui/more.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { useMe } from '../me-context.ts'
import { usePagedQuery } from '../paged-query.ts'
import { actionNames, purposeNames } from './grant-words.ts'
import { RoleForm } from './role-form.tsx'
import { Row, Rows, Tag } from './rows.tsx'

const stateNames: Record<RoleChange['state'], { name: TextKey; look: string }> = {
  pending: { name: 'change.pendingApproval', look: 'dueSoon' },
  approved: { name: 'change.approved', look: 'verified' },
  refused: { name: 'change.refused', look: 'parked' },
  withdrawn: { name: 'change.withdrawn', look: 'parked' },
  expired: { name: 'change.expired', look: 'parked' },
}
const moveNames: Record<RoleChangeMove, TextKey> = {
  approve: 'change.approve',
  refuse: 'change.refuse',
  withdraw: 'change.withdraw',
}

const nameOf = (role: { zh: string; en: string }) => (language() === 'en' ? role.en : role.zh)

/** What each role may do, in plain words; what is sensitive waits for security. */
export function Roles() {
  const t = useText()
  const seat = useMe().seats[0]
  const roles = useRead<RoleList>('/grid/roles')
  const changes = usePagedQuery<RoleChange>('/grid/role-changes?limit=20')
  const [chosen, setChosen] = useState<Role | null>(null)
  return (
    <div className="stack">
      <p className="soft">{t('roles.lead')}</p>
      <Changes changes={changes} changed={() => (changes.reload(), roles.reload())} />
      <h2>{t('roles.matrix')}</h2>
      <Shown of={roles} waiting={<Skeleton lines={8} />}>
        {({ items }) => (
          <Rows label={t('roles.matrix')}>
            {items.map((role) => (
              <Row
                key={role.code}
                title={nameOf(role)}
                tag={
                  <>
                    {role.changed && <Tag look="running">{t('roles.changed')}</Tag>}
                    {role.pending && <Tag look="dueSoon">{t('change.pendingApproval')}</Tag>}
                  </>
                }
                facts={byPurpose(role, t)}
              >
                {seat === 'system' && (
                  <Button small aria-label={`${t('roles.edit')} ${nameOf(role)}`} onClick={() => setChosen(role)}>
                    {t('roles.edit')}
                  </Button>
                )}
              </Row>
            ))}
          </Rows>
        )}
      </Shown>
      <Sheet title={chosen ? nameOf(chosen) : ''} open={chosen !== null} close={() => setChosen(null)}>
        {chosen && (
          <RoleForm
            key={`${chosen.code} ${chosen.version}`}
            role={chosen}
            saved={(waits) => {
              setChosen(null)
              say(t(waits ? 'roles.waits' : 'message.saved'))
              roles.reload()
              changes.reload()
            }}
          />
        )}
      </Sheet>
    </div>
  )
}

/** The role's rights, one line a purpose: “办理：看办件、受理 …”. */
function byPurpose(role: Role, t: ReturnType<typeof useText>): string[] {
  const purposes = [...new Set(role.grants.map(({ purpose }) => purpose))]
  return purposes.map((purpose) => {
    const may = role.grants.filter((grant) => grant.purpose === purpose).map(({ action }) => t(actionNames[action]))
    return `${t(purposeNames[purpose])}：${may.join('、')}`
  })
}

function Changes({ changes, changed }: { changes: ReturnType<typeof usePagedQuery<RoleChange>>; changed: () => void }) {
  const t = useText()
  const act = useAct(({ id, move }: { id: string; move: RoleChangeMove }, key) =>
    send<RoleChange>(`/grid/role-changes/${id}/${move}`, { body: {}, key }),
  )
  return (
    <>
      <h2>{t('roles.changes')}</h2>
      <Refused error={act.error} />
      <Shown of={changes} waiting={<Skeleton lines={3} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('roles.noChange')}>{t('roles.noChangeNext')}</Empty>
          ) : (
            <Rows label={t('roles.changes')}>
              {items.map((change) => (
                <Row
                  key={change.id}
                  title={nameOf(change)}
                  tag={<Tag look={stateNames[change.state].look}>{t(stateNames[change.state].name)}</Tag>}
                  facts={[
                    t('roles.gains', {
                      grants: change.sensitive
                        .map(({ action, purpose }) => `${t(actionNames[action])}（${t(purposeNames[purpose])}）`)
                        .join('、'),
                    }),
                    <>
                      {t('change.by', { name: change.proposedByName })} <Time at={change.proposedAt} />
                    </>,
                    change.decidedAt ? (
                      <>
                        {change.decidedByName} <Time at={change.decidedAt} />
                      </>
                    ) : (
                      <>
                        {t('change.voidAt')} <Time at={change.expiresAt} />
                      </>
                    ),
                  ]}
                >
                  {change.moves.map((move) => (
                    <Button
                      key={move}
                      small
                      kind={move === 'approve' ? 'primary' : 'quiet'}
                      busy={act.busy}
                      onClick={async () => {
                        if (!(await act.run({ id: change.id, move }))) return
                        say(t('change.done'))
                        changed()
                      }}
                    >
                      {t(moveNames[move])}
                    </Button>
                  ))}
                </Row>
              ))}
            </Rows>
          )
        }
      </Shown>
      <More more={changes.more} busy={changes.busy} />
    </>
  )
}
