import { useNavigate, useSearch } from '@tanstack/react-router'
import { useText } from '../../shared/i18n/text.ts'
import type { Draft } from '../../shared/report/draft.ts'
import { OfferedKinds } from '../../shared/report/offered-kinds.tsx'
import { ReportForm } from '../../shared/report/report-form.tsx'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { ChoiceField, PhoneField, TextField } from '../../shared/ui/field.tsx'
import { ConsolePage } from '../page.tsx'

/** A clerk writes down what somebody at the counter or on the phone reports. */
export function ReportPage() {
  const t = useText()
  const { kind } = useSearch({ from: '/report' })
  const navigate = useNavigate()
  return (
    <ConsolePage title={t('nav.behalf')}>
      <p className="soft">{t('behalf.lead')}</p>
      <div className="card" style={{ maxWidth: 760 }}>
        <OfferedKinds
          chosen={kind ?? null}
          choose={(next) => void navigate({ to: '/report', search: { kind: next }, replace: true })}
        >
          {(offered) => (
            <ReportForm
              key={offered.kind.kind}
              drawer="console"
              {...offered}
              refuse={(draft) =>
                draft.channel === 'patrol' || draft.phone.trim() || draft.name.trim()
                  ? undefined
                  : t('behalf.phoneNeeded')
              }
              contact={(draft) => ({
                channel: draft.channel,
                ...(draft.name.trim() ? { name: draft.name.trim() } : {}),
                ...(draft.phone.trim() ? { phone: draft.phone.trim() } : {}),
              })}
              renderPerson={(draft, change) => <Reporter draft={draft} change={change} />}
              renderDone={(again) => (
                <div className="row">
                  <Button onClick={again}>{t('report.another')}</Button>
                  <ButtonLink kind="plain" href="/console/matters?scope=open">
                    {t('nav.work')}
                  </ButtonLink>
                </div>
              )}
            />
          )}
        </OfferedKinds>
      </div>
    </ConsolePage>
  )
}

function Reporter({ draft, change }: { draft: Draft; change: (part: Partial<Draft>) => void }) {
  const t = useText()
  return (
    <section className="stack" aria-label={t('behalf.who')}>
      <h2>{t('behalf.who')}</h2>
      <ChoiceField
        label={t('behalf.channel')}
        value={draft.channel}
        onChange={(channel) => change({ channel })}
        choices={[
          { value: 'phone', label: t('behalf.phone') },
          { value: 'visit', label: t('behalf.visit') },
          { value: 'hotline', label: t('behalf.hotline') },
          { value: 'patrol', label: t('behalf.patrol') },
        ]}
      />
      {draft.channel !== 'patrol' && (
        <>
          <PhoneField
            label={t('phone.label')}
            hint={t('behalf.phoneHint')}
            value={draft.phone}
            onChange={(phone) => change({ phone })}
          />
          <TextField
            label={t('behalf.name')}
            optional
            value={draft.name}
            onChange={(name) => change({ name })}
            maxLength={60}
          />
        </>
      )}
    </section>
  )
}
