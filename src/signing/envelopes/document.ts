import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { P256, x509 } from '../../kernel/x509.ts'
import { derOf, issueSigner } from '../authority/issue.ts'
import type { Letter, Party } from '../letters/blocks.ts'
import { faultsOfValues, fillTemplate, type Values } from '../letters/template.ts'
import { bytesOf, ProofError, sha256 } from '../proof/cms.ts'
import { addSigner, draftFor } from '../seal/pdf.ts'
import { workshopOf } from '../workshop.ts'
import type { Mark } from './contract.ts'
import { advance, note, requireOpen, templateOf, valuesOf, whoOf, type Found } from './service.ts'
import { sealOf } from './seals.ts'
import * as store from './store.ts'

/** What a signer hands in to see the exact document: the public key made on the phone, the drawn name, the answers. */
export interface Asked {
  /** SubjectPublicKeyInfo, DER: P-256. */
  spki: Uint8Array
  mark: Mark
  /** Values of the variables that are asked of the signer. */
  answers: Values
}

export interface DraftDocument {
  /** The exact bytes that will be signed, but for the signature. */
  pdf: Uint8Array
  sha256: string
  /** What the phone's key signs (ECDSA over SHA-256 of these bytes), for `acceptSignature`. */
  attributes: Uint8Array
}

const checks: Record<string, string> = {
  phone: '短信验证码核验',
  registry: '身份证号与登记信息核验',
  face: '人脸活体核验（信号）',
  door: '工作人员上门见证',
}

const beijing = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString()

const lineOf = (at: Date, how: string | null, phone: string): string =>
  `${beijing(at).slice(0, 16).replace('T', ' ')} ${checks[how ?? ''] ?? ''}${phone ? `，手机尾号 ${phone.slice(-4)}` : ''}`

function partyOf(cmd: Command, signer: store.SignerRow, mark: Mark | null): Party {
  const { name, phone } = whoOf(cmd, signer.whoSealed)
  return {
    role: signer.role,
    name,
    lines: mark
      ? [lineOf(cmd.now, signer.identifiedBy, phone), ...(signer.helper ? [`协助：${signer.helper}`] : [])]
      : ['签名见本文件的电子签名'],
    strokes: mark?.strokes ?? null,
    typed: mark?.strokes ? '' : (mark?.typed ?? ''),
    seal: null,
  }
}

/** The letter as it is printed for this envelope. */
async function letterOf(cmd: Command, found: Found, values: Values, mark: Mark): Promise<Letter> {
  const { envelope, campaign, signers, signer } = found
  const template = templateOf(found)
  const seal = await sealOf(cmd, campaign)
  const day = beijing(cmd.now).slice(0, 10)
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const parties = signers.map((one) => partyOf(cmd, one, one.position === signer?.position ? mark : null))
  const sealing: Party[] = campaign.sealId
    ? [
        {
          role: template.seal ?? '收件单位',
          name: seal.organisation,
          lines: [],
          strokes: null,
          typed: '',
          seal: seal.organisation,
        },
      ]
    : []
  return {
    title: template.title,
    number: `编号 ${envelope.verifyCode}`,
    issuer: campaign.organiser,
    date: [year, month, date],
    dated: `${year}年${month}月${date}日`,
    footer: `${campaign.organiser} · 查验码 ${envelope.verifyCode}`,
    blocks: fillTemplate(template, values),
    parties: [...parties, ...sealing],
    evidence: JSON.stringify({
      county: cmd.county,
      envelope: envelope.id,
      template: envelope.letterHash,
      title: template.title,
      signatures: signers.length + 1,
      identityLevel: campaign.identityLevel,
      checks: signers.map((one) => one.identifiedBy),
      chain: { events: envelope.chainSeq, head: envelope.chainHash.toString('hex') },
      verifyCode: envelope.verifyCode,
      address: `${workshopOf(cmd.ports).publicUrl}/verify`,
    }),
  }
}

/** Answers to what is asked of the signer, and nothing else. @throws the first of `faultsOfValues` */
function answered(cmd: Command, found: Found, answers: Values): Values {
  const template = templateOf(found)
  const asked = template.variables.filter(({ from }) => from === 'signer').map(({ name }) => name)
  const own = Object.fromEntries(asked.flatMap((name) => (name in answers ? [[name, answers[name]!]] : [])))
  const values = { ...valuesOf(cmd, found), ...own }
  const [fault] = faultsOfValues(template, values)
  if (fault) throw fault
  return values
}

/**
 * Pass one: the exact document for this signer and what their phone has to sign. Asked again, it is made anew.
 *
 * The first signer's name is drawn into the letter; whoever comes later signs the same pages with the signatures before them.
 * @throws signing.ended, signing.paused, signing.not_your_turn, signing.not_now before the signer showed who they are,
 *   and what stands in the way of printing the answers.
 */
