import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

export interface Metrics {
  registry: Registry
  requestSeconds: Histogram<'route' | 'method' | 'status'>
  faults: Counter<'code'>
  handlerRuns: Counter<'handler' | 'outcome'>
  gauge(name: string, help: string, collect: () => number | Promise<number>): void
}

/** The process's own registry; served as /metrics in the Prometheus text format. */
export function makeMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'tongxin_request_seconds',
      help: 'Time from request to answer, by route pattern.',
      labelNames: ['route', 'method', 'status'],
      buckets: [0.005, 0.01, 0.03, 0.1, 0.3, 1, 3],
      registers: [registry],
    }),
    faults: new Counter({
      name: 'tongxin_faults_total',
      help: 'Refusals by code.',
      labelNames: ['code'],
      registers: [registry],
    }),
    handlerRuns: new Counter({
      name: 'tongxin_handler_runs_total',
      help: 'Handlers of ledger entries that ran, by outcome.',
      labelNames: ['handler', 'outcome'],
      registers: [registry],
    }),
    gauge(name, help, collect) {
      new Gauge({
        name,
        help,
        registers: [registry],
        async collect() {
          this.set(await collect())
        },
      })
    },
  }
}
