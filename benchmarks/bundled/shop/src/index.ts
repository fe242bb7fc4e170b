export * from "./google";
export * as env from "./env";
export { default as meta } from "./meta";
export { Events, Goals } from "./kinds";