export async function draftDocument(
  cmd: Command,
  found: Found,
  asked: Asked,
): Promise<{ draft: DraftDocument; found: Found }> {
  requireOpen(found)
  const { envelope, signer, campaign } = found
  if (!signer || signer.state !== 'identified') throw new Fault('signing.not_now')
  const shop = workshopOf(cmd.ports)
  const desk = await shop.desk(await sealOf(cmd, campaign))
  const at = new Date(Math.floor(cmd.now.getTime() / 1000) * 1000)
  const values = envelope.signed === 0 ? answered(cmd, found, asked.answers) : null
  const standing = values ? undefined : await store.findDocument(cmd.tx, cmd.county, envelope.id, 0)
  const base = values
    ? await shop.printers.print(await letterOf(cmd, found, values, asked.mark), at)
    : new Uint8Array(standing!.pdf)
  const { name } = whoOf(cmd, signer.whoSealed)
  const certificate = await certificateFor(
    cmd,
    desk.authority.issuer,
    { name, spki: asked.spki, envelope: envelope.id },
    at,
  )
  const chain = [derOf(desk.authority.issuer.cert)]
  const field = `signer${signer.position === 1 ? '' : signer.position}`
  const made = await draftFor(base, { name, certificate, chain, at, field })
  const digest = Buffer.from(await sha256(made.pdf)).toString('hex')
  await store.putDocument(cmd.tx, {
    county: cmd.county,
    envelopeId: envelope.id,
    position: signer.position,
    pdf: Buffer.from(made.pdf),
    attributes: Buffer.from(made.attributes),
    certificate: Buffer.from(certificate),
    keySpki: Buffer.from(asked.spki),
    basedOn: envelope.signed,
    at: cmd.now,
  })
  const markSealed = cmd.vault.seal(cmd.county, JSON.stringify(asked.mark))
  const kept = values ? { variablesSealed: cmd.vault.seal(cmd.county, JSON.stringify(values)) } : {}
  const body = { draft: digest, key: Buffer.from(await sha256(asked.spki)).toString('hex') }
  const next = await note(cmd, found, 'drafted', body, { envelope: kept, signer: { markSealed } })
  return { draft: { ...made, sha256: digest }, found: next }
}

async function certificateFor(
  cmd: Command,
  issuer: Parameters<typeof issueSigner>[0],
  signer: { name: string; spki: Uint8Array; envelope: string },
  at: Date,
): Promise<Uint8Array> {
  try {
    await crypto.subtle.importKey('spki', bytesOf(signer.spki), P256, true, ['verify'])
  } catch {
    throw new Fault('signing.bad_signature')
  }
  return issueSigner(issuer, { ...signer, spki: bytesOf(signer.spki) }, at)
}

/**
 * Pass two: the phone's signature over the draft's attributes. It goes into the document, and once everybody has signed the
 * envelope waits for its seal.
 *
 * @param signature r || s, as WebCrypto gives it. @param publicKey The one that the draft was made for.
 * @throws signing.bad_signature, signing.document_moved when another signer was quicker: draft and sign once more.
 */
export async function acceptSignature(
  cmd: Command,
  found: Found,
  signature: Uint8Array,
  publicKey: Uint8Array,
): Promise<Found> {
  requireOpen(found)
  const { envelope, signer } = found
  if (!signer || signer.state !== 'identified') throw new Fault('signing.not_now')
  const draft = await store.findDocument(cmd.tx, cmd.county, envelope.id, signer.position)
  if (!draft?.attributes || !draft.certificate || !draft.keySpki) throw new Fault('signing.not_now')
  if (draft.basedOn !== envelope.signed) throw new Fault('signing.document_moved')
  if (!draft.keySpki.equals(Buffer.from(publicKey))) throw new Fault('signing.bad_signature')
  const { notAfter } = new x509.X509Certificate(new Uint8Array(draft.certificate))
  if (notAfter < cmd.now) throw new Fault('signing.document_moved')
  const signed = await addSigner(
    { pdf: draft.pdf, attributes: new Uint8Array(draft.attributes) },
    new Uint8Array(draft.certificate),
    signature,
  ).catch((error: unknown) => {
    throw error instanceof ProofError || error instanceof RangeError ? new Fault('signing.bad_signature') : error
  })
  const document = { county: cmd.county, envelopeId: envelope.id, position: 0, basedOn: envelope.signed + 1 }
  await store.putDocument(cmd.tx, { ...document, pdf: Buffer.from(signed), at: cmd.now })
  const digest = Buffer.from(await sha256(signed)).toString('hex')
  await store.keepRevision(cmd.tx, { ...document, sha256: digest, at: cmd.now })
  const { certificate, keySpki } = draft
  return advance(
    cmd,
    found,
    'signed',
    { document: digest },
    { signer: { certificate, keySpki, signature: Buffer.from(signature) } },
  )
}
