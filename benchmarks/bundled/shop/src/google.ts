import { Accounts, CONVERSIONS, Events, Goals } from "./kinds";

declare const gtag: (...args: unknown[]) => void;
export function setup(): void {
  gtag("js", new Date());
  gtag("config", Accounts.ga, { anonymize_ip: true, allow_google_signals: false });
}
export function event(name: Events, params: Record<string, unknown> = {}): void {
  gtag("event", name, { ...params, site: "shop" });
}
export const convert = (goal: Goals, value = 1) =>
  gtag("event", "conversion", { send_to: CONVERSIONS[goal], value });
