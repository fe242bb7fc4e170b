import ids, { MEASUREMENT, PIXEL, CONTAINER } from "./ids.js";

export const settings = {
  ...ids,
  measurement: MEASUREMENT,
  pixel: PIXEL,
  container: CONTAINER,
  hosts: { tags: ["https://www.google", "tagmanager.com"].join("") },
};
export const endpoint = (path) => `https://api.segment.io/v1/${path}`;
