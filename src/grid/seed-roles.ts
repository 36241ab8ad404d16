import { randomFrom } from './seed-shapes.ts'

const surnames = '沈陆顾张王徐朱周吴陈姚金许钱曹俞潘胡杨高孙蒋赵施倪费戴冯褚严孔魏陶姜谢邹柏章'
const givenNames =
  '建华 秋芳 国强 美琴 明月 晓峰 慧敏 志远 桂英 海燕 卫东 雪萍 文杰 丽娟 永平 佳怡 根生 春梅 立新 思远 阿林 玉兰 家豪 静怡 培根 红霞 振宇 彩云 云飞 巧珍 小平 月娥 水根 凤英 炳荣 雅琴 伟良 素珍 林根 爱娟 国平 金妹 海明 惠芬 一鸣 晓燕 永法 亚萍 俊杰 梦婷'.split(
    ' ',
  )

/** Invented names, none of them twice, always the same for the same seed. */
export function namesFrom(seed: number): () => string {
  const random = randomFrom(seed)
  const taken = new Set<string>()
  return () => {
    for (;;) {
      const name =
        surnames[Math.floor(random() * surnames.length)]! + givenNames[Math.floor(random() * givenNames.length)]!
      if (taken.has(name)) continue
      taken.add(name)
      return name
    }
  }
}

interface Tries {
  first: { zh: string; en: string }
  face: 'phone' | 'desk'
}

export const residentTries: Tries = {
  face: 'phone',
  first: {
    zh: '看看自己报的事办到哪一步，给办好的打个分；再看登记了您哪些信息',
    en: 'See how far your reports have come, and rate one that is done; see what is kept about you',
  },
}

/** The roles to try first, in the order of a report's way, with what to do first in each. */
export const firstToTry: Readonly<Record<string, Tries>> = {
  'lead.1': {
    face: 'phone',
    first: { zh: '受理一件刚报上来的事，就地办好它', en: 'Accept a fresh report and settle it on the spot' },
  },
  'worker.1': {
    face: 'phone',
    first: { zh: '办一件转给您的事，拍照反馈', en: 'Handle what was handed over to you, with a photo' },
  },
  secretary: {
    face: 'desk',
    first: { zh: '看全村在办的事，办一件交到村里的', en: 'See what is open in the village; handle one sent to you' },
  },
  dispatcher: {
    face: 'desk',
    first: { zh: '把待派遣的派给部门，把核查过的结案', en: 'Send filed matters to departments; close verified ones' },
  },
  enforcement: {
    face: 'desk',
    first: { zh: '办一件派来的，反馈处置结果', en: 'Handle one that was sent to you and report the result' },
  },
  verifier: {
    face: 'desk',
    first: { zh: '对照前后照片核查一件', en: 'Verify one by its photos before and after' },
  },
  discipline: {
    face: 'desk',
    first: {
      zh: '看超期的，点开一件看每一步是谁、什么时候，再看“态势”',
      en: 'Look at what is overdue: open one, who did what and when; then the wall',
    },
  },
  'county.leader': {
    face: 'desk',
    first: { zh: '看全区在办和超期，一直点到那一件事', en: 'See what is open and overdue, down to the one matter' },
  },
  system: {
    face: 'desk',
    first: { zh: '看工作人员账号，在短信发件箱找一条验证码', en: 'See the accounts; find a code in the text messages' },
  },
  security: {
    face: 'desk',
    first: {
      zh: '看谁有管理员席位，再到“账号”看谁还没开动态码',
      en: 'See who holds which seat, then under Accounts who has no code yet',
    },
  },
  audit: {
    face: 'desk',
    first: {
      zh: '看登录记录，再到账本核对一条证明',
      en: 'Look through the sign-ins, then check a proof in the ledger',
    },
  },
}
