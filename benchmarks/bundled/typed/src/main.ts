import { Tracker } from "./tracker";

const tracker = Tracker.get();
tracker.start();
const field = document.querySelector<HTMLInputElement>("#phone")!;
document.getElementById("refill")!.addEventListener("submit", async () => {
  tracker.refilled({ medication: (document.getElementById("drug") as HTMLInputElement).value, phone: field.value });
  window.gtag("set", "user_data", { phone_number: field.value });
  await tracker.called();
});
