import { Printers } from '../src/signing/letters/render.ts'
import { shippedLetters } from '../src/signing/letters/shipped.ts'
import { finishLetter, localDesk, makePhoneKey, prepareLetter } from '../src/signing/pipeline.ts'
import { sampleLetter } from '../src/signing/sample.ts'
import { bytesOf, derSignature } from '../src/signing/proof/cms.ts'
import { derOf } from '../src/signing/authority/issue.ts'
import { keyFromPem, P256 } from '../src/kernel/x509.ts'

/** Documents a second that a campaign needs: 3,000 who sign at once are through in two minutes. */
const AIM = 25
const AT_ONCE = 8
const now = (): Date => new Date()
const residentMiB = (): number => Math.round(process.memoryUsage.rss() / 2 ** 20)

async function perSecond(
  count: number,
  work: (n: number) => Promise<unknown>,
): Promise<{ rate: number; mib: number[] }> {
  const mib: number[] = []
  let next = 0
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < count) {
        const n = next++
        await work(n)
        if (n % Math.ceil(count / 12) === 0) mib.push(residentMiB())
      }
    }),
  )
  return { rate: Number(((count * 1000) / (performance.now() - begun)).toFixed(1)), mib }
}

/**
 * Letters through the whole pipeline, beside bare rendering and beside a platform's one seal without a signer's key, in the
 * same process: render, certificate of minutes, the phone's signature, vouchers, seal, time stamp.
 *
 * @param count Documents of the whole pipeline: 12,000 for the figures that are quoted.
 */
export async function measureSigning(count: number, say: (line: string) => void): Promise<object> {
  const desk = await localDesk('秀洲区王店镇人民政府', now)
  const printers = new Printers(2)
  const templates = shippedLetters()
  const letterOf = (n: number) => sampleLetter(templates[n % templates.length]!, n + 1, now())
  const whole = async (n: number): Promise<void> => {
    const phone = await makePhoneKey()
    const signer = { name: '张伟', spki: phone.spki }
    const prepared = await prepareLetter(desk, printers, { letter: letterOf(n), envelope: `e-${n}`, signer })
    await finishLetter(desk, prepared, await phone.sign(prepared.attributes))
  }
  const sealKey = await keyFromPem(desk.seal.key)
  const sealOnly = async (n: number): Promise<void> => {
    const { PDF } = await import('@libpdf/core')
    const document = await PDF.load(await printers.print(letterOf(n), now()))
    await document.sign({
      signer: {
        certificate: derOf(desk.seal.cert),
        certificateChain: [derOf(desk.authority.issuer.cert)],
        keyType: 'EC',
        signatureAlgorithm: 'ECDSA',
        sign: async (data) => derSignature(new Uint8Array(await crypto.subtle.sign(P256, sealKey, bytesOf(data)))),
      },
      level: 'B-B',
      estimatedSize: 6144,
    })
  }
  const some = Math.max(50, Math.round(count / 10))
  await perSecond(20, whole)
  const rendered = await perSecond(some, (n) => printers.print(letterOf(n), now()))
  say(`render alone ${rendered.rate}/s`)
  const sealed = await perSecond(some, sealOnly)
  say(`render and one seal ${sealed.rate}/s`)
  const before = residentMiB()
  const all = await perSecond(count, whole)
  say(`whole pipeline ${all.rate}/s of ${count}, memory ${before} → ${all.mib.join(' ')} MiB`)
  await printers.stop()
  return {
    ours: all.rate,
    limit: AIM,
    ratio: Number((all.rate / AIM).toFixed(3)),
    unit: 'documents/s',
    detail: { documents: count, renderAlone: rendered.rate, oneSeal: sealed.rate, residentMiB: all.mib },
  }
}
