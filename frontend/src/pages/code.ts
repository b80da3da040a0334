// A code that was scanned comes behind the # of the address, where no server sees it.
const field = document.querySelector<HTMLInputElement>("[data-code-form] [name=code]");
const scanned = location.hash.slice(1);
if (field && scanned && field.value === "") {
  field.value = scanned;
  history.replaceState(null, "", location.pathname);
}
