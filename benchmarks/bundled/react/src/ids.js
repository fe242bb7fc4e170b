export const PIXEL = "162342481516008";
export const EVENTS = { search: "provider_search", pick: "provider_picked" };
