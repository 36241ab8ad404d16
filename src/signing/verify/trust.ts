import type { App } from '../../kernel/app.ts'
import type { LocalAuthority } from '../authority/issue.ts'
import { workshopOf } from '../workshop.ts'
import type { Trust } from './contract.ts'

const LISTS_HOUR_MS = 3_600_000
const kept = new WeakMap<LocalAuthority, { lists: Promise<string[]>; until: number }>()

/** Made anew each hour, not at each question. */
async function listsOf(authority: LocalAuthority, now: Date): Promise<string[]> {
  const found = kept.get(authority)
  if (found && found.until > now.getTime()) return found.lists
  const { revocationListOf } = await import('../authority/issue.ts')
  const lists = Promise.all([authority.root, authority.issuer].map((one) => revocationListOf(one, now))).then((made) =>
    made.map((der) => Buffer.from(der).toString('base64')),
  )
  kept.set(authority, { lists, until: now.getTime() + LISTS_HOUR_MS })
  return lists
}

/** Whose certificates and time stamps count for letters of this installation. */
export async function trustOf(app: App): Promise<Trust> {
  const shop = workshopOf(app.ports)
  const authority = await shop.authority()
  const { x509 } = await import('../../kernel/x509.ts')
  const nameOf = (pem: string): string => new x509.X509Certificate(pem).subjectName.getField('CN')[0] ?? ''
  const own = { name: nameOf(authority.root.cert), certificate: authority.root.cert, isLocal: true }
  const stampers = (shop.stampers ?? []).flatMap(({ name, roots }) =>
    roots.map((root) => ({ name, certificate: root.toString('pem'), isLocal: false })),
  )
  // What was stamped by the own clock before an authority was set still is what it was.
  return {
    roots: [own],
    stampRoots: [...stampers, own],
    revocationLists: await listsOf(authority, app.clock.now()),
  }
}
