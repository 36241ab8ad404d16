import { useState } from 'react'
import type { SetupState, SheetChecked, SheetTaken } from '../../../src/grid/setup/contract.ts'
import { fileFrom, sendFile } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { saveFile } from '../../shared/save-file.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Refused } from '../../shared/ui/states.tsx'
import { ChooseFile } from './choose-file.tsx'
import { SheetProblems } from './sheet-problems.tsx'

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Areas, posts and staff from one sheet: looked at first, taken in when nothing is wrong. */
export function StaffSheet({ step, state, taken }: { step: 'areas' | 'staff'; state: SetupState; taken: () => void }) {
  const t = useText()
  const [file, setFile] = useState<File | null>(null)
  const [checked, setChecked] = useState<SheetChecked | null>(null)
  const [done, setDone] = useState<SheetTaken | null>(null)
  const template = useAct(() => fileFrom('/grid/setup/staff/template'))
  const check = useAct((chosen: File) => sendFile<SheetChecked>('/grid/setup/staff/check', chosen))
  const mark = useAct((chosen: File) => fileFrom('/grid/setup/staff/marked', chosen))
  const take = useAct((chosen: File) => sendFile<SheetTaken>('/grid/setup/staff', chosen))
  const look = async (chosen: File) => {
    setFile(chosen)
    setChecked(null)
    setDone(null)
    take.forget()
    setChecked((await check.run(chosen)) ?? null)
  }
  const save = async (name: string, getting: Promise<Blob | undefined>) => {
    const blob = await getting
    if (blob) saveFile(`${name}.xlsx`, blob, xlsx)
  }
  return (
    <>
      <p className="soft">{t(step === 'areas' ? 'setup.areasLead' : 'setup.staffLead')}</p>
      <Figures state={state} />
      <div className="row">
        <ChooseFile
          label={t('setup.choose')}
          accept=".xlsx,.csv,.txt"
          busy={check.busy}
          chosen={(one) => void look(one)}
        />
        <Button
          kind="plain"
          icon="download"
          busy={template.busy}
          onClick={() => void save(t('setup.templateName'), template.run(undefined))}
        >
          {t('setup.template')}
        </Button>
      </div>
      <Refused error={template.error ?? check.error} />
      {file && checked && !done && (
        <div className="stack" aria-live="polite">
          <p>
            {t('setup.found', { file: file.name, rows: checked.rows })}
            {checked.columns.map(({ sheet, headings }) => (
              <span className="soft" key={sheet}>
                {' '}
                {t('setup.columns', { sheet: sheet || file.name, headings: headings.join('、') })}
              </span>
            ))}
          </p>
          <Changes of={checked} />
          {checked.problemCount > 0 ? (
            <SheetProblems
              of={checked}
              busy={mark.busy}
              download={() => void save(t('setup.markedName'), mark.run(file))}
            />
          ) : (
            <>
              <Sample of={checked} />
              <Refused error={take.error} />
              <div>
                <Button
                  kind="primary"
                  busy={take.busy}
                  onClick={async () => {
                    const answer = await take.run(file)
                    if (!answer) return
                    setDone(answer)
                    taken()
                  }}
                >
                  {t('setup.take')}
                </Button>
              </div>
            </>
          )}
        </div>
      )}
      {done && (
        <div className="banner banner-good" role="status">
          <Icon name="check" />
          <div>
            {t('setup.taken', { areas: done.areas, posts: done.posts, people: done.people, unchanged: done.unchanged })}
            <br />
            <span className="small mono">{t('setup.hash', { sha256: done.sha256 })}</span>
          </div>
        </div>
      )}
    </>
  )
}

function Figures({ state }: { state: SetupState }) {
  const t = useText()
  const { counts } = state
  const figures = [
    ['setup.towns', counts.towns],
    ['setup.villages', counts.villages],
    ['setup.grids', counts.grids],
    ['setup.microGrids', counts.microGrids],
    ['setup.posts', counts.posts],
    ['setup.vacant', counts.vacantPosts],
    ['setup.people', counts.staff],
  ] as const
  return (
    <dl className="setup-figures">
      {figures.map(([name, figure]) => (
        <div key={name}>
          <dt>{t(name)}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
    </dl>
  )
}

function Changes({ of }: { of: SheetChecked }) {
  const t = useText()
  return (
    <p className="strong">
      {t('setup.changes', { areas: of.areas, posts: of.posts, people: of.people, unchanged: of.unchanged })}
    </p>
  )
}

function Sample({ of }: { of: SheetChecked }) {
  const t = useText()
  if (of.sample.length === 0) return null
  return (
    <div className="setup-scroll">
      <table className="setup-table">
        <caption className="only-read-aloud">{t('setup.sample')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('setup.post')}</th>
            <th scope="col">{t('setup.slot')}</th>
            <th scope="col">{t('account.name')}</th>
            <th scope="col">{t('phone.label')}</th>
          </tr>
        </thead>
        <tbody>
          {of.sample.map((row) => (
            <tr key={`${row.place}${row.post}${row.slot}${row.phone}`}>
              <td>{row.post}</td>
              <td>{row.slot}</td>
              <td>{row.name}</td>
              <td className="mono">{row.phone}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
