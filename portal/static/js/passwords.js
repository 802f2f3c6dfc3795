/* A password can be shown while it is typed: who sees it makes fewer mistakes and longer passwords. */
for (const tool of document.querySelectorAll("[data-show-password]")) {
  const button = tool.querySelector("button");
  const status = tool.querySelector("[role=status]");
  const fields = [...tool.closest("form").querySelectorAll("input[type=password]")];
  let shown = false;

  function setShown(value) {
    shown = value;
    for (const field of fields) {
      field.type = shown ? "text" : "password";
    }
    button.setAttribute("aria-pressed", String(shown));
  }

  if (button && fields.length) {
    tool.hidden = false;
    setShown(false);
    button.addEventListener("click", () => {
      setShown(!shown);
      status.textContent = shown ? tool.dataset.showPassword : tool.dataset.hidePassword;
    });
    /* Sent as a password, so that the browser offers to keep it and not to complete it elsewhere. */
    tool.closest("form").addEventListener("submit", () => setShown(false));
  }
}
