// Makes forms nicer; every page works without it. It sends nothing by itself: a mail scanner that runs scripts uses nothing up.

for (const button of document.querySelectorAll(".reveal")) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const show = (isShown) => {
    input.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
    button.setAttribute("aria-label", isShown ? button.dataset.shown : button.dataset.hidden);
  };
  button.addEventListener("click", () => show(input.type === "password"));
  input.form.addEventListener("submit", () => show(false)); // or the browser would remember it as ordinary text
  button.hidden = false;
}

// A second click while the answer is on its way would do everything twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }

  form.setAttribute("aria-busy", "true");
});

// Back from the next page, the form is shown as it was left.
addEventListener("pageshow", () => {
  for (const form of document.forms) {
    form.removeAttribute("aria-busy");
  }
});
