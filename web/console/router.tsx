import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { diarySearch } from './diary/search.ts'
import { burdenSearch } from './burden/search.ts'
import { registrySearch, rosterSearch } from './registry/search.ts'
import { Home } from './home.tsx'
import { ledgerSearch } from './ledger/search.ts'
import { ShellNotFound, ShellTrouble } from './shell-states.tsx'
import { Shell } from './shell.tsx'
import { campaignSearch as signingCampaignSearch, signingSearch } from './signing/search.ts'
import { campaignSearch, visitsSearch } from './visits/search.ts'
import { wallSearch } from './wall/search.ts'
import { workSearch } from './work-list/search.ts'

const root = createRootRoute({ component: Shell, notFoundComponent: ShellNotFound, errorComponent: ShellTrouble })

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home })
const matters = createRoute({
  getParentRoute: () => root,
  path: '/matters',
  validateSearch: workSearch,
  component: lazyRouteComponent(() => import('./work-list/work-list.tsx'), 'WorkListPage'),
})
const matter = createRoute({
  getParentRoute: () => root,
  path: '/matters/$id',
  component: lazyRouteComponent(() => import('./matter/matter-page.tsx'), 'MatterPage'),
})
const matterPrint = createRoute({
  getParentRoute: () => root,
  path: '/matters/$id/print',
  component: lazyRouteComponent(() => import('./matter/print-page.tsx'), 'MatterPrintPage'),
})
const report = createRoute({
  getParentRoute: () => root,
  path: '/report',
  validateSearch: (search): { kind?: string } => (typeof search['kind'] === 'string' ? { kind: search['kind'] } : {}),
  component: lazyRouteComponent(() => import('./report/report-page.tsx'), 'ReportPage'),
})
const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  component: lazyRouteComponent(() => import('./inbox/inbox-page.tsx'), 'InboxPage'),
})
const sms = createRoute({
  getParentRoute: () => root,
  path: '/sms',
  component: lazyRouteComponent(() => import('./sms/sms-page.tsx'), 'SmsPage'),
})
const ledger = createRoute({
  getParentRoute: () => root,
  path: '/ledger',
  validateSearch: ledgerSearch,
  component: lazyRouteComponent(() => import('./ledger/ledger-page.tsx'), 'LedgerPage'),
})
const areas = createRoute({
  getParentRoute: () => root,
  path: '/areas',
  validateSearch: (search: Record<string, unknown>): { area?: string | undefined } =>
    typeof search['area'] === 'string' && search['area'] !== '' ? { area: search['area'] } : {},
  component: lazyRouteComponent(() => import('./areas/areas-page.tsx'), 'AreasPage'),
})
const ofArea = (search: Record<string, unknown>): { area?: string } =>
  typeof search['area'] === 'string' && search['area'] !== '' ? { area: search['area'] } : {}
