import type { ProblemPage } from '../../../src/registry/sheets/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { More } from '../../shared/ui/more.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { usePagedQuery } from '../paged-query.ts'
import '../setup/setup.css'

/** What is wrong, row by row, each with its cell as the spreadsheet calls it. */
export function Problems({ id, count }: { id: string; count: number }) {
  const t = useText()
  const found = usePagedQuery<ProblemPage['items'][number]>(`/registry/imports/${id}/problems?limit=50`)
  return (
    <section className="card stack">
      <h2>{t('sheets.problems', { count: count.toLocaleString() })}</h2>
      <Shown of={found} waiting={<Skeleton lines={6} />}>
        {(items) => (
          <>
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
                  {items.flatMap(({ row, outcome, problems }) =>
                    problems.map((problem, at) => (
                      <tr key={`${row}|${at}`}>
                        <td className="mono import-where">
                          {problem.column}
                          {row}
                          {outcome === 'conflict' && <span className="tag tag-dueSoon">{t('sheets.conflict')}</span>}
                        </td>
                        <td>
                          {problem.heading && <span className="soft">{problem.heading}：</span>}
                          {problem.cell || t('setup.blank')}
                        </td>
                        <td>{problem.message}</td>
                      </tr>
                    )),
                  )}
                </tbody>
              </table>
            </div>
            <More more={found.more} busy={found.busy} />
          </>
        )}
      </Shown>
    </section>
  )
}
