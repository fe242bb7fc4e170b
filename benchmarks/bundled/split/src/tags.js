import { HOSTS, path, pixel } from "./hosts.js";
import { script, image } from "./dom.js";

const load = (host, rest) => script(path(HOSTS[host], rest));
export const google = (id) => load("google", "gtag/js?id=" + id);
export const meta = () => load("meta", "en_US/fbevents.js");
export const tiktok = (code) => script(`${HOSTS.tiktok}/i18n/pixel/events.js?sdkid=${code}&lib=ttq`);
export const seen = (id, event) => image(pixel(id, event));
