import { useState } from 'react'
import type { SetupState, SetupStep, StepMark } from '../../../src/grid/setup/contract.ts'
import { send } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { FaceStep } from './face-step.tsx'
import { FirstStep } from './first-step.tsx'
import { HoursStep } from './hours-step.tsx'
import { InviteStep } from './invite-step.tsx'
import { MapStep } from './map-step.tsx'
import './setup.css'
import { SmsStep } from './sms-step.tsx'
import { StaffSheet } from './staff-sheet.tsx'

const names: Record<SetupStep, TextKey> = {
  areas: 'setup.areas',
  staff: 'setup.staff',
  sms: 'setup.sms',
  face: 'setup.face',
  hours: 'setup.hours',
  map: 'setup.map',
  invitations: 'setup.invite',
  firstMatter: 'setup.first',
}
const marks: Record<StepMark, { name: TextKey; look: string }> = {
  open: { name: 'setup.open', look: 'dueSoon' },
  done: { name: 'setup.done', look: 'verified' },
  skipped: { name: 'setup.skipped', look: 'parked' },
}

/** A county on its way from empty to the first matter: every step can be left and taken up again. */
export function SetupPage() {
  const t = useText()
  const setup = useRead<SetupState>('/grid/setup')
  const [chosen, setChosen] = useState<SetupStep | null>(null)
  return (
    <ConsolePage title={t('setup.title')}>
      <Shown of={setup} waiting={<Skeleton lines={8} />}>
        {(state) => {
          const at = chosen ?? state.steps.find(({ mark }) => mark === 'open')?.step ?? 'areas'
          const left = state.steps.filter(({ mark }) => mark === 'open').length
          return (
            <>
              <p className="soft">
                {left > 0
                  ? t('setup.lead', { county: state.countyName, left })
                  : t('setup.allDone', { county: state.countyName })}
              </p>
              <div className="setup">
                <ol className="setup-steps">
                  {state.steps.map(({ step, mark }, place) => (
                    <li key={step}>
                      <button
                        type="button"
                        className="setup-step"
                        aria-current={step === at ? 'step' : undefined}
                        onClick={() => setChosen(step)}
                      >
                        <span className={`setup-number setup-${mark}`} aria-hidden="true">
                          {mark === 'done' ? <Icon name="check" /> : place + 1}
                        </span>
                        <span className="grow">{t(names[step])}</span>
                        <span className={`tag tag-${marks[mark].look}`}>{t(marks[mark].name)}</span>
                      </button>
                    </li>
                  ))}
                </ol>
                <section className="card stack" aria-labelledby="setup-step-name">
                  <h2 id="setup-step-name">{t(names[at])}</h2>
                  <StepPanel step={at} state={state} changed={setup.reload} key={at} />
                  <StepMarks step={at} state={state} marked={setup.replace} />
                </section>
              </div>
            </>
          )
        }}
      </Shown>
    </ConsolePage>
  )
}

function StepPanel({ step, state, changed }: { step: SetupStep; state: SetupState; changed: () => void }) {
  switch (step) {
    case 'areas':
    case 'staff':
      return <StaffSheet step={step} state={state} taken={changed} />
    case 'sms':
      return <SmsStep saved={changed} />
    case 'face':
      return <FaceStep saved={changed} />
    case 'hours':
      return <HoursStep saved={changed} />
    case 'map':
      return <MapStep saved={changed} />
    case 'invitations':
      return <InviteStep state={state} sent={changed} />
    case 'firstMatter':
      return <FirstStep />
  }
}

/** Steps that the figures do not show are ticked by hand; any can be left for later. */
function StepMarks({
  step,
  state,
  marked,
}: {
  step: SetupStep
  state: SetupState
  marked: (state: SetupState) => void
}) {
  const t = useText()
  const now = state.steps.find((candidate) => candidate.step === step)
  const act = useAct((mark: StepMark, key) =>
    send<SetupState>(`/grid/setup/steps/${step}`, { method: 'PUT', body: { mark }, key }),
  )
  if (!now || now.byItself) return null
  const set = async (mark: StepMark) => {
    const answer = await act.run(mark)
    if (answer) marked(answer)
  }
  return (
    <div className="setup-marks">
      <Refused error={act.error} />
      {now.mark === 'open' ? (
        <>
          <Button small busy={act.busy} onClick={() => void set('done')}>
            {t('setup.tick')}
          </Button>
          <Button kind="plain" small busy={act.busy} onClick={() => void set('skipped')}>
            {t('setup.skip')}
          </Button>
        </>
      ) : (
        <Button kind="plain" small busy={act.busy} onClick={() => void set('open')}>
          {t('setup.reopen')}
        </Button>
      )}
    </div>
  )
}
