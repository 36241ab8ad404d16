import { spawn } from 'node:child_process'

interface Step {
  name: string
  command: string
}

const vitest = (project: string): string => `vitest run --project ${project}`

const check: Step[] = [
  { name: 'types', command: 'tsc --noEmit -p .' },
  { name: 'lint', command: 'oxlint --deny-warnings src web test tools bench' },
  { name: 'format', command: 'oxfmt --check' },
  { name: 'arrows', command: 'node tools/check-arrows.ts' },
  { name: 'unused', command: 'knip --no-progress' },
  { name: 'packs', command: 'node src/cli.ts check-pack packs' },
  { name: 'pages', command: 'node src/cli.ts build-pages' },
  { name: 'sizes', command: 'node tools/check-sizes.ts' },
  { name: 'generated', command: 'node tools/generate.ts --check' },
  { name: 'tests', command: vitest('unit') },
]

const journeys: Step[] = [{ name: 'journeys', command: vitest('journeys') }]
const plans: Record<string, Step[]> = { check, test: [...check, ...journeys], journeys }

interface Outcome {
  passed: number
  failed: number
}

/** Runs one step, showing its output; a step without a closing line of its own counts as one test. */
function run(step: Step): Promise<Outcome> {
  return new Promise((done) => {
    const startedAt = performance.now()
    const child = spawn(step.command, { shell: true, stdio: ['ignore', 'pipe', 'inherit'] })
    let tail = ''
    child.stdout.on('data', (chunk: Buffer) => {
      process.stdout.write(chunk)
      tail = (tail + chunk.toString('utf8')).slice(-4000)
    })
    child.on('close', (code) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      const counts = [...tail.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1)
      const passed = counts ? Number(counts[1]) : code === 0 ? 1 : 0
      const failed = counts ? Math.max(Number(counts[2]), code === 0 ? 0 : 1) : code === 0 ? 0 : 1
      process.stdout.write(`${code === 0 ? 'ok' : 'FAILED'}  ${step.name}  ${seconds} s\n`)
      done({ passed, failed })
    })
  })
}

const plan = plans[process.argv[2] ?? '']
if (!plan) {
  process.stderr.write(`usage: node tools/run-steps.ts ${Object.keys(plans).join('|')}\n`)
  process.exit(2)
}
const total: Outcome = { passed: 0, failed: 0 }
for (const step of plan) {
  const outcome = await run(step)
  total.passed += outcome.passed
  total.failed += outcome.failed
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`)
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1)
