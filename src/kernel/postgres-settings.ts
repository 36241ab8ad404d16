import { totalmem } from 'node:os'

const MiB = 1024 * 1024
const within = (least: number, value: number, most: number): number =>
  Math.round(Math.min(most, Math.max(least, value)))

/**
 * Server settings for a small machine (2 cores) and many small transactions; durability stays on.
 *
 * They are given on the command line, so no edited file and no ALTER SYSTEM changes them.
 * @param mode In `test` nothing survives a power cut: only for databases that a test run throws away.
 */
export function serverSettings(
  socketFolder: string | null,
  port: number,
  mode: 'product' | 'test',
): Record<string, string> {
  const memoryMiB = totalmem() / MiB
  const shared = {
    listen_addresses: socketFolder === null ? '127.0.0.1' : '',
    port: String(port),
    ...(socketFolder === null ? {} : { unix_socket_directories: socketFolder, unix_socket_permissions: '0700' }),
    max_connections: mode === 'test' ? '120' : '80',
    shared_buffers: `${within(128, memoryMiB / 8, mode === 'test' ? 128 : 1024)}MB`,
    effective_cache_size: `${within(256, memoryMiB / 2, 16_384)}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '256MB',
    wal_buffers: '16MB',
    // Only pglz is built in, and it took more of the processor than the bytes saved were worth (2,260 against 1,640 inserts/s).
    wal_compression: 'off',
    min_wal_size: mode === 'test' ? '80MB' : '256MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: '0.9',
    random_page_cost: '1.1',
    // Every query here is small: compiling it or sharing it out between processes costs more than running it.
    jit: 'off',
    max_parallel_workers_per_gather: '0',
    max_parallel_maintenance_workers: '0',
    io_method: 'sync',
    autovacuum_naptime: '15s',
    autovacuum_max_workers: '2',
    autovacuum_vacuum_cost_limit: '1000',
    autovacuum_vacuum_insert_scale_factor: '0.05',
    autovacuum_analyze_scale_factor: '0.05',
    idle_in_transaction_session_timeout: '60s',
    client_connection_check_interval: '10s',
    max_slot_wal_keep_size: '2GB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // No statement, no DETAIL and no client error is logged: they carry values, and values may be personal data.
    log_min_messages: 'log',
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    password_encryption: 'scram-sha-256',
  }
  const durability =
    mode === 'test'
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
      : { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }
  return { ...shared, ...durability }
}
