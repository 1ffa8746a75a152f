// Forms that work without this file work better with it: questions that are not asked disappear, rows come and go
// without a new page, files are sent one by one, fields are judged on the way, drafts save themselves.
(function () {
  "use strict";
  if (window.caseworkForms) { return; }
  window.caseworkForms = true;
  const PAUSE = 1200, RETRY = 15000, STAYED = 10000, SMALL_PICTURE = 12 * 1024 * 1024;

  const all = (root, what) => Array.from(root.querySelectorAll(what));
  const fill = (text, values) => (text || "").replace(/\{(\w+)\}/g, (_all, key) => values[key]);
  const words = (inner, key, values) => {
    const body = inner.closest("[data-form-body]") || inner.querySelector("[data-form-body]");
    return fill(body ? body.dataset["word" + key] : "", values || {});
  };

  // ---- what stands in a field, as spec.holds sees it ----
  function fen(text) { // as core/money.py
    const plain = text.normalize("NFKC").replace(/。/g, ".").trim().replace(/^¥/, "").replace(/元$/, "").trim();
    const shaped = plain.length <= 40 && /^(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?$/.test(plain);
    const value = shaped ? Math.round(Number(plain.replace(/,/g, "")) * 100) : null;
    return value !== null && value <= 1e14 ? value : null;
  }
  function whole(text) { // as forms/kinds/number.py
    const plain = text.normalize("NFKC").trim();
    return /^-?\d{1,12}$/.test(plain) ? Number(plain) : null;
  }
  function valueOf(field) {
    const kind = field.dataset.kind;
    const boxes = all(field, "input[type=radio], input[type=checkbox]");
    const on = boxes.filter((box) => box.checked).map((box) => box.value);
    if (kind === "bool") { return on.length > 0 && on[on.length - 1] === "true"; }
    if (kind === "consent") { return on.length ? true : null; }
    if (kind === "multi") { return on.length ? on : null; }
    if (kind === "file") {
      const ids = all(field, "[data-files] input[type=hidden]").map((input) => input.value);
      return ids.length ? ids : null;
    }
    if (boxes.length) { return on.length ? on[0] : null; }
    const control = field.querySelector("input, select, textarea");
    const text = control ? control.value.trim() : "";
    if (!text) { return null; }
    if (kind === "money") { return fen(text); }
    if (kind === "int" || kind === "year") { return whole(text); }
    return text;
  }
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  function fits(value, wanted) {
    if (wanted === null || typeof wanted !== "object" || Array.isArray(wanted)) { return same(value, wanted); }
    return Object.keys(wanted).every((test) => {
      const against = wanted[test];
      if (test === "in") { return (Array.isArray(value) ? value : [value]).some((one) => against.some((other) => same(one, other))); }
      if (value === null || value === undefined) { return false; }
      if (test === "at_least") { return value >= against; }
      if (test === "at_most") { return value <= against; }
      return true;
    });
  }

  // What the server works out of other answers (forms/derived.py), while they are typed.
  function isDay(digits) { // a birth date that no calendar has gives neither day nor age
    const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)].map(Number);
    const made = new Date(0);
    made.setUTCFullYear(year, month - 1, day);
    return year > 0 && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
  }
  const born = (id, value) => (isDay(id.slice(6, 14)) ? value() : null);
  const DERIVED = {
    sex: ([id]) => (Number(id.charAt(16)) % 2 ? "male" : "female"),
    birth: ([id]) => born(id, () => [id.slice(6, 10), id.slice(10, 12), id.slice(12, 14)].join("-")),
    age: ([id], today) => born(id, () => Number(today.slice(0, 4)) - Number(id.slice(6, 10)) - (today.slice(5).replace("-", "") < id.slice(10, 14) ? 1 : 0)),
    difference: (amounts) => Math.max(0, amounts[0] - amounts.slice(1).reduce((sum, one) => sum + (one || 0), 0)),
  };
  const bare = (text) => String(text).normalize("NFKC").replace(/\s/g, "");
  function derivedOf(item, how, values, today) {
    const numbered = how.how !== "difference";
    const from = numbered ? [bare(values[0] === null || values[0] === undefined ? "" : values[0])] : values;
    const given = numbered ? /^\d{17}[\dXx]$/.test(from[0]) : from[0] !== null && from[0] !== undefined;
    const value = given ? DERIVED[how.how](from, today) : null;
    const money = item.dataset.kind === "money" && value !== null;
    const text = value === null ? "" : money ? (value / 100).toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ",") + " 元" : how.words[value] || String(value);
    const output = item.querySelector("output");
    if (output.textContent !== text) { output.textContent = text; }
    item.toggleAttribute("data-empty", text === "");
    return value;
  }

  // Questions are looked at in the order in which the server reads them; what is not asked has no answer.
  function judgeConditions(body) {
    const known = JSON.parse(body.dataset.known || "{}");
    const answers = {};
    const rowAnswers = new Map();
    all(body, ".field[data-place], [data-rows]").forEach((item) => {
      const row = item.closest("[data-row]");
      const hiddenAbove = item.parentElement.closest("[data-rows][hidden]");
      if (row && !rowAnswers.has(row)) { rowAnswers.set(row, {}); }
      const scopes = (row ? [rowAnswers.get(row)] : []).concat([answers, known]);
      if (item.dataset.when) {
        const condition = JSON.parse(item.dataset.when);
        item.hidden = !Object.keys(condition).every((key) => {
          const scope = scopes.find((one) => one[key] !== undefined && one[key] !== null);
          return fits(scope ? scope[key] : null, condition[key]);
        });
      }
      if (!item.dataset.place || item.hidden || hiddenAbove) { return; }
      const own = row ? rowAnswers.get(row) : answers;
      let value = null;
      if (item.dataset.derived) {
        const how = JSON.parse(item.dataset.derived);
        value = derivedOf(item, how, how.of.map((key) => own[key]), body.dataset.today);
      } else { value = valueOf(item); }
      own[item.dataset.place.split(".").pop()] = value;
    });
  }

  // ---- rows ----
  const ATTRIBUTES = ["id", "name", "for", "value", "aria-describedby", "aria-labelledby", "data-place", "data-row"];
  function renamed(row, from, to) {
    const pairs = [[from.place, to.place], [from.id, to.id], [from.anchor, to.anchor]];
    [row].concat(all(row, "*")).concat(all(row, "template").reduce((found, one) => found.concat(all(one.content, "*")), []))
      .forEach((element) => ATTRIBUTES.forEach((name) => {
        const text = element.getAttribute(name);
        if (!text || (name === "value" && element.localName !== "button")) { return; }
        const made = text.split(" ").map((part) => {
          const pair = pairs.find(([old]) => part === old || part.startsWith(old + ".") || part.startsWith(old + "-"));
          if (pair) { return pair[1] + part.slice(pair[0].length); }
          const colon = part.indexOf(":" + from.place);
          const after = colon < 0 ? "" : part.charAt(colon + 1 + from.place.length);
          return colon < 0 || (after && after !== ".") ? part : part.slice(0, colon + 1) + to.place + part.slice(colon + 1 + from.place.length);
        }).join(" ");
        if (made !== text) { element.setAttribute(name, made); }
      }));
  }
  function names(section, number) {
    const key = section.dataset.rows;
    return { place: key + "." + number, id: section.dataset.id + "-" + number, anchor: section.id + "-" + number };
  }
  function renumber(section) {
    const rows = all(section, "[data-row]");
    rows.forEach((row, number) => {
      const old = row.dataset.row.split(".").pop();
      if (old !== String(number)) { renamed(row, names(section, old), names(section, number)); }
      all(row, "[data-row-count]").forEach((count) => { count.textContent = String(number + 1); });
    });
    section.querySelector("[data-add]").hidden = rows.length >= Number(section.dataset.most);
  }
  function addRow(section) {
    const list = section.querySelector("[data-row-list]");
    list.appendChild(section.querySelector("[data-row-blank]").content.cloneNode(true));
    renumber(section);
    prepare(section);
    return list.lastElementChild;
  }
  function onRowButton(event, button) {
    const section = button.closest("[data-rows]");
    const form = button.form;
    const pointedAt = section.hasAttribute("data-referred");
    const adding = button.hasAttribute("data-add");
    // Answers that point at rows by number are mended by the server; so are choices of people on this very page.
    if (pointedAt && (!adding || form.querySelector('select[data-members="' + section.dataset.rows + '"]'))) { return; }
    event.preventDefault();
    if (adding) {
      const row = addRow(section);
      const first = row.querySelector("input, select, textarea");
      (first || row).focus();
    } else {
      const row = button.closest("[data-row]");
      const next = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      while (all(section, "[data-row]").length < Number(section.dataset.least)) { addRow(section); }
      renumber(section);
      (next && next.isConnected ? next : section.querySelector("[data-add]")).focus();
    }
    changed(section);
  }

  // ---- errors beside a field ----
  function slotOf(field) { return field.querySelector(".wrong-slot"); }
  function showProblems(field, problems) {
    const slot = slotOf(field);
    const blank = field.closest("[data-form-body]").querySelector("[data-wrong-blank]");
    slot.textContent = "";
    problems.forEach((problem) => {
      const line = blank.content.firstElementChild.cloneNode(true);
      line.className = problem.warning ? "doubt" : "wrong";
      const text = line.querySelector("span");
      text.textContent = problem.message;
      if (problem.mend) {
        const mend = document.createElement("span");
        mend.className = "mend";
        mend.textContent = " " + problem.mend;
        text.appendChild(mend);
      }
      slot.appendChild(line);
    });
    const bad = problems.some((problem) => !problem.warning);
    field.classList.toggle("is-wrong", bad);
    all(field, "input:not([type=hidden]), select, textarea").forEach((control) => {
      control.classList.toggle("is-invalid", bad && !control.matches("[type=radio], [type=checkbox]"));
      if (bad) { control.setAttribute("aria-invalid", "true"); } else { control.removeAttribute("aria-invalid"); }
    });
  }

  // ---- talking to the server ----
  function freshToken(form) {
    const found = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    if (found && form.elements.csrfmiddlewaretoken) { form.elements.csrfmiddlewaretoken.value = found[1]; }
  }
  function typedData(form) {
    const data = new FormData(), given = new FormData(form);
    given.forEach((value, name) => { if (typeof value === "string") { data.append(name, value); } });
    return data;
  }
  // What is on its way when the window closes still arrives; a browser takes 64 KB of it.
  const weight = (data) => Array.from(data.values()).reduce((sum, value) => sum + (value.length || value.size || 0) * 3 + 200, 0);
  function ask(form, address, makeData, again) {
    const data = makeData();
    const how = { method: "POST", body: data, credentials: "same-origin", headers: { "X-Autosave": "1" }, keepalive: weight(data) < 60000 };
    return fetch(address, how)
      .then((answer) => {
        if (answer.redirected) { return { status: 401, body: {} }; }
        if (answer.status === 403 && !again) {
          freshToken(form);
          return ask(form, address, makeData, true);
        }
        return answer.json().catch(() => ({})).then((body) => ({ status: answer.status, body: body }));
      });
  }
  const asked = new WeakMap();
  function checkField(field) {
    const body = field.closest("[data-form-body]");
    const form = field.closest("form");
    if (!body.dataset.checkUrl || !form || field.dataset.kind === "file" || field.hidden) { return; }
    const turn = (asked.get(field) || 0) + 1;
    asked.set(field, turn);
    ask(form, body.dataset.checkUrl, () => { const data = typedData(form); data.append("place", field.dataset.place); return data; })
      .then((answer) => { if (answer.status === 200 && asked.get(field) === turn) { showProblems(field, answer.body.problems || []); } })
      .catch(() => {});
  }

  // ---- files ----
  function sendFiles(input) {
    const field = input.closest(".field");
    const body = field.closest("[data-form-body]");
    const list = field.querySelector("[data-files]");
    const most = Number(input.dataset.maxFiles) || 9;
    const problems = [];
    const chosen = Array.from(input.files);
    input.value = "";
    const room = Math.max(0, most - list.children.length);
    if (chosen.length > room) { problems.push({ message: words(body, "TooMany", { most: most }) }); }
    showProblems(field, problems);
    sending += 1;
    arriving = chosen.slice(0, room).reduce((before, file) => before.then(() => sendFile(field, file, problems)), Promise.resolve())
      .then(() => { sending -= 1; changed(field); });
  }
  let sending = 0, arriving = Promise.resolve();
  function sendFile(field, file, problems) {
    const body = field.closest("[data-form-body]");
    const form = field.closest("form");
    const line = field.querySelector("[data-upload-line]");
    const values = { name: file.name };
    line.textContent = words(body, "Uploading", values);
    const makeData = () => {
      const data = new FormData();
      data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      data.append("place", field.dataset.place);
      data.append("file", file);
      return data;
    };
    return ask(form, body.dataset.uploadUrl, makeData).then((answer) => {
      if (answer.status === 200) {
        addFile(field, answer.body, file);
        line.textContent = words(body, "Uploaded", values);
        return;
      }
      const told = answer.body.problems || [words(body, answer.status === 401 ? "Login" : "UploadFailed", values)];
      told.forEach((text) => problems.push({ message: file.name + "：" + text }));
      line.textContent = "";
      showProblems(field, problems);
    }).catch(() => {
      problems.push({ message: words(body, "UploadFailed", values) });
      line.textContent = "";
      showProblems(field, problems);
    });
  }
  function addFile(field, known, file) {
    const list = field.querySelector("[data-files]");
    if (all(list, "input[type=hidden]").some((input) => input.value === known.id)) { return; }
    const item = field.querySelector("[data-file-blank]").content.firstElementChild.cloneNode(true);
    const hidden = item.querySelector("input");
    hidden.name = field.dataset.place;
    hidden.value = known.id;
    item.querySelector(".file-name").textContent = known.name;
    const button = item.querySelector("[data-unfile]");
    button.value = "unfile:" + field.dataset.place + "." + known.id;
    button.setAttribute("aria-label", words(field, "Remove", { name: known.name }));
    list.appendChild(item);
    if (!/^image\/(jpeg|png)$/.test(file.type) || file.size > SMALL_PICTURE) { return; }
    const reader = new FileReader();
    reader.onload = () => {
      const picture = document.createElement("img");
      picture.className = "thumb";
      picture.alt = "";
      picture.width = picture.height = 56;
      picture.src = reader.result;
      item.querySelector(".thumb").replaceWith(picture);
    };
    reader.readAsDataURL(file);
  }
  function takeOut(event, button) {
    event.preventDefault();
    const field = button.closest(".field");
    button.closest("[data-file]").remove();
    field.querySelector("[data-upload-line]").textContent = words(field, "Gone");
    field.querySelector("[data-file-input]").focus();
    changed(field);
  }

  // ---- what was typed and not saved yet, kept in this window: it outlives a new login, "back" and a reload ----
  const OWN = ["csrfmiddlewaretoken", "seen_revision", "go", "page_of"];
  function typedPairs(form) {
    return Array.from(typedData(form)).filter(([name]) => !OWN.includes(name)).map(([name, value]) => [name, value.replace(/\r\n?/g, "\n")]);
  }
  function keep(form, address) {
    const files = all(form, "[data-files] input[type=hidden]")
      .map((input) => [input.name, input.value, input.parentElement.querySelector(".file-name").firstChild.textContent]);
    const kept = { typed: typedPairs(form), files: files, revision: form.elements.seen_revision.value };
    try { window.sessionStorage.setItem("typed:" + address, JSON.stringify(kept)); return true; } catch (_full) { return false; }
  }
  function forget(address) { try { window.sessionStorage.removeItem("typed:" + address); } catch (_none) { /* nothing is kept */ } }
  function keptOf(address) {
    try { return JSON.parse(window.sessionStorage.getItem("typed:" + address)); } catch (_none) { return null; }
  }
  function putRows(form, typed) {
    all(form, "[data-rows]").forEach((section) => {
      const head = section.dataset.rows + ".";
      const wanted = new Set(typed.filter(([name]) => name.startsWith(head)).map(([name]) => name.slice(head.length).split(".")[0])).size;
      while (all(section, "[data-row]").length < wanted) { addRow(section); }
      all(section, "[data-row]").slice(Math.max(wanted, Number(section.dataset.least))).forEach((row) => { row.remove(); });
      renumber(section);
    });
  }
  // Returns whether the page had to be changed. Whoever saved meanwhile is told by the revision that was seen.
  function putBack(form, kept) {
    const now = typedPairs(form);
    if (same(now, kept.typed)) { return false; }
    putRows(form, kept.typed);
    const values = new Map();
    kept.typed.forEach(([name, value]) => { values.set(name, (values.get(name) || []).concat(value)); });
    all(form, "[data-form-body] [name]").forEach((control) => {
      const given = values.get(control.name) || [];
      if (control.matches("button, [type=file], [data-files] *")) { return; }
      if (control.matches("[type=radio], [type=checkbox]")) { control.checked = given.includes(control.value); return; }
      if (given.length && control.type !== "hidden") { control.value = given.shift(); }
    });
    kept.files.forEach(([place, id, name]) => {
      const field = all(form, ".field[data-place]").find((one) => one.dataset.place === place);
      if (field) { addFile(field, { id: id, name: name }, { type: "", size: 0 }); }
    });
    form.elements.seen_revision.value = kept.revision;
    return true;
  }

  // ---- drafts ----
  const unsaved = new Set();
  let leaving = false, letGo = false;
  function changed(element) {
    const body = element.closest("[data-form-body]");
    const form = element.closest("form");
    judgeConditions(body);
    if (!form) { return; }
    unsaved.add(form);
    if (savers.has(form)) { savers.get(form).later(); }
  }
  const savers = new Map();
  function saver(form, address) {
    const line = form.querySelector("[data-save-line]") || document.querySelector("[data-save-line]");
    let timer = null, running = null, stopped = false, held = false, waiting = false, going = false;
    function say(state, values) {
      if (!line) { return; }
      line.dataset.state = state.toLowerCase();
      line.textContent = words(form, state, values);
    }
    function stale() {
      stopped = true;
      say("Stale");
      if (!line) { return; }
      const button = document.createElement("button");
      button.className = "btn";
      button.name = "go";
      button.value = "stay";
      button.textContent = words(form, "Compare");
      line.append(" ", button);
    }
    function loggedOut() {
      const kept = keep(form, address);
      say("Login");
      const login = form.querySelector("[data-login-url]");
      if (!line || !login) { return; }
      const link = document.createElement("a");
      link.className = "btn";
      link.href = login.dataset.loginUrl + "?next=" + encodeURIComponent(window.location.pathname);
      link.textContent = words(form, "LoginLink");
      if (kept) { link.addEventListener("click", () => { keep(form, address); letGo = true; }); } else { link.target = "_blank"; }
      line.append(" ", link);
    }
    function done(answer) {
      held = answer.status === 401 || answer.status === 429 || answer.status >= 500;
      if (answer.status === 200 && answer.body.revision !== undefined) {
        form.elements.seen_revision.value = answer.body.revision;
        // The next page may have been made before this save arrived: it then puts the text back.
        if (going) { keep(form, address); } else { forget(address); }
        const now = new Date();
        say("Saved", { time: String(now.getHours()).padStart(2, "0") + ":" + String(now.getMinutes()).padStart(2, "0") });
        return true;
      }
      if (answer.status === 409) { stale(); } else if (answer.status === 413) { say("Large"); } else {
        if (answer.status === 401) { loggedOut(); } else { say("Failed"); keep(form, address); }
        timer = setTimeout(save, RETRY);
      }
      return false;
    }
    function cutOff() {
      held = true;
      keep(form, address);
      say("Offline");
      return false;
    }
    function save() {
      clearTimeout(timer);
      timer = null;
      if (stopped || running || leaving) { return running || Promise.resolve(); }
      unsaved.delete(form);
      say("Saving");
      running = ask(form, address, () => typedData(form)).then(done, cutOff).then((good) => {
        running = null;
        if (!good) { unsaved.add(form); } else if (unsaved.has(form)) { later(); }
      });
      return running;
    }
    function later() { clearTimeout(timer); timer = setTimeout(save, PAUSE); }
    // The window is closed or left: what is not saved goes off at once, and stays in this window until it has arrived.
    function flush() {
      if (stopped || leaving || !(running || unsaved.has(form))) { return; }
      keep(form, address);
      if (!unsaved.has(form)) { return; }
      if (!running) { save(); return; }
      unsaved.delete(form);
      const seen = String(Number(form.elements.seen_revision.value) + 1);
      ask(form, address, () => { const data = typedData(form); data.set("seen_revision", seen); return data; })
        .catch(() => {}).then(() => { unsaved.add(form); });
    }
    window.addEventListener("online", () => { if (unsaved.has(form) || timer) { save(); } });
    document.addEventListener("visibilitychange", () => { if (document.hidden) { flush(); } });
    window.addEventListener("beforeunload", () => {
      going = true;
      flush();
      setTimeout(() => { // still here: the person stayed
        going = false;
        if (!running && !unsaved.has(form)) { forget(address); }
      }, STAYED);
    });
    window.addEventListener("pagehide", flush);
    // The page is left only when what stands in it is saved: a page that cannot be shown afterwards loses nothing, and
    // a save on its way does not make the page we send look old.
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      timer = null;
      freshToken(form);
      if (stopped || !(running || unsaved.has(form))) { return; }
      event.preventDefault();
      if (waiting) { return; }
      waiting = true;
      held = false;
      const button = event.submitter;
      const rest = () => (unsaved.has(form) && !stopped ? save() : undefined);
      (running ? running.then(rest) : save()).then(() => {
        waiting = false;
        clearTimeout(held ? null : timer);
        if (held) {
          if (line) { line.scrollIntoView({ block: "center" }); }
          return;
        }
        unsaved.delete(form);
        form.requestSubmit(button || undefined);
      });
    });
    // A browser that comes back would fill the page with what stood there when it was left, over newer text saved since.
    form.setAttribute("autocomplete", "off");
    all(form, "input[autocomplete]").forEach((input) => { if (input.defaultValue) { input.setAttribute("autocomplete", "off"); } });
    const kept = keptOf(address);
    if (kept) {
      if (putBack(form, kept)) { unsaved.add(form); later(); } else { forget(address); }
    }
    return { later: later };
  }

  // ---- the page ----
  function countSigns(area) {
    const line = area.parentElement.querySelector("[data-count-line]");
    if (!line || !area.dataset.most) { return; }
    const n = Array.from(area.value.trim()).length, most = Number(area.dataset.most);
    line.textContent = n ? words(area, "Count", { n: n, most: most }) : "";
    line.classList.toggle("is-over", n > most);
  }
  function prepare(root) {
    all(root, "textarea[data-most]").forEach(countSigns);
    all(root, "[data-file-input]").forEach((input) => {
      const body = input.closest("[data-form-body]");
      if (body && body.dataset.uploadUrl) { input.removeAttribute("name"); }
    });
    const bodies = root.matches && root.matches("[data-form-body]") ? [root] : all(root, "[data-form-body]");
    bodies.concat(root.closest && root.closest("[data-form-body]") ? [root.closest("[data-form-body]")] : []).forEach((body) => {
      const form = body.closest("form");
      const address = form && (form.dataset.draftUrl || body.dataset.draftUrl);
      if (address && !savers.has(form)) { savers.set(form, saver(form, address)); }
      judgeConditions(body);
    });
  }
  function inBody(event) { return event.target.closest && event.target.closest("[data-form-body]"); }
  document.addEventListener("input", (event) => {
    if (!inBody(event) || event.target.type === "file") { return; }
    if (event.target.localName === "textarea") { countSigns(event.target); }
    changed(event.target);
  });
  document.addEventListener("change", (event) => {
    const body = inBody(event);
    if (!body) { return; }
    if (event.target.type === "file") {
      if (body.dataset.uploadUrl && event.target.files.length) { sendFiles(event.target); } else { changed(event.target); }
      return;
    }
    const field = event.target.closest(".field");
    if (field) { checkField(field); }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-add], [data-remove], [data-unfile]");
    if (!button || !button.closest("[data-form-body]")) { return; }
    if (button.hasAttribute("data-unfile")) { takeOut(event, button); } else { onRowButton(event, button); }
  });
  document.addEventListener("submit", (event) => {
    if (!sending) { return; }
    event.preventDefault();
    event.stopPropagation();
    arriving.then(() => event.target.requestSubmit(event.submitter || undefined));
  }, true);
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) { return; }
    if (event.target.querySelector("[data-form-body]")) { freshToken(event.target); }
    leaving = true;
    unsaved.delete(event.target);
  });
  window.addEventListener("pageshow", () => { leaving = false; letGo = false; });
  document.addEventListener("htmx:load", (event) => { prepare(event.target); });
  window.addEventListener("beforeunload", (event) => {
    if (!letGo && (sending || unsaved.size)) { event.preventDefault(); event.returnValue = ""; }
  });
  prepare(document.documentElement);
})();
