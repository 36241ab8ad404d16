import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Desk, SavedView } from '../../../src/loop/desk/contract.ts'
import { newId } from '../../shared/ids.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, SelectField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Refused } from '../../shared/ui/states.tsx'
import { useDesk, useLook } from './desk-query.ts'
import { filterOf, sameFilter, workSearch, type WorkSearch } from './search.ts'

const countMax = 1000
const countOf = (count: number) => (count > countMax ? `${countMax}+` : count)

/** The lists that one keeps by name, and those that colleagues offer; each with what is in it now. */
export function Views({ search }: { search: WorkSearch }) {
  const t = useText()
  const desk = useDesk().data
  const [editing, setEditing] = useState<SavedView | 'new' | null>(null)
  if (!desk) return null
  const current = desk.views.find(({ id }) => id === search.view)
  const changed = current && !sameFilter(current.filter, filterOf(search))
  return (
    <div className="views" role="group" aria-label={t('view.title')}>
      {desk.views.map((view) => (
        <Link
          key={view.id}
          className="view"
          to="/matters"
          search={{ ...workSearch({ ...view.filter }), view: view.id }}
          aria-current={view.id === search.view ? 'true' : undefined}
          title={view.shared ? t('view.sharedWith', { who: view.shared.label }) : undefined}
        >
          {view.name}
          {!view.mine && <span className="faint small">{t('view.offered')}</span>}
          <span className="num">{countOf(view.count)}</span>
        </Link>
      ))}
      {current?.mine && (
        <Button small kind="plain" onClick={() => setEditing(current)}>
          {t(changed ? 'view.update' : 'view.edit')}
        </Button>
      )}
      <Button small kind="plain" icon="plus" onClick={() => setEditing('new')}>
        {t('view.keep')}
      </Button>
      <Sheet
        title={t(editing === 'new' ? 'view.keep' : 'view.edit')}
        open={editing !== null}
        close={() => setEditing(null)}
      >
        {editing && (
          <ViewForm
            key={editing === 'new' ? 'new' : editing.id}
            of={editing === 'new' ? null : editing}
            search={search}
            desk={desk}
            close={() => setEditing(null)}
          />
        )}
      </Sheet>
    </div>
  )
}

interface Editing {
  of: SavedView | null
  search: WorkSearch
  desk: Desk
  close: () => void
}

function ViewForm({ of, search, desk, close }: Editing) {
  const t = useText()
  const queries = useQueryClient()
  const navigate = useNavigate({ from: '/matters' })
  const { look, change } = useLook()
  const [name, setName] = useState(of?.name ?? '')
  const [shared, setShared] = useState(of?.shared?.path ?? '')
  const [first, setFirst] = useState(of !== null && look.defaultView === of.id)
  const [id] = useState(() => of?.id ?? newId())
  const done = async (said: string, view: string | undefined) => {
    await queries.invalidateQueries({ queryKey: ['desk'] })
    close()
    say(said)
    void navigate({ search: (before) => ({ ...before, view }), replace: true })
  }
  const keep = useAct((body: object, key: string) =>
    of
      ? send<SavedView>(`/matters/views/${of.id}`, { method: 'PUT', body: { ...body, version: of.version }, key })
      : send<SavedView>('/matters/views', { body: { ...body, id }, key }),
  )
  const drop = useAct((version: number, key: string) =>
    send<{ id: string }>(`/matters/views/${id}?version=${version}`, { method: 'DELETE', key }),
  )
  const remove = async (version: number) => {
    if (await drop.run(version)) await done(t('view.dropped'), undefined)
  }
  const submit = async () => {
    const target = shared === '' ? null : { path: shared, role: of?.shared?.path === shared ? of.shared.role : '' }
    if (!(await keep.run({ name: name.trim(), filter: filterOf(search), shared: target }))) return
    if (first !== (look.defaultView === id)) change({ defaultView: first ? id : null })
    await done(t('view.kept', { name: name.trim() }), id)
  }
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <p className="soft">{t('view.lead')}</p>
      <TextField label={t('view.name')} value={name} onChange={setName} required maxLength={30} />
      {desk.mayShareAt.length > 0 && (
        <SelectField
          label={t('view.share')}
          hint={t('view.shareHint')}
          value={shared}
          onChange={setShared}
          empty={t('view.onlyMe')}
          choices={desk.mayShareAt.map(({ path, label }) => ({
            value: path,
            label: t('view.shareAt', { where: label }),
          }))}
        />
      )}
      <CheckField label={t('view.first')} checked={first} onChange={setFirst} />
      <Refused error={keep.error ?? drop.error} />
      <div className="row">
        <Button type="submit" kind="primary" busy={keep.busy}>
          {t('act.save')}
        </Button>
        {of && (
          <Button kind="danger" busy={drop.busy} onClick={() => void remove(of.version)}>
            {t('view.drop')}
          </Button>
        )}
      </div>
    </form>
  )
}