/** A page about one area, opened without one: the tree of areas is where to begin. */
const wantsArea = ({ search }: { search: { area?: string } }) => {
  if (!search.area) throw redirect({ to: '/areas' })
}
const areaBoundary = createRoute({
  getParentRoute: () => root,
  path: '/areas/boundary',
  validateSearch: ofArea,
  beforeLoad: wantsArea,
  component: lazyRouteComponent(() => import('./areas/boundary-page.tsx'), 'BoundaryPage'),
})
const areaCovers = createRoute({
  getParentRoute: () => root,
  path: '/areas/covers',
  validateSearch: ofArea,
  component: lazyRouteComponent(() => import('./areas/covers-page.tsx'), 'CoversPage'),
})
const areaSplit = createRoute({
  getParentRoute: () => root,
  path: '/areas/split',
  validateSearch: ofArea,
  beforeLoad: wantsArea,
  component: lazyRouteComponent(() => import('./areas/split-page.tsx'), 'SplitPage'),
})
const areaMerge = createRoute({
  getParentRoute: () => root,
  path: '/areas/merge',
  validateSearch: ofArea,
  beforeLoad: wantsArea,
  component: lazyRouteComponent(() => import('./areas/merge-page.tsx'), 'MergePage'),
})
const wall = createRoute({
  getParentRoute: () => root,
  path: '/wall',
  validateSearch: wallSearch,
  component: lazyRouteComponent(() => import('./wall/wall-page.tsx'), 'WallPage'),
})
const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  component: lazyRouteComponent(() => import('./admin/admin-page.tsx'), 'AdminPage'),
})
const diary = createRoute({
  getParentRoute: () => root,
  path: '/diary',
  validateSearch: diarySearch,
  component: lazyRouteComponent(() => import('./diary/diary-page.tsx'), 'DiaryPage'),
})
const diaryEntry = createRoute({
  getParentRoute: () => root,
  path: '/diary/$id',
  component: lazyRouteComponent(() => import('./diary/entry-page.tsx'), 'DiaryEntryPage'),
})
const poster = createRoute({
  getParentRoute: () => root,
  path: '/poster',
  validateSearch: (search): { path?: string } => (typeof search['path'] === 'string' ? { path: search['path'] } : {}),
  component: lazyRouteComponent(() => import('./diary/poster-page.tsx'), 'PosterPage'),
})
const segments = createRoute({
  getParentRoute: () => root,
  path: '/segments',
  component: lazyRouteComponent(() => import('./segments/segments-page.tsx'), 'SegmentsPage'),
})
const burden = createRoute({
  getParentRoute: () => root,
  path: '/burden',
  validateSearch: burdenSearch,
  component: lazyRouteComponent(() => import('./burden/burden-page.tsx'), 'BurdenPage'),
})
const ownRequests = createRoute({
  getParentRoute: () => root,
  path: '/own-requests',
  component: lazyRouteComponent(() => import('./own-requests/own-requests-page.tsx'), 'OwnRequestsPage'),
})
const followUps = createRoute({
  getParentRoute: () => root,
  path: '/follow-ups',
  component: lazyRouteComponent(() => import('./follow-up/follow-up-page.tsx'), 'FollowUpPage'),
})
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./setup/setup-page.tsx'), 'SetupPage'),
})
const hotline = createRoute({
  getParentRoute: () => root,
  path: '/hotline',
  component: lazyRouteComponent(() => import('./hotline/hotline-page.tsx'), 'HotlinePage'),
})
const imports = createRoute({
  getParentRoute: () => root,
  path: '/import',
  component: lazyRouteComponent(() => import('./import/imports-page.tsx'), 'ImportsPage'),
})
const oneImport = createRoute({
  getParentRoute: () => root,
  path: '/import/$id',
  component: lazyRouteComponent(() => import('./import/import-page.tsx'), 'ImportPage'),
})
const handover = createRoute({
  getParentRoute: () => root,
  path: '/handover',
  validateSearch: (search): { who?: string } => (typeof search['who'] === 'string' ? { who: search['who'] } : {}),
  component: lazyRouteComponent(() => import('./setup/handover-page.tsx'), 'HandoverPage'),
})
const adminSection = createRoute({
  getParentRoute: () => root,
  path: '/admin/$section',
  component: lazyRouteComponent(() => import('./admin/admin-page.tsx'), 'AdminPage'),
})
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
})

