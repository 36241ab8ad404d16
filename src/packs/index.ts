/**
 * The packs' front door: what a scenario is made of, in the version that a matter began with.
 */
import type { Room } from '../kernel/app.ts'
import { offerToSeat } from '../identity/index.ts'
import { packsRoutes } from './routes.ts'
import { publishShippedEverywhere } from './service.ts'

export { currentKind, currentKinds, mayBeginKind, packOf, publishPack, publishShipped } from './service.ts'
export {
  type Around,
  categoriesOf,
  clockBegins,
  categoryName,
  dueFor,
  dutyBasis,
  findCategory,
  findItem,
  findStep,
  findText,
  firstAssign,
  firstStep,
  type GuardFacts,
  guardAllows,
  guardSentence,
  guardVariables,
  instantIn,
  isEnd,
  isUrgentCategory,
  itemName,
  kindName,
  moveDone,
  moveHint,
  moveName,
  movesFrom,
  nextSentence,
  opensAt,
  type PackKind,
  photoRule,
  reporterSentence,
  say,
  stateName,
  stateOf,
  stepFor,
} from './rules.ts'
export { questionForms } from './questions.ts'
export { describeForm, duplicateNumberIn, presentForm, reasonIn, validateForm } from './forms.ts'
export { checkContent, checkPack, type KnownNames, type Problem } from './check.ts'
export { shippedNames } from './known.ts'
export { drawMermaid, drawSvg } from './diagram.ts'
export { hashOf, loadPack, shippedFolder, shippedPacks } from './load.ts'
export type {
  Assign,
  Escalation,
  Kind,
  Link,
  PackContent,
  ShownForm,
  State,
  Step,
  TimeAmount,
  Tone,
} from './contract.ts'

offerToSeat('system', 'packs.read', 'packs.manage')

export const packs: Room = {
  name: 'packs',
  routes: packsRoutes,
  async start(app) {
    await publishShippedEverywhere(app)
    return async () => {}
  },
}
