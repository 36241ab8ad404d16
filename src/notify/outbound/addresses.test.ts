import { describe, expect, test } from 'vitest'
import { addressProblem, isPublicAddress, publicLookup } from './addresses.ts'
import { postOutside } from './post.ts'
import { standIn } from '../../../test/support/stand-in.ts'

const closed = [
  '0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.168.1.1',
  '198.18.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', 'fc00::1', 'fd12::1', 'fe80::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:7f00:1',
  '64:ff9b::a00:1', '2001:db8::1', '2002:7f00:1::',
] // prettier-ignore
const open = ['1.1.1.1', '172.32.0.1', '100.128.0.1', '223.5.5.5', '2400:3200::1', '::ffff:223.5.5.5']

test.each(closed)('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false))
test.each(open)('%s is public', (address) => expect(isPublicAddress(address)).toBe(true))

describe('addresses as they are written', () => {
  test.each([
    ['not a url', 'not_a_url'],
    ['http://example.com/', 'not_https'],
    ['ftp://example.com/', 'not_https'],
    ['https://user:word@example.com/', 'has_credentials'],
    ['https://localhost/', 'closed_address'],
    ['https://db.localhost/', 'closed_address'],
    ['https://postgres/', 'closed_address'],
    ['https://127.0.0.1/', 'closed_address'],
    ['https://2130706433/', 'closed_address'],
    ['https://0x7f.1/', 'closed_address'],
    ['https://[::1]/', 'closed_address'],
    ['https://[::ffff:127.0.0.1]/', 'closed_address'],
    ['https://169.254.169.254/latest/meta-data', 'closed_address'],
  ])('%s: %s', (text, problem) => expect(addressProblem(text, false)).toBe(problem))

  test('a public one passes', () => expect(addressProblem('https://hooks.example.com/a?b=c', false)).toBeUndefined())
  test('private ones pass where the operator allows them', () =>
    expect(addressProblem('http://127.0.0.1:9/', true)).toBeUndefined())
})

test('a name that points inside is refused when it is looked up', async () => {
  const error = await new Promise((resolve) => publicLookup('localhost', {}, (problem) => resolve(problem)))
  expect(error).toMatchObject({ name: 'ClosedAddress' })
})

test('nothing is sent to a private address unless allowed, and redirects are not followed', async () => {
  const server = await standIn(() => ({
    status: 302,
    headers: { location: 'http://127.0.0.1:1/' },
    text: 'x'.repeat(10_000),
  }))
  await expect(postOutside(server.url, { headers: {}, body: '{}' }, { allowPrivate: false })).rejects.toMatchObject({
    name: 'ClosedAddress',
  })
  expect(server.seen).toHaveLength(0)
  const answer = await postOutside(server.url, { headers: {}, body: '{}' }, { allowPrivate: true })
  expect(answer.status).toBe(302)
  expect(answer.body).toHaveLength(4096)
  expect(server.seen).toHaveLength(1)
  await server.close()
})

test('a silent receiver costs a limited time', async () => {
  const server = await standIn(() => new Promise(() => {}))
  const started = Date.now()
  await expect(
    postOutside(server.url, { headers: {}, body: '' }, { allowPrivate: true, timeoutMs: 200 }),
  ).rejects.toThrow()
  expect(Date.now() - started).toBeLessThan(3000)
  await server.close()
})
