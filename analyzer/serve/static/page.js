// The few things that a page without a script cannot do: dropping files, and progress that moves.
"use strict";

document.documentElement.classList.add("scripted");

const byId = (id) => document.getElementById(id);

const KINDS = [
  [/\.json$|\.js$|\.ya?ml$/i, "Tag Manager export"],
  [/\.zip$/i, "zipped website"],
  [/\.toml$/i, "settings"],
  [/\.txt$|\.csv$|\.xml$|\.xml\.gz$/i, "list of pages"],
];
const MB = 1024 * 1024;
const EVERY = 500; // milliseconds between two questions about progress
const SPOKEN = 10000; // and between two sentences for those who listen

const giving = document.querySelector(".give");
if (giving) give(giving);
const progress = byId("progress");
if (progress) follow(progress);
const trouble = byId("trouble");
if (trouble) trouble.focus();

function give(form) {
  const input = byId("files");
  const drop = byId("drop");
  const go = byId("go");
  let chosen = [];

  const show = () => {
    const list = byId("chosen");
    list.replaceChildren(...chosen.map(line));
    byId("chosen-head").hidden = chosen.length === 0;
    drop.classList.toggle("full", chosen.length > 0);
    byId("drop-words").textContent = chosen.length ? "Drop more files here" : "Drop files here";
    byId("choose").textContent = chosen.length ? "Choose more files" : "Choose files";
    byId("choose").className = chosen.length ? "button" : "primary";
    byId("going").hidden = chosen.length === 0;
    const held = new DataTransfer();
    chosen.forEach((file) => held.items.add(file));
    input.files = held.files;
    const wrong = problem(form, chosen);
    byId("problem").textContent = wrong;
    byId("problem").hidden = !wrong;
    go.disabled = chosen.length === 0 || wrong !== "";
    const exports = chosen.filter((file) => kind(file.name) === KINDS[0][1]).length;
    go.textContent = exports === 2 ? "Compare and look for trackers" : "Look for trackers";
  };

  const line = (file) => {
    const item = document.createElement("li");
    const name = document.createElement("strong");
    name.textContent = file.name;
    const what = document.createElement("span");
    what.className = "what";
    what.textContent = `${kind(file.name)}, ${size(file.size)}`;
    const off = document.createElement("button");
    off.type = "button";
    off.textContent = "Leave out";
    off.setAttribute("aria-label", `Leave out ${file.name}`);
    off.addEventListener("click", () => {
      chosen = chosen.filter((each) => each !== file);
      show();
      heard(`${file.name} is left out`);
      input.focus();
    });
    item.append(name, what, off);
    return item;
  };

  const add = (files) => {
    const known = new Set(chosen.map((file) => `${file.name}/${file.size}/${file.lastModified}`));
    const more = [...files].filter((file) => !known.has(`${file.name}/${file.size}/${file.lastModified}`));
    chosen = [...chosen, ...more];
    show();
    if (more.length) heard(`Chosen: ${more.map((file) => file.name).join(", ")}`);
  };

  input.addEventListener("change", () => add(input.files));
  for (const name of ["dragenter", "dragover"]) {
    window.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  window.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.classList.remove("over");
  });
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const items = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.());
    if (items.some((item) => item && item.isDirectory)) {
      byId("problem").textContent = "That is a folder. Make a zip of it first: a right click on the folder offers that.";
      byId("problem").hidden = false;
      return;
    }
    add(event.dataTransfer.files);
  });
  form.addEventListener("submit", () => {
    go.textContent = "Sending the files …";
    setTimeout(() => { go.disabled = true; });
    heard("Sending the files");
  });
  window.addEventListener("pageshow", show);
  if (input.files.length) add(input.files);
  show();
}

function problem(form, files) {
  const { largest, together, most } = form.dataset;
  const large = files.find((file) => file.size > Number(largest));
  if (large) return `${large.name} is larger than ${Math.floor(largest / MB)} MB. Leave out films and pictures.`;
  if (files.reduce((sum, file) => sum + file.size, 0) > Number(together)) {
    return `These files are more than ${Math.floor(together / MB)} MB together. Check them one after the other.`;
  }
  if (files.length > Number(most)) return `These are more than ${most} files. Put the site’s folder into one zip.`;
  return "";
}

function kind(name) {
  const found = KINDS.find(([pattern]) => pattern.test(name));
  return found ? found[1] : "a kind of file that may not be readable here";
}

function size(bytes) {
  return bytes < MB / 10 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / MB).toFixed(1)} MB`;
}

function heard(words) {
  byId("heard").textContent = words;
}

function follow(element) {
  const bar = byId("bar");
  let spoken = 0;
  let phase = "";

  const ask = async () => {
    let told;
    try {
      const answer = await fetch(element.dataset.progress, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      told = await answer.json();
    } catch {
      byId("words").textContent = "trackerlint does not answer any more: was it ended in its terminal window?";
      bar.hidden = true;
      setTimeout(ask, 4 * EVERY);
      return;
    }
    if (told.over) {
      location.reload();
      return;
    }
    bar.hidden = false;
    byId("words").textContent = told.words;
    byId("slow").hidden = !told.slow;
    if (told.total) {
      bar.max = told.total;
      bar.value = told.done;
    } else {
      bar.removeAttribute("value");
    }
    const now = told.words.split(":")[0];
    if (now !== phase || Date.now() - spoken > SPOKEN) {
      phase = now;
      spoken = Date.now();
      heard(told.words);
    }
    setTimeout(ask, EVERY);
  };
  ask();
}
