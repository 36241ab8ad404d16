import { Type, type Static } from 'typebox'

export const StartOidc = Type.Object({
  returnTo: Type.Optional(
    Type.String({
      maxLength: 200,
      pattern: '^/([^/\\\\\\s][^\\\\\\s]*)?$',
      description: 'Page of ours to come back to.',
    }),
  ),
})
export type StartOidc = Static<typeof StartOidc>
export const OidcVisit = Type.Object({ url: Type.String({ description: 'Where the browser goes now.' }) })
export type OidcVisit = Static<typeof OidcVisit>
export const OidcCallback = Type.Object({ state: Type.String({ maxLength: 200 }) }, { additionalProperties: true })
export type OidcCallback = Static<typeof OidcCallback>
export const SignInWays = Type.Object({
  password: Type.Boolean(),
  phoneCode: Type.Boolean(),
  oidc: Type.Boolean(),
  demo: Type.Boolean(),
})
export type SignInWays = Static<typeof SignInWays>
