import { emit } from "./emit.js";

export const track = (name, data) => emit({ name, data });
export const identify = (who) => emit({ name: "identify", data: { email: who } });
