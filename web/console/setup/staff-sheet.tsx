import type { SetupState, SheetChecked, SheetTaken } from '../../../src/grid/setup/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Refused } from '../../shared/ui/states.tsx'
import { ChooseFile } from './choose-file.tsx'
import { SheetProblems } from './sheet-problems.tsx'
import { useSheet } from './use-sheet.ts'

/** Areas, posts and staff from one sheet: looked at first, taken in when nothing is wrong. */
export function StaffSheet({ step, state, taken }: { step: 'areas' | 'staff'; state: SetupState; taken: () => void }) {
  const t = useText()
  const { file, checked, done, setDone, template, check, mark, take, look, save } = useSheet<SheetChecked, SheetTaken>(
    '/grid/setup/staff',
  )
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
