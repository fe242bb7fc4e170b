import { google, meta, tiktok, seen } from "./tags.js";
import { track, identify } from "./bus.js";

const IDS = { google: "G-SPLIT12345", meta: "330011223344556", tiktok: "C9SPLITSPLITSPLIT00" };
google(IDS.google);
meta();
tiktok(IDS.tiktok);
window.fbq("init", IDS.meta);
seen(IDS.meta, "PageView");

document.querySelector("#go").onclick = () => {
  track("Symptom Checked", { symptom: document.querySelector("#symptom").value });
  identify(document.querySelector("#mail").value);
};
