import type { AccessCase, SweepWorld } from './harness.ts'

const at = (url: string) => async (world: SweepWorld) => ({
  url: `${url}${url.includes('?') ? '&' : '?'}area=${encodeURIComponent(world.rightPlace)}`,
})

export const cases: AccessCase[] = [
  { route: 'GET /api/v1/wall', prepare: at('/api/v1/wall') },
  { route: 'GET /api/v1/wall/points', prepare: at('/api/v1/wall/points') },
  { route: 'GET /api/v1/wall/matters', prepare: at('/api/v1/wall/matters?scope=all') },
  { route: 'GET /api/v1/wall/outline', prepare: at('/api/v1/wall/outline') },
  { route: 'GET /api/v1/wall/events', prepare: at('/api/v1/wall/events?follow=false') },
]
