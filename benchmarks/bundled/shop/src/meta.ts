import { Accounts } from "./kinds";
const call = (...args: unknown[]) => (window as any).fbq(...args);
export default {
  setup: () => call("init", Accounts.pixel),
  search: (words: string) => call("track", "Search", { search_string: words }),
};
