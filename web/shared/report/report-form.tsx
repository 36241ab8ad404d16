import type { ReactNode } from 'react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Receipt } from '../../../src/loop/contract.ts'
import type { ReportKind, ShownCategory } from '../../../src/packs/contract.ts'
import { isUnanswered, requireWay, send } from '../api.ts'
import { dropDraft, findDraft, keepDraft } from '../drafts.ts'
import { FormFields } from '../form/form-fields.tsx'
import { filledValues, readForm, saidAnswers, wrongFields } from '../form/form.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { queue } from '../offline/index.ts'
import type { Photos } from '../photos.tsx'
import { PhotoField, usePhotos } from '../photos.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { TextArea } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { Refused } from '../ui/states.tsx'
import { FocusedHeading } from '../ui/title.tsx'
import type { Draft } from './draft.ts'
import { CategoryField } from './category-field.tsx'
import { emptyDraft, isBegun } from './draft.ts'
import { Waiting } from './offered-kinds.tsx'
import { PlaceField } from './place-field.tsx'
import { ReceiptCard } from './receipt.tsx'
import { scannedPlace } from './scanned-place.ts'
import { Similar } from './similar.tsx'
import './report.css'

export interface ReportFormProps {
  /** Heading of a page that has none of its own; it makes room for the receipt. */
  intro?: ReactNode
  /** Drafts of the faces lie apart. */
  drawer: string
  kind: ReportKind
  categories: readonly ShownCategory[]
  /** The other kinds that may be reported here. */
  choice?: ReactNode
  /** False while nobody is signed in: what others reported is not told to strangers. */
  signedIn?: boolean
  /** What stands under the place: the guest's phone check, or whom a clerk reports for. */
  renderPerson?: (draft: Draft, change: (part: Partial<Draft>) => void) => ReactNode
  /** What keeps the report from being sent, in words; e.g. the phone is not checked yet. */
  refuse?: (draft: Draft) => string | undefined
  /** Opens a session where one is needed, before photos are sent. Gives false when it was refused and said so. */
  before?: () => Promise<boolean>
  contact?: (draft: Draft) => Record<string, string> | undefined
  renderDone: (again: () => void) => ReactNode
}

const textMax = 2000
/** Typing is not written away letter by letter: photos go with it. */
const keepAfterMs = 200

/** The report of every face: what, in own words, photos, where, who. Nothing typed is lost before the server has it. */
export function ReportForm(props: ReportFormProps) {
  // Each kind asks for other things: what was begun of one is not carried into another.
  const drawer = `${props.drawer}/${props.kind.kind}`
  const { draft, again, ...drafting } = useDraft(drawer)
  const [fate, setFate] = useState<Sent | null>(null)
  if (fate === 'queued') return <Queued>{props.renderDone(() => setFate(null))}</Queued>
  const receipt = fate?.receipt
  if (receipt) {
    return (
      <ReceiptCard receipt={receipt} heads={props.intro !== undefined}>
        {props.renderDone(() => setFate(null))}
      </ReceiptCard>
    )
  }
  // The heading stays where it stood while the kinds were asked for.
  if (!draft) return <Waiting intro={props.intro} />
  const clear = () => {
    again()
    void dropDraft(drawer)
  }
  const sent = (answer: Sent) => {
    // A new draft begins at once, so that nothing of the sent one can be kept again.
    clear()
    setFate(answer)
    scrollTo(0, 0)
  }
  return (
    <>
      {props.intro}
      <Filling {...props} drawer={drawer} draft={draft} {...drafting} clear={clear} sent={sent} />
    </>
  )
}

/** It is on the phone and goes out by itself: nothing is left to do. */
function Queued({ children }: { children: ReactNode }) {
  const t = useText()
  return (
    <section className="receipt">
      <span className="big">
        <Icon name="inbox" />
      </span>
      <FocusedHeading text={t('report.queued')} />
      <p>{t('report.queuedNote')}</p>
      <ButtonLink href="/h5/outbox" kind="quiet" wide>
        {t('outbox.see')}
      </ButtonLink>
      {children}
    </section>
  )
}

