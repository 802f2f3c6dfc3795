/* Passkeys: the only thing on the portal that needs script, because browsers offer them no other way.
   A form that holds a field "credential" is submitted once the key has answered. */
const fromBase64 = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

const toBase64 = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withBinaryIds = (list) => (list || []).map((entry) => ({ ...entry, id: fromBase64(entry.id) }));

function creation(options) {
  return {
    ...options,
    challenge: fromBase64(options.challenge),
    user: { ...options.user, id: fromBase64(options.user.id) },
    excludeCredentials: withBinaryIds(options.excludeCredentials),
  };
}

function request(options) {
  return {
    ...options,
    challenge: fromBase64(options.challenge),
    allowCredentials: withBinaryIds(options.allowCredentials),
  };
}

function asJson(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: toBase64(answer.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[name]) {
      response[name] = toBase64(answer[name]);
    }
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toBase64(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function optionsOf(place) {
  if (place.dataset.options) {
    return JSON.parse(place.dataset.options).publicKey;
  }
  const answer = await fetch(place.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options.publicKey;
}

async function ask(place) {
  const options = await optionsOf(place);
  return place.dataset.passkey === "create"
    ? navigator.credentials.create({ publicKey: creation(options) })
    : navigator.credentials.get({ publicKey: request(options) });
}

/* A key belongs to a name: an address in figures has none, and a browser refuses it. */
const isName = !/^[\d.]+$|:/.test(location.hostname);

if (window.PublicKeyCredential && window.isSecureContext && isName) {
  for (const missing of document.querySelectorAll("[data-passkey-missing]")) {
    missing.hidden = true;
  }
  for (const place of document.querySelectorAll("[data-passkey]")) {
    const form = place.querySelector("form");
    const status = place.querySelector("[data-passkey-status]");
    place.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      status.textContent = "";
      try {
        form.elements.credential.value = asJson(await ask(place));
        form.submit();
      } catch {
        status.textContent = place.dataset.failed;
      }
    });
  }
}
