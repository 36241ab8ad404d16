import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { AreasChanged, ChangePreview } from '../../../src/grid/changes/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { SelectField } from '../../shared/ui/field.tsx'

const fates = {
  stays: 'change.postStays',
  copied: 'change.postCopied',
  moves: 'change.postMoves',
  ends: 'change.postEnds',
} as const

/** Everything that a change will move, before it is made; and a question for each thing that cannot be decided by where it lies. */
export function ChangeShown({
  preview,
  names,
  chosen,
  choose,
  children,
}: {
  preview: ChangePreview
  names: readonly string[]
  chosen: Record<string, number>
  choose: (id: string, to: number) => void
  children: ReactNode
}) {
  const t = useText()
  const asked = preview.undecided
  return (
    <section className="card stack" aria-live="polite">
      <h2>{t('change.what')}</h2>
      {preview.lines.length === 0 ? (
        <p className="soft">{t('change.empty')}</p>
      ) : (
        <div className="table-scroll">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{t('change.thing')}</th>
                {names.map((name, at) => (
                  <th key={at} scope="col">
                    {name}
                  </th>
                ))}
                <th scope="col">{t('change.undecided')}</th>
              </tr>
            </thead>
            <tbody>
              {preview.lines.map((line) => (
                <tr key={line.label}>
                  <th scope="row">{line.label}</th>
                  {names.map((_, at) => (
                    <td key={at}>{line.items.find(({ to }) => to === at)?.count ?? '–'}</td>
                  ))}
                  <td>{line.undecided > 0 ? line.undecided : '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {asked.length > 0 && (
        <div className="stack-s">
          <h3>{t('change.ask')}</h3>
          <p className="soft small">{t(preview.undecidedMore ? 'change.askMore' : 'change.askHint')}</p>
          <div className="split-pieces">
            {asked.map((thing) => (
              <SelectField
                key={thing.id}
                label={`${thing.label} ${thing.detail}`}
                value={String(chosen[thing.id] ?? 0)}
                onChange={(value) => choose(thing.id, Number(value))}
                choices={names.map((label, value) => ({ value: String(value), label }))}
              />
            ))}
          </div>
        </div>
      )}
      <div className="stack-s">
        <h3>{t('change.posts')}</h3>
        {preview.posts.length === 0 && <p className="soft">{t('areas.noPosts')}</p>}
        <ul className="stack-s">
          {preview.posts.map((post) => (
            <li key={post.postId}>
              <span className="strong">{post.name}</span>{' '}
              {post.holders
                .map(({ name, slot }) => `${name}（${t(slot === 'A' ? 'areas.slotA' : 'areas.slotB')}）`)
                .join(' ')}{' '}
              <span className={`tag ${post.becomes === 'ends' ? 'tag-dueSoon' : 'tag-parked'}`}>
                {t(fates[post.becomes])}
              </span>
            </li>
          ))}
        </ul>
      </div>
      {preview.nets.length > 0 && (
        <p className="soft">
          {t('change.nets')} {preview.nets.map(({ name }) => name).join('、')}
        </p>
      )}
      {children}
    </section>
  )
}

/** It is done: where everything is now. */
export function ChangeDone({ done }: { done: AreasChanged }) {
  const t = useText()
  return (
    <section className="card stack" role="status">
      <h2>{t('change.finished')}</h2>
      <p>{t('change.moved', { moved: done.moved })}</p>
      <ul className="stack-s">
        {done.items.map((area) => (
          <li key={area.id}>
            <Link to="/areas" search={{ area: area.path }}>
              {area.name}
            </Link>{' '}
            <span className="faint small">{area.number}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
