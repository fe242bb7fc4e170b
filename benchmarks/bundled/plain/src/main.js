import * as analytics from "./analytics.js";

analytics.start();
new Image().src = "https://px.ads.linkedin.com/collect/?pid=424242&fmt=gif&path=" + location.pathname;

document.getElementById("visit").addEventListener("submit", (event) => {
  event.preventDefault();
  const mail = document.getElementById("mail").value;
  const reason = document.querySelector("#why").value;
  analytics.asked(mail, reason);
  analytics.told(mail).catch(() => undefined);
});

if (new URLSearchParams(location.search).get("utm_source") === "mail") {
  window.clarity("set", "source", "mail");
}
import("./later.js").then(({ chat }) => chat());
