import { useQueryClient } from '@tanstack/react-query'
import type { ChatGroup } from '../../../src/registry/organisations/contract.ts'
import type { RegistryTerms } from '../../../src/registry/terms/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { choicesOf } from '../../shared/registry/words.ts'
import { CheckField, ChoiceField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { ActForm, ActSheet, useDraft } from './act-sheet.tsx'
import { PlacePicker } from './place-picker.tsx'

interface GroupDraft {
  kind: string
  name: string
  channel: string
  audience: string
  members: string
  ownerPost: string
}
const noGroup: GroupDraft = { kind: 'residents', name: '', channel: 'wechat', audience: '', members: '', ownerPost: '' }

const sentOf = ({ members, ...rest }: GroupDraft) => ({ ...rest, members: members === '' ? null : Number(members) })

/** A new chat group; told in numbers, never by who is in it. */
export function MakeGroup({ terms, area }: { terms: RegistryTerms; area: string | undefined }) {
  const t = useText()
  return (
    <ActSheet label={t('groups.make')} icon="plus">
      {(close) => <Making terms={terms} begin={area} done={close} />}
    </ActSheet>
  )
}

function Making({ terms, begin, done }: { terms: RegistryTerms; begin: string | undefined; done: () => void }) {
  const t = useText()
  const cache = useQueryClient()
  const [draft, change] = useDraft<GroupDraft & { area: string | undefined }>({
    ...noGroup,
    area: begin ?? (terms.places.length === 1 ? terms.places[0]?.areaPath : undefined),
  })
  const act = useAct((body: object, key) => send<ChatGroup>('/registry/chat-groups', { body, key }))
  const save = async () => {
    const { area, ...fields } = draft
    const made = await act.run({ ...sentOf(fields), areaPath: area })
    if (!made) return
    say(t('groups.made', { name: made.name }))
    done()
    await cache.invalidateQueries({ queryKey: ['list'] })
  }
  return (
    <ActForm act={act} submit={t('registry.register')} run={save} ready={draft.area !== undefined}>
      <p className="soft small">{t('groups.whichPlace')}</p>
      <PlacePicker terms={terms} area={draft.area} choose={(area) => change({ area })} />
      <GroupFields draft={draft} change={change} />
    </ActForm>
  )
}

function GroupFields({ draft, change }: { draft: GroupDraft; change: (part: Partial<GroupDraft>) => void }) {
  const t = useText()
  return (
    <>
      <TextField
        label={t('groups.name')}
        value={draft.name}
        onChange={(name) => change({ name })}
        required
        maxLength={100}
      />
      <ChoiceField
        label={t('registry.kind')}
        value={draft.kind}
        onChange={(kind) => change({ kind })}
        choices={choicesOf(t, 'group')}
      />
      <ChoiceField
        label={t('groups.channel')}
        value={draft.channel}
        onChange={(channel) => change({ channel })}
        choices={choicesOf(t, 'channel')}
      />
      <TextField
        label={t('groups.audience')}
        hint={t('groups.audienceHint')}
        optional
        value={draft.audience}
        onChange={(audience) => change({ audience })}
        maxLength={100}
      />
      <div className="field-pair">
        <TextField
          label={t('registry.members')}
          optional
          type="number"
          min={0}
          max={100_000}
          inputMode="numeric"
          value={draft.members}
          onChange={(members) => change({ members })}
        />
        <TextField
          label={t('groups.owner')}
          optional
          value={draft.ownerPost}
          onChange={(ownerPost) => change({ ownerPost })}
          maxLength={60}
        />
      </div>
    </>
  )
}

/** What is known of a group put right, or that it is no more. */
export function GroupActs({ of, changed }: { of: ChatGroup; changed: () => void }) {
  const t = useText()
  return (
    <ActSheet label={t('registry.change')} title={of.name}>
      {(close) => (
        <Changing
          of={of}
          done={() => {
            close()
            changed()
          }}
        />
      )}
    </ActSheet>
  )
}

function Changing({ of, done }: { of: ChatGroup; done: () => void }) {
  const t = useText()
  const { kind, name, channel, audience, members, ownerPost } = of
  const [draft, change] = useDraft<GroupDraft & { closed: boolean }>({
    kind,
    name,
    channel,
    audience,
    members: members === null ? '' : String(members),
    ownerPost,
    closed: false,
  })
  const act = useAct((body: object, key) => send<ChatGroup>(`/registry/chat-groups/${of.id}/changes`, { body, key }))
  const save = async () => {
    const { closed, ...fields } = draft
    const next = await act.run({ ...sentOf(fields), ...(closed && { closed }), version: of.version })
    if (!next) return
    say(t(closed ? 'homes.closed' : 'registry.corrected'))
    done()
  }
  return (
    <ActForm act={act} submit={t('act.save')} run={save}>
      <GroupFields draft={draft} change={change} />
      <CheckField label={t('groups.closed')} checked={draft.closed} onChange={(closed) => change({ closed })} />
    </ActForm>
  )
}
