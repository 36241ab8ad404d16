import type { SignInStep } from '../../../src/identity/contract.ts'
import type { DemoPerson } from '../../../src/identity/demo/contract.ts'
import { send } from '../api.ts'
import { isDemo } from '../county.ts'
import type { TextKey } from '../i18n/text.ts'
import { useText } from '../i18n/text.ts'
import type { Loaded } from '../loading.ts'
import { useAct, useRead } from '../loading.ts'
import { Icon } from '../ui/icon.tsx'
import { Refused } from '../ui/states.tsx'
import { DemoLoadingBar } from './demo-loading.tsx'
import { seatNames } from './seats.ts'

const kindNames: Record<DemoPerson['kind'], TextKey> = {
  staff: 'signIn.staff',
  resident: 'signIn.resident',
  guest: 'signIn.resident',
}

const pageOfFace = { phone: '/h5', desk: '/console' } as const

type People = Loaded<{ items: DemoPerson[] }>

/** Everybody worth trying, only in a folder made for trying out. Asked by the page: what stands below them waits for them. */
export const useDemoPeople = (): People => useRead(isDemo() ? '/demo/people?titled=true' : null)

/** One tap signs in as somebody of the invented town, on the face that the role works on. */
export function DemoRoles({ people, done, here }: { people: People; done: () => void; here: 'phone' | 'desk' }) {
  const t = useText()
  const act = useAct((body: { accountId: string }, key) => send<SignInStep>('/demo/sign-in', { body, key }))
  if (!isDemo()) return null
  if (!people.data) return null
  const titled = people.data.items.filter((person) => person.title)
  const shown = titled.length > 0 ? titled : people.data.items
  if (shown.length === 0) return null
  const first = shown.filter((person) => person.first)
  const others = shown.filter((person) => !person.first)
  const choose = async (person: DemoPerson) => {
    if (!(await act.run({ accountId: person.accountId }))) return
    if (person.face && person.face !== here) location.assign(pageOfFace[person.face])
    else done()
  }
  return (
    <section className="stack-s demo" aria-labelledby="demo-title">
      <h2 id="demo-title">{t('demo.title')}</h2>
      <p className="soft small">{t('demo.note')}</p>
      <DemoLoadingBar />
      <Refused error={act.error} />
      {first.length > 0 && (
        <ul className="demo-cards">
          {first.map((person) => (
            <li key={person.accountId}>
              <button type="button" disabled={act.busy} onClick={() => void choose(person)}>
                <span className="demo-card-head">
                  <span className="strong">{person.title}</span>
                  {person.face && (
                    <span className="demo-face">{t(person.face === 'phone' ? 'demo.onPhone' : 'demo.atDesk')}</span>
                  )}
                </span>
                <span className="small">{person.first}</span>
                <span className="faint small">{person.name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <>
          {first.length > 0 && <h3>{t('demo.others')}</h3>}
          <ul className="demo-roles">
            {others.map((person) => (
              <li key={person.accountId}>
                <button type="button" disabled={act.busy} onClick={() => void choose(person)}>
                  <span>
                    <span className="strong">{nameOf(person, t)}</span>{' '}
                    <span className="soft small">{person.name}</span>
                  </span>
                  <Icon name="forward" />
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function nameOf(person: DemoPerson, t: ReturnType<typeof useText>): string {
  if (person.title) return person.title
  if (person.seats.length > 0) return person.seats.map((seat) => t(seatNames[seat])).join(' ')
  return person.loginName ?? t(kindNames[person.kind])
}
