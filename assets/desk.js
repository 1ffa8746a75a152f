// Keys, the preview beside the papers, one click one post. The pages work without it.
(function () {
  "use strict";
  var SWITCH = "desk-keys";
  var MOVES = { j: 1, k: -1 };

  function find(selector) { return document.querySelector(selector); }
  function all(selector) { return Array.from(document.querySelectorAll(selector)); }
  function keysOn() {
    try { return localStorage.getItem(SWITCH) !== "off"; } catch (error) { return true; }
  }

  // ---- single keys can be switched off (WCAG 2.1.4) ----
  var toggle = find("[data-keys-switch]");
  if (toggle) {
    toggle.checked = keysOn();
    toggle.addEventListener("change", function () {
      try { localStorage.setItem(SWITCH, toggle.checked ? "on" : "off"); } catch (error) { /* private window */ }
    });
  }

  // ---- lists: j, k, Enter ----
  function here() { return find("[data-row].is-here"); }
  function go(step) {
    var rows = all("[data-list] [data-row]");
    if (!rows.length) { return; }
    var now = here();
    var place = now ? rows.indexOf(now) + step : (step > 0 ? 0 : rows.length - 1);
    var next = rows[Math.max(0, Math.min(rows.length - 1, place))];
    if (now) { now.classList.remove("is-here"); }
    next.classList.add("is-here");
    next.querySelector("[data-open]").focus();
    next.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("focusin", function (event) {
    var row = event.target.closest && event.target.closest("[data-list] [data-row]");
    var now = here();
    if (now && now !== row) { now.classList.remove("is-here"); }
    if (row) { row.classList.add("is-here"); }
  });

  // ---- the decision panel ----
  function openMove(number) {
    var move = all("[data-move]")[number - 1];
    if (!move) { return; }
    move.open = true;
    var first = move.querySelector("form input:not([type=hidden]), form select, form textarea, form button[data-send]");
    (first || move.querySelector("summary")).focus();
    move.scrollIntoView({ block: "nearest" });
  }
  // Browsers without exclusive <details> get them here.
  all("[data-move]").forEach(function (move) {
    move.addEventListener("toggle", function () {
      if (!move.open) { return; }
      all("[data-move]").forEach(function (other) { if (other !== move) { other.open = false; } });
    });
  });

  // Without JavaScript the answer opens at the panel; with it the reader is led to the problems by themselves.
  all("form[data-decide]").forEach(function (form) { form.setAttribute("action", form.getAttribute("action").split("#")[0]); });

  function typing(target) {
    return target.isContentEditable || /^(input|select|textarea)$/i.test(target.tagName) && target.type !== "checkbox" && target.type !== "radio";
  }
  function follow(selector) {
    var link = find(selector);
    if (link) { link.click(); return true; }
    return false;
  }
  function search() {
    var box = find("[data-find]");
    if (box) { box.focus(); box.select(); return; }
    var nav = find('.main-nav a[href$="/desk/cases/"]');
    if (nav) { location.href = nav.href; }
  }
  function help() {
    var keys = find("[data-keys]");
    if (keys) { keys.open = !keys.open; keys.querySelector("summary").focus(); }
  }
  var SINGLE = {
    "/": search, "?": help, "p": nextPaper,
    "n": function () { return follow("[data-next]") || follow('[rel="next"]'); },
    "u": function () { return follow(".crumb a"); }
  };
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      var form = event.target.closest && event.target.closest("form[data-decide]");
      if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("[data-send]")); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !keysOn() || typing(event.target)) { return; }
    if (MOVES[event.key]) { event.preventDefault(); go(MOVES[event.key]); return; }
    if (/^[1-9]$/.test(event.key)) { openMove(Number(event.key)); event.preventDefault(); return; }
    var act = SINGLE[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  // ---- on a phone the filters give way to the list ----
  var filters = find("[data-filters]");
  if (filters && window.innerWidth <= 640 && !filters.dataset.filters) { filters.open = false; }

  // ---- long answers get the whole width ----
  all(".answers .facts > div").forEach(function (row) {
    row.classList.toggle("is-long", row.textContent.trim().length > 60);
  });

  // ---- papers: the preview beside ----
  var viewer = find("[data-viewer]");
  var pane = find("[data-pane]");
  var turned = 0;
  var leaf = 1;
  function papers() { return all("[data-preview]"); }
  function shown() { return find("[data-preview][aria-current]"); }
  function show(link) {
    if (!viewer || !pane || !link) { return; }
    papers().forEach(function (other) { other.removeAttribute("aria-current"); });
    link.setAttribute("aria-current", "true");
    viewer.classList.add("has-pane");
    pane.hidden = false;
    turn(0);
    pane.querySelector("[data-pane-title]").textContent = link.dataset.title;
    pane.querySelector("[data-pane-open]").href = link.href;
    leafTo(link, 1);
  }
  function leafTo(link, page) {
    var pages = Number(link.dataset.pages);
    var image = pane.querySelector("[data-pane-image]");
    var line = pane.querySelector("[data-pane-page]");
    leaf = page;
    lack(false);
    line.textContent = line.dataset.words.replace("{n}", page).replace("{all}", pages);
    image.alt = pages > 1 ? link.dataset.title + " · " + line.textContent : link.dataset.title;
    image.src = link.dataset.preview + "?page=" + page;
    pane.querySelector("[data-pane-pages]").hidden = pages < 2;
    pane.querySelectorAll("[data-leaf]").forEach(function (button) {
      var to = page + Number(button.dataset.leaf);
      // Not disabled: the button would lose the keyboard's place when the last page is reached.
      button.setAttribute("aria-disabled", String(to < 1 || to > pages));
    });
  }
  function lack(is) {
    pane.querySelector("[data-pane-image]").hidden = is;
    pane.querySelector("[data-pane-lack]").hidden = !is;
  }
  function turn(to) {
    pane.classList.remove("turn-1", "turn-2", "turn-3");
    turned = to % 4;
    if (turned) { pane.classList.add("turn-" + turned); }
  }
  function nextPaper() {
    var list = papers();
    var now = shown();
    if (!list.length) { return; }
    if (now && leaf < Number(now.dataset.pages)) { leafTo(now, leaf + 1); }
    else { show(list[(list.indexOf(now) + 1) % list.length]); }
    viewer.scrollIntoView({ block: "nearest" });
  }
  if (viewer && pane) {
    pane.querySelector("[data-pane-image]").addEventListener("error", function () { lack(true); });
    viewer.addEventListener("click", function (event) {
      var link = event.target.closest("[data-preview]");
      if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) { event.preventDefault(); show(link); pane.scrollIntoView({ block: "nearest" }); }
      var leafing = event.target.closest("[data-leaf]");
      if (leafing && leafing.getAttribute("aria-disabled") !== "true") { leafTo(shown(), leaf + Number(leafing.dataset.leaf)); }
      if (event.target.closest("[data-turn]")) { turn(turned + 1); }
      var larger = event.target.closest("[data-larger]");
      if (larger) { larger.setAttribute("aria-pressed", String(pane.classList.toggle("is-larger"))); }
    });
    show(papers()[0]);
  }

  // ---- the button that leads to the decision is only there while the decision is not ----
  var shortcut = find(".to-decide");
  if (shortcut && "IntersectionObserver" in window) {
    new IntersectionObserver(function (seen) {
      shortcut.classList.toggle("is-there", seen[seen.length - 1].isIntersecting);
    }).observe(find("#decide"));
  }

  // ---- one click, one post: the buttons rest while the answer is on its way ----
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches("form[data-once]") || event.defaultPrevented) { return; }
    // After the browser has gathered what is sent, or the pressed button would be missing from it.
    setTimeout(function () {
      form.querySelectorAll("button").forEach(function (button) { button.disabled = true; });
      var words = form.querySelector("[data-sending]");
      if (words) { words.hidden = false; }
    }, 0);
  });
  window.addEventListener("pageshow", function () {
    all("form[data-once] button").forEach(function (button) { button.disabled = false; });
    all("form[data-once] [data-sending]").forEach(function (words) { words.hidden = true; });
  });
  // A download leaves the page where it is: free the form again, and show how the batch stands now.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches("form[data-download]")) { return; }
    setTimeout(function () { location.reload(); }, 2500);
  });

  // ---- payments: choose all, and what the choice comes to ----
  var table = find("[data-pick]");
  if (table) {
    var boxes = Array.from(table.querySelectorAll("[name=payment]"));
    var every = table.querySelector("[data-pick-all]");
    var line = find("[data-pick-sum]");
    var add = function () {
      var chosen = boxes.filter(function (box) { return box.checked; });
      var fen = chosen.reduce(function (sum, box) { return sum + Number(box.dataset.fen); }, 0);
      var yuan = (fen / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
      if (line) { line.textContent = line.dataset.words.replace("{n}", chosen.length).replace("{sum}", yuan); }
      if (every) {
        every.checked = chosen.length === boxes.length;
        every.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
      }
    };
    table.addEventListener("change", function (event) {
      if (event.target === every) { boxes.forEach(function (box) { box.checked = every.checked; }); }
      add();
    });
    add();
  }
})();
