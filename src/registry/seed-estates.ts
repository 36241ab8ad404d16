import { demoResidents } from '../grid/index.ts'
import { familiesOf, type HomePlan } from './seed-families.ts'
import { GAOQIAO_NEW_RESIDENTS, GAOQIAO_PEOPLE, gaoqiaoHomes, honglianHomes } from './seed-homes.ts'

/** How many live in Honglian's let and in its owner-occupied homes. */
const HONGLIAN_TENANTS = 460
const HONGLIAN_RESIDENTS = 1_490

/** Gaoqiao Garden with everybody in it. @param today `YYYY-MM-DD`; ages count from here. */
export const gaoqiaoFamilies = (today: string): HomePlan[] =>
  familiesOf(gaoqiaoHomes(), {
    seed: 12_560,
    tenants: GAOQIAO_NEW_RESIDENTS,
    residents: GAOQIAO_PEOPLE - GAOQIAO_NEW_RESIDENTS,
    today,
    idOrders: { male: ['997'], female: ['996'] },
    phoneRange: '19922',
  })

/** Honglian with everybody in it; the demo's residents live in the first homes. */
export const honglianFamilies = (today: string): HomePlan[] =>
  familiesOf(honglianHomes(), {
    seed: 330_411,
    tenants: HONGLIAN_TENANTS,
    residents: HONGLIAN_RESIDENTS,
    today,
    idOrders: { male: ['999'], female: ['998'] },
    phoneRange: '19921',
    known: demoResidents,
  })
