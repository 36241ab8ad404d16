#!/usr/bin/env node
// Starts the command line with a Node that runs TypeScript by itself: this one where it is new enough, else the one
// that `npm ci` brought. Written for Node 20, so that an old one can at least say what is missing.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const cli = new URL('../src/cli.ts', import.meta.url)
const suffix = process.platform === 'win32' ? '.exe' : ''
const local = fileURLToPath(new URL(`../node_modules/node/bin/node${suffix}`, import.meta.url))
const [major, minor] = process.versions.node.split('.').map(Number)

if (major >= 24 || process.execPath === local) {
  await import(cli.href)
} else if (existsSync(local)) {
  const child = spawn(local, ['--max-semi-space-size=32', fileURLToPath(cli), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
    if (child.connected) child.disconnect()
  })
} else if (major > 22 || (major === 22 && minor >= 18)) {
  await import(cli.href)
} else {
  // Also where packages were installed without their scripts, one of which fetches the Node.
  const cure = 'npm ci --ignore-scripts=false'
  console.error(`同心需要 Node 24，当前是 ${process.version}。请运行 ${cure}，它会装上。`)
  console.error(`Tongxin needs Node 24, and this is ${process.version}. Run ${cure}: it brings one.`)
  process.exitCode = 1
}
