/** Writes the table of bench/README.md from bench/results/*.json: `node bench/table.ts`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

interface Result {
  scene: string
  ours: number
  limit: number
  ratio: number
  unit: string
  raw?: number | null
  detail?: Record<'ours' | 'thin', { p50: number; p95: number; serverCpuMs: number; databaseCpuMs: number }>
  oursIdleMiB?: number
  thinIdleMiB?: number
  at: string
  commit: string
  machine: string
}

const folder = new URL('./results/', import.meta.url)
const besideThin = ['intake', 'move', 'matter', 'list', 'locate', 'start']
/** Held to an aim, or to raw COPY, instead of to thin. */
const toAim = ['search', 'household', 'point', 'import', 'export', 'signing', 'wall', 'listeners', 'sync']
const all = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Result)
const inOrder = (order: readonly string[]): Result[] =>
  all
    .filter((result) => order.includes(result.scene))
    .toSorted((one, other) => order.indexOf(one.scene) - order.indexOf(other.scene))
const results = inOrder(besideThin)

const rows = results.map(({ scene, ours, limit, ratio, unit, raw, detail, oursIdleMiB, thinIdleMiB, commit }) => {
  const cpu = (side: 'ours' | 'thin'): string =>
    detail ? `${detail[side].serverCpuMs} + ${detail[side].databaseCpuMs}` : '–'
  const p95 = detail
    ? `${detail.ours.p95} / ${detail.thin.p95}`
    : oursIdleMiB
      ? `idle ${oursIdleMiB} / ${thinIdleMiB} MiB`
      : '–'
  return `| ${scene} | ${raw ?? '–'} | ${limit} | ${ours} | ${unit} | ${ratio} | ${p95} | ${cpu('ours')} | ${cpu('thin')} | ${commit} |`
})
const head = [
  '| scene | raw | thin | ours | unit | ratio | p95 ours / thin, ms | CPU ms ours (server + database) | CPU ms thin | commit |',
  '|---|---|---|---|---|---|---|---|---|---|',
]
const aimed = inOrder(toAim).map(
  ({ scene, ours, limit, unit, ratio, commit }) => `| ${scene} | ${limit} | ${ours} | ${unit} | ${ratio} | ${commit} |`,
)
const aimedHead = ['| scene | held to | ours | unit | ratio | commit |', '|---|---|---|---|---|---|']
const machine = results[0]
  ? `\nMachine: ${results[0].machine}; last run ${results
      .map((result) => result.at)
      .toSorted()
      .at(-1)
      ?.slice(0, 16)} UTC.\n`
  : ''
const readme = new URL('./README.md', import.meta.url)
const text = readFileSync(readme, 'utf8')
const table = `<!-- table -->\n\n${[...head, ...rows, '', ...aimedHead, ...aimed].join('\n')}\n${machine}\n<!-- end of table -->`
writeFileSync(
  readme,
  text.replace(/<!-- table -->[\s\S]*<!-- end of table -->/, () => table),
)
