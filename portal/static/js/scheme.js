/* DSFR has its dark colours behind an attribute: follow what the person asked of their system. */
(function () {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.documentElement.setAttribute("data-fr-theme", dark.matches ? "dark" : "light");
  apply();
  dark.addEventListener("change", apply);
})();
