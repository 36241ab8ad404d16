import { existsSync } from 'node:fs'
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser'

/**
 * Checks that imports point down (docs/architecture.md), and counts what it looked at: with TypeScript 7 alone the tool
 * sees no module and would praise everything, so it parses with swc and fewer than `modulesMin` modules is a failure.
 */
export interface ArrowsReport {
  modules: number
  dependencies: number
  complaints: string[]
}

const modulesMin = 100
const configFile = new URL('../.dependency-cruiser.mjs', import.meta.url).href

type Rules = ICruiseOptions['ruleSet']

export async function checkArrows(paths: string[], baseDir = process.cwd()): Promise<ArrowsReport> {
  const { default: config } = (await import(configFile)) as { default: Rules & { options: ICruiseOptions } }
  const { options, ...ruleSet } = config
  const present = paths.filter((path) => existsSync(`${baseDir}/${path}`))
  const { output } = await cruise(present, { ...options, baseDir, validate: true, ruleSet: ruleSet as Rules })
  const { summary } = output as ICruiseResult
  const complaints = summary.violations
    .filter(({ rule }) => rule.severity === 'error')
    .map(
      ({ rule, from, to, cycle }) =>
        `${rule.name}: ${from} → ${cycle ? cycle.map((step) => step.name).join(' → ') : to}`,
    )
  return { modules: summary.totalCruised, dependencies: summary.totalDependenciesCruised ?? 0, complaints }
}

if (import.meta.main) {
  const report = await checkArrows(['src', 'web', 'test'])
  for (const complaint of report.complaints) console.error(complaint)
  console.log(
    `arrows: ${report.modules} modules, ${report.dependencies} imports, ${report.complaints.length} against the rules`,
  )
  if (report.modules < modulesMin) console.error(`saw fewer than ${modulesMin} modules: the check itself is broken`)
  if (report.complaints.length > 0 || report.modules < modulesMin) process.exitCode = 1
}
