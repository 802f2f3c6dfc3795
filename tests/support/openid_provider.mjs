// A real OpenID provider that answers as ProConnect does: userinfo is a signed JWT, claims are asked
// for one by one as scopes, the session ends with id_token_hint. Its people sign in by their address.
//
// node openid_provider.mjs PORT CALLBACK_URL SIGNED_OUT_URL
import { Provider } from "oidc-provider";

const [port, callbackUrl, signedOutUrl] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const names = ["given_name", "usual_name", "email", "uid", "siret", "idp_id"];

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "portal",
      client_secret: "a-secret-of-the-tests-alone",
      redirect_uris: [callbackUrl],
      post_logout_redirect_uris: [signedOutUrl],
      userinfo_signed_response_alg: "RS256",
      token_endpoint_auth_method: "client_secret_post",
    },
  ],
  claims: Object.fromEntries(names.map((name) => [name, [name]])),
  scopes: ["openid", ...names],
  features: { jwtUserinfo: { enabled: true }, devInteractions: { enabled: true } },
  pkce: { required: () => true },
  cookies: { keys: ["tests"] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      given_name: "Agente",
      usual_name: "D’essai",
      email: id,
      uid: id,
      siret: "13002526500013",
      idp_id: "provider-of-the-tests",
    }),
  }),
});

provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
