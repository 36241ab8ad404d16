/**
 * The command line of the stand-alone verifier. tools/build-verifier.ts makes one file of it that needs nothing but Node.
 *
 * Exit codes: 0 everything holds; 1 something does not; 2 the file or the key could not be read.
 */
import { readFileSync } from 'node:fs'
import { verifyProof, type Verdict } from '../src/ledger/verify-proof.ts'

const USAGE = `用法 usage: node tongxin-verify.mjs proof.json [--key pub.pem]
  proof.json  一份证明，或一组证明（[…]、{"items": […]}、{"proofs": […]}）；- 表示从标准输入读
              one proof, or several; - reads standard input
  --key       主管部门公布的公钥（PEM）；不给时只能核对签名与文件自带的公钥相符
              the published public key; without it the signature is checked against the key inside the file
退出码 exit code: 0 成立 holds; 1 不成立 does not hold; 2 读不了 cannot be read`

/** Everybody can make a key, and with it a ledger that holds in itself. */
const UNCONFIRMED = `注意：公钥是文件自带的，没有与公布的公钥核对；谁都可以用自己的公钥做出“成立”的证明。请加 --key 再验。
NOTE: the key came with the file and was not compared with the published one. Anybody can make such a proof with a key of
their own; check again with --key.
`

function parseArguments(args: readonly string[]): { file: string; keyFile: string | undefined } | undefined {
  const at = args.indexOf('--key')
  const keyFile = at < 0 ? undefined : args[at + 1]
  const rest = at < 0 ? [...args] : args.filter((_, i) => i !== at && i !== at + 1)
  const [file] = rest
  if (!file || rest.length !== 1 || (at >= 0 && !keyFile) || (file.startsWith('-') && file !== '-')) return undefined
  return { file, keyFile }
}

function readKey(path: string): Uint8Array {
  const body = /-----BEGIN PUBLIC KEY-----([\sA-Za-z0-9+/=]+)-----END PUBLIC KEY-----/.exec(
    readFileSync(path, 'utf8'),
  )?.[1]
  if (!body) throw new Error(`${path}: 不是 PEM 公钥 not a PEM public key`)
  return new Uint8Array(Buffer.from(body, 'base64'))
}

function proofsIn(value: unknown): unknown[] {
  const { items, proofs } = (value ?? {}) as { items?: unknown; proofs?: unknown }
  const list = [value, items, proofs].find(Array.isArray) as unknown[] | undefined
  return list ?? [value]
}

function print({ checks, holds, leaf }: Verdict): void {
  if (leaf) {
    const subject = leaf['subject'] as { id?: unknown; version?: unknown } | undefined
    console.log(`记录 entry ${String(leaf['entry'])}`)
    console.log(
      `  ${String(leaf['at'])}  ${String(leaf['event'])}  ${String(subject?.id)} v${String(subject?.version)}`,
    )
  }
  for (const check of checks)
    console.log(`  ${check.ok ? '✓ 是 yes' : '✗ 否 NO '}  ${check.zh}\n           ${check.en}`)
  console.log(holds ? '成立：与签名时一致 HOLDS: unchanged since it was signed\n' : '不成立 DOES NOT HOLD\n')
}

async function main(): Promise<number> {
  const parsed = parseArguments(process.argv.slice(2))
  if (!parsed) {
    console.error(USAGE)
    return 2
  }
  let proofs: unknown[]
  let key: Uint8Array | undefined
  try {
    proofs = proofsIn(JSON.parse(readFileSync(parsed.file === '-' ? 0 : parsed.file, 'utf8')))
    key = parsed.keyFile === undefined ? undefined : readKey(parsed.keyFile)
  } catch (error) {
    console.error(`读不了 cannot be read: ${(error as Error).message}`)
    return 2
  }
  if (proofs.length === 0) {
    console.error('文件里没有证明 no proof in the file')
    return 2
  }
  let broken = 0
  for (const proof of proofs) {
    const verdict = await verifyProof(proof, key)
    print(verdict)
    if (!verdict.holds) broken += 1
  }
  if (!key && broken < proofs.length) console.log(UNCONFIRMED)
  console.log(`共 ${proofs.length} 份，${broken} 份不成立 (${proofs.length} checked, ${broken} do not hold)`)
  return broken === 0 ? 0 : 1
}

process.exitCode = await main()
