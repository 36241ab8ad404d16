import type { SheetChecked } from '../../../src/grid/setup/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'

/** What is wrong in a sheet, cell by cell, and the way to mend it: the same sheet with one more column. */
export function SheetProblems({
  of,
  busy,
  download,
}: {
  of: { problemCount: number; problems: SheetChecked['problems'] }
  busy: boolean
  download: () => void
}) {
  const t = useText()
  return (
    <div className="stack">
      <div className="banner banner-wrong" role="alert">
        <Icon name="warning" />
        <div>{t('setup.problems', { count: of.problemCount })}</div>
      </div>
      <div>
        <Button icon="download" busy={busy} onClick={download}>
          {t('setup.marked')}
        </Button>
      </div>
      <div className="setup-scroll">
        <table className="setup-table">
          <thead>
            <tr>
              <th scope="col">{t('setup.where')}</th>
              <th scope="col">{t('setup.cell')}</th>
              <th scope="col">{t('setup.what')}</th>
            </tr>
          </thead>
          <tbody>
            {of.problems.map((problem) => (
              <tr key={`${problem.sheet}|${problem.row}|${problem.column}|${problem.message}`}>
                <td className="mono">
                  {problem.sheet} {problem.column}
                  {problem.row}
                </td>
                <td>
                  {problem.heading && <span className="soft">{problem.heading}：</span>}
                  {problem.cell || t('setup.blank')}
                </td>
                <td>{problem.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {of.problemCount > of.problems.length && <p className="soft">{t('setup.moreProblems')}</p>}
    </div>
  )
}
