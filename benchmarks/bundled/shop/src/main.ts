import { setup, event, convert, meta, env, Events, Goals } from ".";

setup();
meta.setup();
(window as any).clarity("start", env.clarity);
(window as any)._hjSettings = { hjid: 3141592, hjsv: 6 };

const form = document.querySelector<HTMLFormElement>("#search")!;
form.onsubmit = (e: SubmitEvent) => {
  const data = new FormData(e.target as HTMLFormElement);
  const specialty = data.get("specialty") as string;
  event(Events.Search, { specialty, zip: data.get("zip") });
  meta.search(specialty);
};
document.querySelector("#book")?.addEventListener("click", () => convert(Goals.Booked));
