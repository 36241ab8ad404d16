import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { completeLock, platformOf, type Lock } from './complete-lock.ts'

test.each([
  ['@oxc-parser/binding-linux-arm-musleabihf', { os: ['linux'], cpu: ['arm'], libc: ['musl'] }],
  ['@oxc-parser/binding-linux-x64-gnu', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }],
  ['@esbuild/darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
  ['@oxc-parser/binding-android-arm-eabi', { os: ['android'], cpu: ['arm'] }],
  ['@node-rs/argon2-wasm32-wasi', { cpu: ['wasm32'] }],
  ['@oxlint/binding-win32-ia32-msvc', { os: ['win32'], cpu: ['ia32'] }],
])('%s is for %o', (name, platform) => expect(platformOf(name)).toEqual(platform))

describe('completing', () => {
  const lock: Lock = {
    packages: {
      '': {},
      'node_modules/a': {
        version: '1.0.0',
        dev: true,
        optionalDependencies: { 'a-linux-x64-gnu': '1.0.0', 'a-darwin-x64': '1.0.0' },
      },
      'node_modules/a-linux-x64-gnu': { version: '1.0.0', optional: true },
      'node_modules/b': { version: '1.0.0' },
      'node_modules/b/node_modules/c': {
        version: '2.0.0',
        optionalDependencies: { 'c-win32-x64': '2.0.0', 'd-win32-x64': '^3.0.0' },
      },
      'node_modules/b/node_modules/c-win32-x64': { version: '2.0.0' },
    },
  }

  test('adds what is absent, for its platform only, and nothing that npm finds further up', () => {
    const { lock: complete, added } = completeLock(lock)
    expect(added).toEqual(['a-darwin-x64@1.0.0', 'd-win32-x64@3.0.0'])
    expect(complete.packages['node_modules/a-darwin-x64']).toEqual({
      version: '1.0.0',
      os: ['darwin'],
      cpu: ['x64'],
      dev: true,
      optional: true,
    })
    expect(completeLock(complete).added).toEqual([])
  })

  test('does not guess', () => {
    const odd = { packages: { '': { optionalDependencies: { fsevents: '~2.3.2' } } } }
    expect(() => completeLock(odd)).toThrow('fsevents')
  })

  test('the committed lock is complete', () => {
    const committed = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock
    expect(Object.keys(committed.packages).length).toBeGreaterThan(300)
    expect(completeLock(committed).added).toEqual([])
  })
})