const registry = createRoute({
  getParentRoute: () => root,
  path: '/registry',
  validateSearch: registrySearch,
  component: lazyRouteComponent(() => import('./registry/registry-page.tsx'), 'RegistryPage'),
})
const registryDuplicates = createRoute({
  getParentRoute: () => root,
  path: '/registry/duplicates',
  component: lazyRouteComponent(() => import('./duplicates/duplicates-page.tsx'), 'DuplicatesPage'),
})
const registryBuilding = createRoute({
  getParentRoute: () => root,
  path: '/registry/buildings/$id',
  component: lazyRouteComponent(() => import('./registry/building-page.tsx'), 'BuildingPage'),
})
const registryPremises = createRoute({
  getParentRoute: () => root,
  path: '/registry/premises/$id',
  component: lazyRouteComponent(() => import('./registry/premises-page.tsx'), 'PremisesPage'),
})
const registryHousehold = createRoute({
  getParentRoute: () => root,
  path: '/registry/households/$id',
  component: lazyRouteComponent(() => import('./registry/household-page.tsx'), 'HouseholdPage'),
})
const registryPerson = createRoute({
  getParentRoute: () => root,
  path: '/registry/people/$id',
  component: lazyRouteComponent(() => import('./registry/person-page.tsx'), 'PersonPage'),
})
const registryOrganisation = createRoute({
  getParentRoute: () => root,
  path: '/registry/organisations/$id',
  component: lazyRouteComponent(() => import('./registry/organisation-page.tsx'), 'OrganisationPage'),
})
const registryRoster = createRoute({
  getParentRoute: () => root,
  path: '/registry/roster',
  validateSearch: rosterSearch,
  component: lazyRouteComponent(() => import('./registry/roster-page.tsx'), 'RosterPage'),
})
const visits = createRoute({
  getParentRoute: () => root,
  path: '/visits',
  validateSearch: visitsSearch,
  component: lazyRouteComponent(() => import('./visits/visits-page.tsx'), 'VisitsPage'),
})
const visitPlan = createRoute({
  getParentRoute: () => root,
  path: '/visits/plan',
  component: lazyRouteComponent(() => import('./visits/plan-page.tsx'), 'PlanPage'),
})
const visitCampaign = createRoute({
  getParentRoute: () => root,
  path: '/visits/$id',
  validateSearch: campaignSearch,
  component: lazyRouteComponent(() => import('./visits/campaign-page.tsx'), 'CampaignPage'),
})
const visitBuilding = createRoute({
  getParentRoute: () => root,
  path: '/visits/$id/buildings/$building',
  component: lazyRouteComponent(() => import('./visits/building-page.tsx'), 'BuildingPage'),
})

const signing = createRoute({
  getParentRoute: () => root,
  path: '/signing',
  validateSearch: signingSearch,
  component: lazyRouteComponent(() => import('./signing/signing-page.tsx'), 'SigningPage'),
})
const signingNew = createRoute({
  getParentRoute: () => root,
  path: '/signing/new',
  component: lazyRouteComponent(() => import('./signing/new-page.tsx'), 'NewSigningPage'),
})
const signingCampaign = createRoute({
  getParentRoute: () => root,
  path: '/signing/$id',
  validateSearch: signingCampaignSearch,
  component: lazyRouteComponent(() => import('./signing/campaign-page.tsx'), 'CampaignPage'),
})
const signingEnvelope = createRoute({
  getParentRoute: () => root,
  path: '/signing/envelopes/$id',
  component: lazyRouteComponent(() => import('./signing/envelope-page.tsx'), 'EnvelopePage'),
})
const signingLetter = createRoute({
  getParentRoute: () => root,
  path: '/signing/letters/$id',
  component: lazyRouteComponent(() => import('./signing/letter-page.tsx'), 'LetterPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    matters,
    matter,
    matterPrint,
    report,
    inbox,
    sms,
    ledger,
    areas,
    areaCovers,
    areaBoundary,
    areaSplit,
    areaMerge,
    wall,
    admin,
    setup,
    hotline,
    imports,
    oneImport,
    handover,
    adminSection,
    settings,
    diary,
    diaryEntry,
    segments,
    burden,
    ownRequests,
    followUps,
    poster,
    registry,
    registryDuplicates,
    registryBuilding,
    registryPremises,
    registryHousehold,
    registryPerson,
    registryOrganisation,
    registryRoster,
    signing,
    signingNew,
    signingCampaign,
    signingEnvelope,
    signingLetter,
    visits,
    visitPlan,
    visitCampaign,
    visitBuilding,
  ]),
  basepath: '/console',
  scrollRestoration: true,
  defaultPreload: 'intent',
  // A page that fails leaves the frame standing, so that one can go elsewhere.
  defaultErrorComponent: ShellTrouble,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
