// Small helps for pages that work without them. No inline code, nothing from elsewhere.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  // Menus and confirmations are <details>: close them with Escape or a click beside them.
  function closeOpen(except) {
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!except || !menu.contains(except)) { menu.open = false; }
    });
  }
  document.addEventListener("click", function (event) {
    var target = event.target;
    closeOpen(target);
    var cancel = target.closest("[data-close]");
    if (cancel) { cancel.closest("details").open = false; }
    var printer = target.closest("[data-print]");
    if (printer) { window.print(); }
    var copier = target.closest("[data-copy]");
    if (copier && navigator.clipboard) {
      navigator.clipboard.writeText(copier.dataset.copy).then(function () {
        var word = copier.querySelector("[data-copy-word]");
        if (!word) { return; }
        var before = word.textContent;
        word.textContent = copier.dataset.copied;
        setTimeout(function () { word.textContent = before; }, 2000);
      });
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    var open = document.querySelector("details[data-menu][open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });

  // One click, one post: a second click on a sending form does nothing. Coming back with "back" frees it again.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.hasAttribute("data-logout")) { try { window.sessionStorage.clear(); } catch (_none) { /* nothing is kept */ } }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    });
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target.closest && event.target.closest("form");
    if (form) { delete form.dataset.sent; form.removeAttribute("aria-busy"); }
  });

  // Problems of a sent form: put the reader where they are listed.
  var summary = document.getElementById("problems");
  if (summary) { summary.focus(); }

  // A draft saves itself a moment after typing stops, and says so. Data: data-autosave = address to post to.
  function autosave(form) {
    var line = document.querySelector("[data-save-line]");
    var timer = null, running = false, again = false;
    function say(state) {
      if (!line) { return; }
      line.dataset.state = state;
      line.textContent = line.dataset[state] || "";
    }
    function save() {
      if (running) { again = true; return; }
      running = true;
      say("saving");
      var data = new FormData(form);
      Array.from(data.keys()).forEach(function (key) {
        if (data.getAll(key).some(function (value) { return value instanceof File; })) { data.delete(key); }
      });
      fetch(form.dataset.autosave, { method: "POST", body: data, credentials: "same-origin", headers: { "X-Autosave": "1" } })
        .then(function (answer) { return answer.json().then(function (body) { return [answer.status, body]; }); })
        .then(function (pair) {
          if (pair[0] === 200) {
            form.elements.seen_revision.value = pair[1].revision;
            say("saved");
          } else if (pair[0] === 409) {
            say("stale");
          } else { say("failed"); }
        })
        .catch(function () { say("offline"); })
        .finally(function () { running = false; if (again) { again = false; save(); } });
    }
    function later() { clearTimeout(timer); timer = setTimeout(save, 1200); say("typing"); }
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", function () { clearTimeout(timer); });
    window.addEventListener("online", save);
  }
  document.querySelectorAll("form[data-autosave]").forEach(autosave);
})();