function useDraft(drawer: string) {
  const [draft, setDraft] = useState<Draft | null>(null)
  const [kept, setKept] = useState(false)
  const [room, setRoom] = useState<'kept' | 'full' | 'none'>('kept')
  const photos = usePhotos('before')
  const restore = useRef(photos.restore)
  useEffect(() => {
    void Promise.all([findDraft<Draft>(drawer), scannedPlace()]).then(([found, place]) => {
      setDraft({ ...(found ?? emptyDraft()), ...(place && { place }) })
      if (!found) return
      restore.current(found.photos)
      setKept(isBegun(found))
    })
  }, [drawer])
  const keep = useCallback(async () => {
    const whole = draft && { ...draft, photos: photos.list }
    if (whole && isBegun(whole)) setRoom(await keepDraft(drawer, whole))
  }, [draft, photos.list, drawer])
  useEffect(() => {
    const timer = setTimeout(() => void keep(), keepAfterMs)
    const leave = () => void keep()
    addEventListener('pagehide', leave)
    return () => {
      clearTimeout(timer)
      removeEventListener('pagehide', leave)
    }
  }, [keep])
  const again = () => {
    photos.restore([])
    setKept(false)
    setDraft(emptyDraft())
  }
  return {
    draft,
    photos,
    again,
    kept,
    room,
    keep,
    change: (part: Partial<Draft>) => setDraft((before) => before && { ...before, ...part }),
  }
}

type Inside = ReportFormProps &
  Omit<ReturnType<typeof useDraft>, 'draft' | 'again'> & { draft: Draft; clear: () => void; sent: (fate: Sent) => void }

function Filling({ draft, change, photos, kept, room, keep, clear, sent, ...props }: Inside) {
  const t = useText()
  const [tried, setTried] = useState(false)
  // Where there is only one category it is not asked.
  const only = props.categories.length === 1 ? props.categories[0]?.code : undefined
  const category = only ?? draft.category
  const form = useRef<HTMLFormElement>(null)
  const act = useSending(props, photos)
  const wrong = {
    category: category ? undefined : t('report.categoryNeeded'),
    text: draft.text.trim() ? undefined : t('report.textNeeded'),
    place: draft.place ? undefined : t('report.placeNeeded'),
    person: props.refuse?.(draft),
  }
  const { words } = props.kind
  const pack = readForm(props.kind.form)
  const packMissing = wrongFields(pack, draft.form, t('form.required'))
  const packWrong = tried ? packMissing : {}
  const shown: Partial<typeof wrong> = tried ? wrong : {}
  const running = useRef(false)
  /** A second tap while the first is under way is the same tap. */
  const submit = async () => {
    if (running.current) return
    running.current = true
    await trySending().finally(() => {
      running.current = false
    })
  }
  const trySending = async () => {
    setTried(true)
    await keep()
    if (Object.values(wrong).some(Boolean) || Object.keys(packMissing).length > 0) {
      requestAnimationFrame(() => form.current && focusFirstWrong(form.current))
      return
    }
    if (props.before && !(await props.before())) return
    const answer = await act.run({
      draft: { ...draft, category, photos: [] },
      photoIds: photos.list.map(({ id }) => id),
    })
    if (answer) sent(answer)
  }
  return (
    <form
      className="report"
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {kept && (
        <div className="banner">
          <Icon name="info" />
          <div>
            {t('report.draftKept')}{' '}
            <Button kind="plain" small onClick={clear}>
              {t('report.clear')}
            </Button>
          </div>
        </div>
      )}
      {room !== 'kept' && isBegun({ ...draft, photos: photos.list }) && (
        <p className="banner banner-warn" role="status">
          <Icon name="warning" />
          {room === 'full' ? t('offline.full') : t('report.notKept')}
        </p>
      )}
      {props.choice}
      {!only && (
        <CategoryField
          categories={props.categories}
          value={draft.category}
          onChange={(category) => change({ category })}
          wrong={shown.category}
        />
      )}
      <TextArea
        label={words.text || t('report.text')}
        hint={words.textHint || (words.text ? undefined : t('report.textHint'))}
        value={draft.text}
        onChange={(text) => change({ text })}
        maxLength={textMax}
        rows={4}
        wrong={shown.text}
      />
      <PhotoField photos={photos} label={words.photos || t('report.photos')} hint={t('report.photosHint')} />
      <PlaceField
        place={draft.place}
        onChange={(place) => change({ place })}
        address={draft.address}
        onAddress={(address) => change({ address })}
        wrong={shown.place}
      />
      <FormFields form={pack} values={draft.form} onChange={(values) => change({ form: values })} wrong={packWrong} />
      {props.signedIn !== false && <Similar kind={props.kind.kind} draft={draft} />}
      {props.renderPerson?.(draft, change)}
      <div className="report-foot">
        {shown.person && (
          <p className="banner banner-wrong" role="alert">
            <Icon name="warning" />
            {shown.person}
          </p>
        )}
        <Refused error={act.error} />
        <Button type="submit" kind="primary" wide busy={act.busy}>
          {act.busy ? t('report.sending') : words.send || t('report.send')}
        </Button>
        <p className="faint small">{t('report.privacy')}</p>
      </div>
    </form>
  )
}

