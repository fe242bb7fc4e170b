import { settings, endpoint } from "./config.js";
import { addScript } from "./loader.js";

window.dataLayer = window.dataLayer || [];
export function gtag() {
  window.dataLayer.push(arguments);
}

export function start() {
  addScript(settings.hosts.tags + "/gtag/js?id=" + settings.measurement);
  gtag("js", new Date());
  gtag("config", settings.measurement, { send_page_view: false, page_path: location.pathname });
  window.fbq?.("init", settings.pixel);
  window.fbq?.("track", "PageView");
  (function (w, d, s, l, i) {
    w[l] = w[l] || [];
    w[l].push({ "gtm.start": new Date().getTime(), event: "gtm.js" });
    const first = d.getElementsByTagName(s)[0];
    const element = d.createElement(s);
    element.async = true;
    element.src = "https://www.googletagmanager.com/gtm.js?id=" + i;
    first.parentNode.insertBefore(element, first);
  })(window, document, "script", "dataLayer", settings.container);
  window._hjSettings = { hjid: settings.hotjar, hjsv: settings.version };
}

export function asked(mail, reason) {
  window.dataLayer.push({ event: "visit_requested", user_email: mail, reason });
  gtag("event", "generate_lead", { campaign: settings.campaign, visit_reason: reason });
  window.fbq("track", "Lead", { content_name: document.title, ...{ currency: "EUR" } });
}

export async function told(mail) {
  const body = { event: "Visit Requested", properties: { email: mail } };
  const answer = await fetch(endpoint("track"), { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) {
    navigator.sendBeacon("https://www.facebook.com/tr?id=481516234200815&ev=Failed");
  }
}
