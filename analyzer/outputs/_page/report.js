"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const MARKS = { error: "▲", warning: "■", note: "●" };
  const FIRST = 8, STEP = 200, PRINTED = 1000;
  const $ = (id) => document.getElementById(id);
  const many = (number, word) => number + " " + word + (number === 1 ? "" : "s");

  const make = (name, text, className) => {
    const node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    if (className) node.className = className;
    return node;
  };
  const pageName = (number) => data.pages[number][1] || data.pages[number][0];
  const pageItems = (numbers, most) => {
    const items = numbers.slice(0, most).map((number) => make("li", pageName(number)));
    if (numbers.length > most) items.push(make("li", "and " + (numbers.length - most) + " more"));
    return items;
  };
  const stepItems = (numbers, more) => {
    const items = numbers.map((number) => {
      const [where, text] = data.steps[number];
      const item = make("li");
      item.append(make("span", text), " ", make("code", where));
      return item;
    });
    if (more) items.push(make("li", "and " + more + " more"));
    return items;
  };

  // ------------------------------------------------------------ findings

  const rows = data.findings;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const wanted = { vendor: "", class: "", severity: "", owner: "", q: "" };
  const keys = Object.keys(wanted);
  const severityOf = (row) => data.rules[row.code].severity;
  const searched = (row) => {
    if (row.text === undefined) {
      const parts = [row.says, row.at, row.evidence || "", row.code, data.rules[row.code].name];
      if (row.vendor !== undefined) parts.push(data.vendors[row.vendor][1]);
      for (const number of (row.trail || [])) parts.push(data.steps[number][1]);
      const pages = row.pages === undefined ? [] : data.sets[row.pages];
      for (const number of pages.slice(0, 200)) parts.push(data.pages[number][0], data.pages[number][1]);
      row.text = parts.join("\n").toLowerCase();
    }
    return row.text;
  };
  const indexOf = (table, name) => data[table].findIndex((each) => each[0] === name);
  const fits = (row, numbers) =>
    (!wanted.vendor || row.vendor === numbers.vendor) &&
    (!wanted.class || (row.classes || []).includes(numbers.class)) &&
    (!wanted.severity || severityOf(row) === wanted.severity) &&
    (!wanted.owner || (row.owners || []).includes(numbers.owner)) &&
    (!wanted.q || searched(row).includes(wanted.q.toLowerCase()));

  const slots = (node) => {
    const found = {};
    for (const each of node.querySelectorAll("[data-slot]")) found[each.dataset.slot] = each;
    return found;
  };
  const drop = (node, name) => {
    const block = node.querySelector('[data-block="' + name + '"]');
    if (block) block.remove();
  };
  const wordSaid = (word) =>
    word.said + (word.owner ? " of " + word.owner : "") + (word.until ? " until " + word.until : "") +
    (word.reason ? ": " + word.reason : "");

  const filled = (node, row) => {
    if (node.dataset.full) return;
    node.dataset.full = "1";
    const at = slots(node);
    at.at.textContent = row.at;
    at.link.href = "#finding-" + row.id;
    for (const name of ["news", "evidence"]) {
      if (row[name]) at[name].textContent = row[name]; else drop(node, name);
    }
    if (row.trail) at.trail.append(...stepItems(row.trail, row.more_steps)); else drop(node, "trail");
    if (row.see) at.see.append(...stepItems(row.see, row.more_see)); else drop(node, "see");
    if (row.pages !== undefined) at.pages.append(...pageItems(data.sets[row.pages], 500)); else drop(node, "pages");
    if (row.word !== undefined) at.word.textContent = wordSaid(data.words[row.word]); else drop(node, "word");
  };
  const findingNode = (row) => {
    const node = $("finding-pattern").content.firstElementChild.cloneNode(true);
    const at = slots(node);
    node.id = "finding-" + row.id;
    at.says.textContent = row.says;
    at.reach.textContent = row.pages === undefined ? "" : many(data.sets[row.pages].length, "page");
    node.addEventListener("toggle", () => { if (node.open) filled(node, row); });
    return node;
  };

  class List {
    constructor(root, own) {
      this.root = root;
      this.own = own;
      this.shown = new Map();
      this.all = false;
    }
    draw(numbers) {
      this.groups = new Map();
      this.fitting = 0;
      for (const row of this.own) {
        if (!fits(row, numbers)) continue;
        this.fitting += 1;
        if (!this.groups.has(row.code)) this.groups.set(row.code, []);
        this.groups.get(row.code).push(row);
      }
      const nodes = [], notes = [];
      for (const [code, found] of this.groups) {
        (data.rules[code].severity === "note" ? notes : nodes).push(this.group(code, found));
      }
      if (notes.length) nodes.push(this.notes(notes));
      if (!nodes.length) nodes.push(make("p", this.own.length ? "Nothing here fits what is chosen." : "Nothing is open."));
      this.root.replaceChildren(...nodes);
    }
    notes(groups) {
      const node = make("details", undefined, "notes"), head = make("summary"), sign = make("span", MARKS.note, "mark note");
      const number = [...this.groups].reduce((sum, [code, found]) => sum + (data.rules[code].severity === "note" ? found.length : 0), 0);
      sign.setAttribute("aria-hidden", "true");
      head.append(sign, " " + many(number, "note") + " for the inventory");
      node.open = keys.some((key) => wanted[key]) || groups.length === this.groups.size;
      node.append(head, ...groups);
      return node;
    }
    group(code, found) {
      const rule = data.rules[code];
      const node = $("group-pattern").content.firstElementChild.cloneNode(true);
      const at = slots(node);
      node.dataset.code = code;
      at.short.textContent = rule.short;
      const sign = make("span", MARKS[rule.severity], "mark " + rule.severity);
      sign.setAttribute("aria-hidden", "true");
      at.severity.append(sign, " " + rule.severity);
      at.rule.textContent = rule.name;
      at.rule.href = "#rule-" + code;
      at.rule.setAttribute("aria-describedby", "rule-why-" + code);
      const why = $("rule-why-" + code);
      at.why.textContent = why ? why.textContent : "";
      at.code.textContent = code;
      at.number.textContent = many(found.length, "finding");
      at.next.textContent = rule.next;
      const most = this.all ? PRINTED : Math.max(FIRST, this.shown.get(code) || 0);
      at.items.replaceChildren(...found.slice(0, most).map(findingNode));
      this.more(at.items, code, found);
      return node;
    }
    more(items, code, found) {
      const there = items.querySelectorAll(":scope > .finding").length;
      const rest = found.length - there;
      if (rest <= 0) return;
      if (this.all) {
        items.append(make("p", "and " + many(rest, "more finding") + ", which the page shows on a screen"));
        return;
      }
      const next = Math.min(rest, STEP);
      const button = make("button", "Show " + next + " more" + (next < rest ? " of " + rest : ""), "more");
      button.type = "button";
      button.addEventListener("click", () => {
        const fresh = found.slice(there, there + next).map(findingNode);
        button.remove();
        items.append(...fresh);
        this.shown.set(code, there + next);
        this.more(items, code, found);
        fresh[0].querySelector("summary").focus();
      });
      items.append(button);
    }
    reveal(row) {
      const found = this.groups.get(row.code) || [];
      const place = found.indexOf(row);
      if (place < 0) return false;
      if (place >= Math.max(FIRST, this.shown.get(row.code) || 0)) {
        this.shown.set(row.code, place + 1);
        this.root.querySelector('[data-code="' + row.code + '"]').replaceWith(this.group(row.code, found));
      }
      return true;
    }
  }

  const lists = [["open", (row) => row.word === undefined && !row.known], ["before", (row) => row.known], ["closed", (row) => row.word !== undefined]]
    .filter(([id]) => $(id)).map(([id, test]) => new List($(id), rows.filter(test)));

  // ------------------------------------------------------------ the rest of the page

  const items = [...document.querySelectorAll(".item")];
  const parts = [...document.querySelectorAll("[data-vendors]:not(.item), .matrix [data-classes]:not(.item)")];
  const KINDS = [["#vendors .item", "vendors"], [".band", "groups of pages"], [".flow", "ways of data"], [".tag", "tags"]];
  const has = (node, name, value, between) => {
    const own = node.dataset[name];
    return own === undefined || own.split(between).includes(value);
  };
  const wholeText = new WeakMap();
  const textOf = (node) => {
    if (!wholeText.has(node)) {
      let text = node.textContent;
      const more = node.querySelector("[data-set]");
      if (more) text += data.sets[more.dataset.set].map((number) => data.pages[number].slice(0, 2).join(" ")).join(" ");
      wholeText.set(node, text.toLowerCase());
    }
    return wholeText.get(node);
  };
  const itemFits = (node) =>
    (!wanted.vendor || has(node, "vendors", wanted.vendor, " ")) &&
    (!wanted.class || has(node, "classes", wanted.class, " ")) &&
    (!wanted.owner || has(node, "owners", wanted.owner, "|")) &&
    (!wanted.q || textOf(node).includes(wanted.q.toLowerCase()));

  const drawn = () => {
    const numbers = { vendor: indexOf("vendors", wanted.vendor), class: indexOf("classes", wanted.class), owner: data.owners.indexOf(wanted.owner) };
    for (const list of lists) list.draw(numbers);
    for (const node of items) node.classList.toggle("out", !itemFits(node));
    for (const node of parts) {
      const fit = node.dataset.vendors !== undefined
        ? !wanted.vendor || has(node, "vendors", wanted.vendor, " ")
        : !wanted.class || has(node, "classes", wanted.class, " ");
      node.classList.toggle("out", !fit);
    }
    for (const node of document.querySelectorAll(".trunk, .shelf")) {
      node.classList.toggle("out", !node.querySelector(".item:not(.out)"));
    }
    const active = keys.some((key) => wanted[key]);
    for (const node of document.querySelectorAll(".shelf:not(.out)")) if (active) node.open = true;
    $("clear").hidden = !active;
    say(active);
  };
  const say = (active) => {
    const found = lists.reduce((sum, list) => sum + list.fitting, 0);
    const words = [found + " of " + many(rows.length, "finding")];
    for (const [selector, word] of KINDS) {
      const all = document.querySelectorAll(selector);
      const left = [...all].filter((node) => !node.classList.contains("out")).length;
      if (all.length) words.push(left + " of " + all.length + " " + word);
    }
    $("said").textContent = active ? "Shown: " + words.join(", ") + "." : "";
  };

  // ------------------------------------------------------------ the address

  let anchor = "";
  const read = () => {
    const pieces = location.hash.slice(1).split("&").filter(Boolean);
    const given = {};
    anchor = "";
    for (const piece of pieces) {
      const [key, value] = piece.split("=");
      if (value === undefined) anchor = unescaped(key);
      else if (keys.includes(key)) given[key] = unescaped(value);
    }
    return given;
  };
  const unescaped = (text) => {
    try { return decodeURIComponent(text); } catch { return text; }
  };
  const write = () => {
    const pieces = anchor ? [encodeURIComponent(anchor)] : [];
    for (const key of keys) if (wanted[key]) pieces.push(key + "=" + encodeURIComponent(wanted[key]));
    const hash = pieces.length ? "#" + pieces.join("&") : location.pathname + location.search;
    try { history.replaceState(null, "", hash); } catch { /* a frame without an address of its own */ }
  };
  const shown = () => {
    for (const key of keys) {
      const field = $("filters").elements[key];
      field.value = wanted[key];
      if (field.value !== wanted[key]) wanted[key] = field.value;  // a name that this report does not have
    }
  };
  const aim = () => {
    for (const node of document.querySelectorAll(".aimed")) node.classList.remove("aimed");
    if (!anchor) return;
    const row = anchor.startsWith("finding-") ? byId.get(anchor.slice(8)) : undefined;
    if (row) {
      let list = lists.find((each) => each.reveal(row));
      if (!list) {
        for (const key of keys) wanted[key] = "";
        shown();
        drawn();
        write();
        list = lists.find((each) => each.reveal(row));
      }
    }
    const node = $(anchor);
    if (!node) return;
    for (let up = node; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    node.classList.remove("out");
    if (row) {
      filled(node, row);
      node.classList.add("aimed");
      node.querySelector("summary").focus({ preventScroll: true });
    } else if (node.tabIndex === -1 && node.hasAttribute("tabindex")) node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "start" });
  };
  const change = (given) => {
    for (const key of keys) wanted[key] = given[key] || "";
    shown();
    drawn();
    write();
  };

  const fill = (id, pairs) => {
    for (const [value, name] of pairs) {
      const option = make("option", name);
      option.value = value;
      $(id).append(option);
    }
  };
  fill("f-vendor", [...data.vendors].sort((a, b) => a[1].localeCompare(b[1])));
  fill("f-class", data.classes);
  fill("f-owner", [...data.owners].sort().map((name) => [name, name]));
  for (const id of ["f-class", "f-owner"]) {
    const empty = $(id).options.length < 2;
    $(id).hidden = empty;
    document.querySelector('label[for="' + id + '"]').hidden = empty;
  }
  const form = $("filters");
  form.hidden = false;
  if (!matchMedia("(min-width: 64rem)").matches) $("rail").open = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  const chosen = () => {
    anchor = anchor.startsWith("finding-") ? "" : anchor;
    change(Object.fromEntries(keys.map((key) => [key, form.elements[key].value])));
  };
  let waiting = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(chosen, event.target.name === "q" ? 150 : 0);
  });
  $("clear").addEventListener("click", () => { change({}); form.elements.vendor.focus(); });
  addEventListener("hashchange", () => {
    const given = read();
    if (Object.keys(given).length) { change(given); } else { write(); }
    aim();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    event.preventDefault();
    anchor = link.getAttribute("href").slice(1);
    if (link.dataset.severity) change({ ...wanted, severity: link.dataset.severity });
    else if (link.dataset.vendorLink) change({ ...wanted, vendor: link.dataset.vendorLink });
    if ($("sheet").open) $("sheet").close();
    const address = location.href;
    write();
    if (location.href !== address) { try { const now = location.hash; history.replaceState(null, "", address); history.pushState(null, "", now); } catch { /* as above */ } }
    aim();
  });

  // ------------------------------------------------------------ lists behind the numbers

  const sheet = $("sheet");
  const open = (title, nodes, back) => {
    $("sheet-title").textContent = title;
    $("sheet-body").replaceChildren(...nodes);
    sheet.showModal();
    $("sheet-title").focus();
    sheet.addEventListener("close", () => { if (back.isConnected) back.focus(); }, { once: true });
  };
  $("sheet-close").addEventListener("click", () => sheet.close());
  const inClass = (name) => {
    const number = indexOf("classes", name);
    return name === "elsewhere" ? (page) => !data.pages[page][2].length : (page) => data.pages[page][2].includes(number);
  };
  const listOf = (vendor, name) => {
    const test = inClass(name), number = indexOf("vendors", vendor), nodes = [];
    for (const each of data.running.filter((one) => one.vendor === number)) {
      const sure = data.sets[each.sure].filter(test), maybe = data.sets[each.maybe].filter(test);
      if (!sure.length && !maybe.length) continue;
      nodes.push(make("h3", each.name), make("p", each.where + (each.state ? ", " + each.state : ""), "aside"));
      const got = each.data.map(([category, said, surely, perhaps]) => [category, said, data.sets[surely].some(test), data.sets[perhaps].some(test)])
        .filter(([, , surely, perhaps]) => surely || perhaps);
      nodes.push(make("p", got.length ? "It is handed" : "Nothing was seen to be handed over beyond what it collects by itself.", got.length ? "label" : ""));
      if (got.length) {
        const list = make("ul");
        list.append(...got.slice(0, 60).map(([category, said, surely]) => {
          const item = make("li");
          if (category) item.append(make("b", category), ": ");
          item.append(said);
          if (!surely) item.append(" ", make("span", "maybe", "maybe"));
          return item;
        }));
        nodes.push(list);
      }
      for (const [words, own] of [["Pages", sure], ["Maybe, under a condition", maybe]]) {
        if (!own.length) continue;
        const list = make("ul", undefined, "pages");
        list.append(...pageItems(own, 500));
        nodes.push(make("p", words, "label"), list);
      }
    }
    const own = rows.filter((row) => row.vendor === number && (name === "elsewhere" ? !(row.classes || []).length : (row.classes || []).includes(indexOf("classes", name))));
    if (own.length) {
      const list = make("ul");
      list.append(...own.slice(0, 30).map((row) => {
        const item = make("li"), link = make("a", row.says);
        link.href = "#finding-" + row.id;
        item.append(MARKS[severityOf(row)] + " " + severityOf(row) + (row.word === undefined ? "" : ", accepted") + ": ", link);
        return item;
      }));
      nodes.push(make("h3", many(own.length, "finding")), list);
    }
    return nodes;
  };
  for (const cell of document.querySelectorAll(".matrix td[data-vendor]")) {
    const button = make("button");
    button.type = "button";
    button.append(...cell.childNodes);
    cell.append(button);
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".matrix td button");
    if (!button) return;
    const cell = button.parentElement, line = cell.parentElement;
    const head = line.closest("table").tHead.rows[0].cells[cell.cellIndex].firstElementChild.textContent;
    open(line.firstElementChild.textContent + ": " + head, listOf(cell.dataset.vendor, cell.dataset.classes), button);
  });
  for (const node of document.querySelectorAll(".more-pages")) {
    node.addEventListener("toggle", () => {
      if (node.open) node.querySelector("ul").replaceChildren(...pageItems(data.sets[node.dataset.set], 3000));
    }, { once: true });
  }
  for (const node of document.querySelectorAll(".scripted")) node.hidden = false;
  for (const node of document.querySelectorAll(".unscripted")) node.hidden = true;

  // ------------------------------------------------------------ keys and paper

  addEventListener("keydown", (event) => { if (event.key === "Escape") document.body.classList.add("hush"); });
  for (const name of ["focusin", "mouseover"]) addEventListener(name, () => document.body.classList.remove("hush"));
  let opened = [];
  addEventListener("beforeprint", () => {
    for (const list of lists) { list.all = true; }
    drawn();
    for (const node of document.querySelectorAll(".finding")) filled(node, byId.get(node.id.slice(8)));
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const node of opened) node.open = true;
  });
  addEventListener("afterprint", () => {
    for (const node of opened) node.open = false;
    for (const list of lists) { list.all = false; }
    drawn();
  });

  change(read());
  if (anchor) {
    aim();
    addEventListener("load", () => setTimeout(aim));  // once the browser has gone to the address itself
  }
})();