/** The first field that is not right takes the focus, so that nobody has to look for it. */
function focusFirstWrong(form: HTMLFormElement): void {
  const wrong = form.querySelector<HTMLElement>('.wrong, .banner-wrong')
  const field = wrong?.closest('.field, section') ?? wrong?.parentElement
  field
    ?.querySelector<HTMLElement>('input:not([type=hidden]), textarea, select, button')
    ?.focus({ preventScroll: true })
  wrong?.scrollIntoView({ block: 'center' })
}

type Sent = { receipt: Receipt } | 'queued'

/** Hands the report in, or where there is no network puts it into the outbox of faces that have one. */
function useSending(props: ReportFormProps & { drawer: string }, photos: Photos) {
  return useAct(async ({ draft, photoIds }: { draft: Draft; photoIds: string[] }, key: string): Promise<Sent> => {
    const contact = props.contact?.(draft)
    const body = {
      id: draft.id,
      kind: props.kind.kind,
      category: draft.category,
      text: draft.text.trim(),
      ...(Object.keys(draft.form).length > 0 ? { form: filledValues(draft.form) } : {}),
      ...(draft.address.trim() ? { address: draft.address.trim() } : {}),
      ...(draft.place?.position ? { position: draft.place.position } : {}),
      ...(draft.place?.areaPath ? { areaPath: draft.place.areaPath } : {}),
      ...(photoIds.length > 0 ? { fileIds: photoIds } : {}),
      ...(contact ? { contact } : {}),
    }
    try {
      requireWay()
      await photos.sendAll()
      return { receipt: await send<Receipt>('/matters', { key, body }) }
    } catch (error) {
      if (!isUnanswered(error)) throw error
      const item = {
        id: draft.id,
        kind: 'report' as const,
        subject: draft.id,
        title: props.categories.find(({ code }) => code === draft.category)?.name ?? props.kind.name,
        place: draft.place?.names.join(' ') ?? '',
        words: body.text,
        answers: saidAnswers(readForm(props.kind.form), draft.form),
        path: '/matters',
        body,
        key,
        photos: photos.list.map((photo) => ({ ...photo, role: photos.role })),
        draft: { drawer: props.drawer, kind: props.kind.kind, written: { ...draft, photos: [] } },
      }
      if (!(await queue(item))) throw error
      return 'queued'
    }
  })
}
