import sharp from 'sharp'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { cleanText } from '../../kernel/text.ts'
import { findSetting, findSettingWithVersion, saveSetting } from '../calendar/index.ts'
import type { Face, Organisation } from './contract.ts'

const NAME = 'setup.organisation'
const LOGO = 'setup.logo'
const LOGO_SIDE = 256
/** A picture of more pixels is not unpacked. */
const PIXELS_MAX = 40_000_000

/** Whose platform this is: shown to everybody, signed in or not. */
export async function readFace(cmd: Command): Promise<Face> {
  const name = await findSettingWithVersion<string>(cmd, NAME)
  const logo = await findSettingWithVersion<string>(cmd, LOGO)
  return {
    name: name?.value ?? '',
    version: name?.version ?? 0,
    logo: logo ? `/api/v1/settings/logo?county=${cmd.county}&v=${logo.version}` : null,
  }
}

/** @throws kernel.stale, kernel.invalid_input, kernel.forbidden, kernel.wrong_purpose */
export async function nameOrganisation(cmd: Command, input: Organisation): Promise<Face> {
  requireGrant(cmd, 'grid.manage', cmd.county)
  const value = cleanText(input.name, { minLength: 1, maxLength: 40, path: 'name' })
  await saveSetting(cmd, { key: NAME, value, version: input.version })
  return readFace(cmd)
}

/**
 * Takes a logo: drawn anew as a small PNG, so that nothing but the picture is kept of what was sent.
 *
 * @throws grid.logo_unfit, kernel.forbidden, kernel.wrong_purpose
 */
export async function setLogo(cmd: Command, file: Buffer): Promise<Face> {
  requireGrant(cmd, 'grid.manage', cmd.county)
  const drawn = await drawnAnew(file)
  const there = await findSettingWithVersion<string>(cmd, LOGO)
  await saveSetting(cmd, { key: LOGO, value: drawn.toString('base64'), version: there?.version ?? 0 })
  return readFace(cmd)
}

async function drawnAnew(file: Buffer): Promise<Buffer> {
  try {
    const picture = sharp(file, { limitInputPixels: PIXELS_MAX, animated: false })
    const { format } = await picture.metadata()
    if (!['png', 'jpeg', 'webp'].includes(format ?? '')) throw new Fault('grid.logo_unfit')
    return await picture
      .rotate()
      .resize(LOGO_SIDE, LOGO_SIDE, { fit: 'inside', withoutEnlargement: true })
      .png({ palette: true })
      .toBuffer()
  } catch (error) {
    throw new Fault('grid.logo_unfit', {}, { cause: error })
  }
}

/** The logo's PNG. @throws kernel.not_found */
export async function readLogo(cmd: Command): Promise<Buffer> {
  const logo = await findSetting<string>(cmd, LOGO)
  if (!logo) throw new Fault('kernel.not_found')
  return Buffer.from(logo, 'base64')
}
