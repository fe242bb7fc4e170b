import { PIXEL } from "./ids.js";

export const setUp = () => {
  fbq("init", PIXEL);
  fbq("track", "PageView");
};

export function track(name, details = {}) {
  window.dataLayer.push({ event: name, site: "clinic", ...details });
}
