import type { SignInStep } from '../../../src/identity/contract.ts'
import type { DemoPerson } from '../../../src/identity/demo/contract.ts'
import { send } from '../api.ts'
import { isDemo } from '../county.ts'
import type { TextKey } from '../i18n/text.ts'
import { useText } from '../i18n/text.ts'
import { useAct, useRead } from '../loading.ts'
import { Icon } from '../ui/icon.tsx'
import { Refused } from '../ui/states.tsx'
import { seatNames } from './seats.ts'

const kindNames: Record<DemoPerson['kind'], TextKey> = {
  staff: 'signIn.staff',
  resident: 'signIn.resident',
  guest: 'signIn.resident',
}

/** The role in words, where the house tells it. */
type TitledPerson = DemoPerson & { title?: string | null }

/** Only in a folder made for trying out: one tap signs in as somebody of the invented town. */
export function DemoRoles({ done }: { done: () => void }) {
  const t = useText()
  const people = useRead<{ items: TitledPerson[] }>(isDemo() ? '/demo/people' : null)
  const act = useAct((body: { accountId: string }, key) => send<SignInStep>('/demo/sign-in', { body, key }))
  if (!people.data || people.data.items.length === 0) return null
  const titled = people.data.items.filter((person) => person.title)
  const shown = titled.length > 0 ? titled : people.data.items
  const noteOf = (person: TitledPerson) =>
    person.title ??
    (person.seats.length > 0
      ? person.seats.map((seat) => t(seatNames[seat])).join(' ')
      : (person.loginName ?? t(kindNames[person.kind])))
  return (
    <section className="stack-s">
      <h2>{t('demo.title')}</h2>
      <p className="soft small">{t('demo.note')}</p>
      <Refused error={act.error} />
      <ul className="demo-roles">
        {shown.map((person) => (
          <li key={person.accountId}>
            <button type="button" onClick={async () => (await act.run({ accountId: person.accountId })) && done()}>
              <span>
                <span className="strong">{noteOf(person)}</span> <span className="soft small">{person.name}</span>
              </span>
              <Icon name="forward" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
