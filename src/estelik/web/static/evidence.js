// Evidence: says how far the files are, and asks for the page that follows. Without it the form is sent as any.
(() => {
  "use strict";
  const form = document.getElementById("bring");
  const came = document.getElementById("came");
  const trouble = document.getElementById("trouble");
  const stopped = () => {
    document.getElementById("coming").hidden = true;
    form.querySelector("button").disabled = false;
  };
  const broken = () => {
    const said = document.createElement("p");
    said.className = "fault";
    said.setAttribute("role", "alert");
    said.textContent = form.dataset.broken;
    trouble.replaceChildren(said);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = new XMLHttpRequest();
    asked.open("POST", form.action);
    asked.setRequestHeader("HX-Request", "true");
    asked.responseType = "document";
    asked.upload.addEventListener("progress", (now) => {
      if (now.lengthComputable) came.value = now.loaded / now.total;
    });
    asked.addEventListener("load", () => {
      const where = asked.getResponseHeader("HX-Redirect");
      if (where) {
        location.assign(where);
        return;
      }
      stopped();
      const said = asked.response && asked.response.querySelector(".fault");
      if (said) {
        trouble.replaceChildren(document.adoptNode(said));
        said.focus();
      } else broken();
    });
    asked.addEventListener("error", () => {
      stopped();
      broken();
    });
    trouble.replaceChildren();
    came.value = 0;
    document.getElementById("coming").hidden = false;
    form.querySelector("button").disabled = true;
    asked.send(new FormData(form));
  });
})();
